import { Connection } from '@temporalio/client';
import type { Config } from '../config/index.ts';
import { SetupError, waitUntil } from './processes.ts';

/** Connects to the engine, which may be coming up, within `client.connectTimeoutMs`. Fails `SetupError` naming the address. */
export async function connectWithPatience({
  connection: options,
  engine,
}: Config): Promise<Connection> {
  let connection: Connection | undefined;
  let last = '';
  await waitUntil(async () => {
    connection = await Connection.connect({ ...options, connectTimeout: 2000 }).catch(
      (error: Error) => {
        last = error.message;
        return undefined;
      },
    );
    return connection !== undefined;
  }, engine.client.connectTimeoutMs);
  if (connection) return connection;
  throw new SetupError(`No Temporal server at ${options.address} (TEMPORAL_ADDRESS): ${last}`);
}
