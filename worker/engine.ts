import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { type Config, ConfigError } from '../config/index.ts';
import { searchAttributes } from '../workflows/wire.ts';

/** Connects to the engine, trying again until `client.connectTimeoutMs` has passed. Fails with the last error. */
export async function connectEngine(
  config: Pick<Config, 'connection' | 'engine'>,
  onRetry: (error: unknown) => void,
): Promise<NativeConnection> {
  const end = Date.now() + config.engine.client.connectTimeoutMs;
  for (;;) {
    try {
      return await NativeConnection.connect(config.connection);
    } catch (error) {
      if (Date.now() > end) throw error;
      onRetry(error);
      await delay(1000);
    }
  }
}

/** Refuses a namespace that lacks one of our search attributes: a case that sets it would never move. Fails `ConfigError`. */
export async function requireSearchAttributes(
  connection: NativeConnection,
  { namespace }: Pick<Config, 'namespace'>,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const names = Object.values(searchAttributes).map(({ name }) => name);
  const missing = names.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  throw new ConfigError(
    `Namespace ${namespace} lacks ${missing.join(', ')}: run "npm run temporal:apply".`,
  );
}
