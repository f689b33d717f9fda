import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { inject } from 'vitest';
import { type ActivityDeps, createActivities } from '../../activities/index.ts';
import { type EngineSettings, loadConfig, processEnvironment } from '../../config/index.ts';
import { connect, type Sql } from '../../db/connect.ts';
import { createCaseStarter } from '../../services/cases/index.ts';
import type { Partners } from '../../services/partner/choose.ts';
import { applyNamespace } from '../../setup/namespace.ts';
import { createActivityDeps } from '../../worker/compose.ts';
import { type RunningWorkers, runWorkers } from '../../worker/workers.ts';
import { createDatabase } from './database.ts';

/** The product on a real PostgreSQL and a real Temporal server, with a database and a namespace of its own. */
export interface World {
  databaseUrl: string;
  /** The product's own kind of client, for its stores and for looking. */
  sql: Sql;
  client: Client;
  connection: Connection;
  namespace: string;
  engine: EngineSettings;
  /** The services and stores that the activities call. */
  deps: ActivityDeps;
  workers: {
    /** On another build than the product's, when one is given. */
    start(build?: { code: string }): Promise<void>;
    /** Lets them finish what is under way. */
    stop(): Promise<void>;
  };
  close(): Promise<void>;
}

/** How a world differs from the product. */
export interface WorldOptions {
  /** False: no worker until `workers.start()`. */
  workers?: boolean;
  /** Puts something between the activities and their services: a lost reply, an outage, a record of calls. */
  wrap?: (deps: ActivityDeps) => ActivityDeps;
  /** Services that are a partner's. */
  partners?: Partners;
  /** Other limits and time-outs than temporal.yaml's. */
  worker?: Partial<EngineSettings['worker']>;
}

/** Starts a world for a test file: `const world = await startWorld()` in `beforeAll`, `await world.close()` in `afterAll`. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  quietSdk();
  const { engine: settings, connection: access } = loadConfig(processEnvironment());
  const engine = { ...settings, worker: { ...settings.worker, ...options.worker } };
  const namespace = `test-${randomUUID()}`;
  const server = { ...access, address: inject('temporalAddress') };
  const [database, connection, native] = await Promise.all([
    createDatabase(),
    Connection.connect(server),
    NativeConnection.connect(server),
  ]);
  await applyNamespace(connection, { ...engine, namespace });
  const sql = connect(database.url, { max: 10 });
  const client = new Client({ connection, namespace });
  const starter = createCaseStarter(client, {
    taskQueue: engine.taskQueues.workflows,
    deadlineMs: 20_000,
  });
  const deps = (options.wrap ?? ((same) => same))(
    createActivityDeps(sql, starter, { partners: options.partners ?? {} }),
  );
  const workers = createWorkers((build) =>
    runWorkers({
      connection: native,
      namespace,
      engine,
      activities: createActivities(deps),
      workflowBundle: build ?? { codePath: inject('workflowBundle') },
    }),
  );
  if (options.workers !== false) await workers.start();
  const close = async () => {
    await workers.stop();
    await native.close();
    await connection.close();
    await sql.end({ timeout: 5 });
    await database.drop();
  };
  return {
    databaseUrl: database.url,
    sql,
    client,
    connection,
    namespace,
    engine,
    deps,
    workers,
    close,
  };
}

function createWorkers(
  run: (build?: { code: string }) => Promise<RunningWorkers>,
): World['workers'] {
  let running: RunningWorkers | null = null;
  return {
    async start(build) {
      running ??= await run(build);
    },
    async stop() {
      await running?.stop();
      running = null;
    },
  };
}

/** Warnings and errors only: what a test provokes on purpose would bury the rest. */
export function quietSdk(): void {
  if (Runtime._instance) return;
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
}
