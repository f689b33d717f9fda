/** The product on the time-skipping server: days pass at once, for one test at a time. */

import proto from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { inject } from 'vitest';
import { createActivities } from '../../../activities/index.ts';
import { loadConfig } from '../../../config/index.ts';
import { connect } from '../../../db/connect.ts';
import { createCaseStarter } from '../../../services/cases/index.ts';
import type { Partners } from '../../../services/partner/choose.ts';
import { createActivityDeps } from '../../../worker/compose.ts';
import { runWorkers } from '../../../worker/workers.ts';
import { searchAttributes } from '../../../workflows/wire.ts';
import { createDatabase } from '../database.ts';
import { startTimeSkipping } from '../time-skipping.ts';
import type { World } from '../world.ts';

export interface SkippingWorld {
  world: World;
  /** Lets so much time pass: `30d`. */
  pass: TestWorkflowEnvironment['sleep'];
  nowMs(): Promise<number>;
  /** This server's clock stands still after a child has ended whose parent had ended before: sets it going again. */
  orphanEnded(): Promise<unknown>;
}

/** Starts one: a server whose clock begins at the present, with a database of its own. */
export async function startSkippingWorld(partners: Partners = {}): Promise<SkippingWorld> {
  if (!Runtime._instance)
    Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const environment = await startTimeSkipping();
  await defineAttributes(environment);
  const database = await createDatabase();
  const sql = connect(database.url, { max: 10 });
  const { engine } = loadConfig({});
  const deps = createActivityDeps(
    sql,
    createCaseStarter(environment.client, { taskQueue: engine.taskQueues.workflows }),
    { partners },
  );
  const namespace = environment.namespace ?? 'default';
  const run = () =>
    runWorkers({
      connection: environment.nativeConnection,
      namespace,
      engine,
      activities: createActivities(deps),
      workflowBundle: { codePath: inject('workflowBundle') },
    });
  let running = await run();
  const { client, connection } = environment;
  return {
    pass: (time) => environment.sleep(time),
    nowMs: () => environment.currentTimeMs(),
    orphanEnded: () =>
      environment.connection.testService?.unlockTimeSkipping({}) ?? Promise.resolve(),
    world: {
      databaseUrl: database.url,
      sql,
      client,
      connection,
      namespace,
      engine,
      deps,
      workers: {
        start: async () => {
          running = await run();
        },
        stop: () => running.stop(),
      },
      async close() {
        await running.stop();
        await environment.teardown();
        await sql.end({ timeout: 5 });
        await database.drop();
      },
    },
  };
}

/** The server knows no search attributes of its own, and no namespaces to apply. */
async function defineAttributes({ connection, namespace }: TestWorkflowEnvironment): Promise<void> {
  const kinds = proto.temporal.api.enums.v1.IndexedValueType;
  const types = {
    KEYWORD: kinds.INDEXED_VALUE_TYPE_KEYWORD,
    INT: kinds.INDEXED_VALUE_TYPE_INT,
  };
  await connection.operatorService.addSearchAttributes({
    namespace: namespace ?? 'default',
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map(({ name, type }) => [name, types[type]]),
    ),
  });
}
