/** The worker process: runs cases and calls services. Any number of them may run side by side. */

import { Client } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { createActivities } from '../activities/index.ts';
import { loadConfig, processEnvironment, requireDatabaseUrl } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { buildIdOf } from '../config/versions.ts';
import { connect } from '../db/connect.ts';
import { createCaseStarter } from '../services/cases/index.ts';
import { createChannels } from '../services/notification/channels.ts';
import { bundleWorkflows } from './bundle.ts';
import { createActivityDeps } from './compose.ts';
import { startDeliveries } from './deliveries.ts';
import { connectEngine, requireSearchAttributes } from './engine.ts';
import { routeSdkLogs } from './logging.ts';
import { runWorkers } from './workers.ts';

await runMain(main);

async function main(): Promise<void> {
  const config = loadConfig(processEnvironment());
  const log = pino({ level: config.logLevel, name: 'worker' });
  routeSdkLogs(log);
  const databaseUrl = requireDatabaseUrl(config);
  const connection = await connectEngine(config, (error) =>
    log.warn({ err: error }, 'engine not reachable yet'),
  );
  await requireSearchAttributes(connection, config);
  const sql = connect(databaseUrl, { max: config.engine.worker.databaseConnections });
  const client = new Client({ connection, namespace: config.namespace });
  const starter = createCaseStarter(client, { taskQueue: config.engine.taskQueues.workflows });
  const channels = createChannels(sql, config.messages, databaseUrl);
  const workers = await runWorkers({
    connection,
    namespace: config.namespace,
    engine: config.engine,
    activities: createActivities(
      createActivityDeps(sql, starter, {
        partners: config.partners.services,
        channels,
        // nobody waits at the telephone for these: half the room is kept for people
        opening: { mostStanding: Math.floor(config.openings.standing / 2) },
        kitMissed: (failure) =>
          log.warn(failure, 'the parts partner tells no kit: a case opens with ours'),
      }),
    ),
    workflowBundle: await bundleWorkflows(),
    buildId: config.versions.versioning === 'on' ? buildIdOf(config.versions) : undefined,
    holdPatches: config.versions.patches === 'held',
  });
  const deliveries = startDeliveries(sql, { messages: config.messages, channels, log });
  log.info({ namespace: config.namespace, taskQueues: config.engine.taskQueues }, 'worker ready');

  const { shutdownGraceMs, shutdownForceMs } = config.engine.worker;
  closeWithGrace({ delay: shutdownGraceMs + shutdownForceMs, logger: log }, async ({ err }) => {
    if (err) log.error({ err }, 'worker failed');
    await Promise.all([workers.stop(), deliveries.stop()]);
    await connection.close();
    await sql.end({ timeout: 5 });
  });
  await workers.done;
}
