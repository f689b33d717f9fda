/** The twin's worker, in a process of its own as the product's is, within the same limits. Started by `twin.ts`; ends with whoever started it. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadConfig, processEnvironment, requireDatabaseUrl } from '../config/index.ts';
import { connect } from '../db/connect.ts';
import { createTwinActivities } from './twin-activities.ts';

const [taskQueue = ''] = process.argv.slice(2);
const config = loadConfig(processEnvironment());
const limits = config.engine.worker;
Runtime.install({ logger: new DefaultLogger('WARN') });
const sql = connect(requireDatabaseUrl(config), {
  max: limits.databaseConnections,
  applicationName: 'afterloop-twin',
});
const connection = await NativeConnection.connect(config.connection);
const worker = await Worker.create({
  connection,
  namespace: config.namespace,
  taskQueue,
  workflowsPath: `${import.meta.dirname}/twin-workflow.ts`,
  activities: createTwinActivities(sql),
  stickyQueueScheduleToStartTimeout: limits.stickyScheduleToStartMs,
  maxCachedWorkflows: limits.maxCachedWorkflows,
  maxConcurrentWorkflowTaskExecutions: limits.maxConcurrentWorkflowTasks,
  maxConcurrentActivityTaskExecutions: limits.maxConcurrentActivities,
});
process.once('disconnect', () => {
  if (worker.getState() === 'RUNNING') worker.shutdown();
});
process.send?.('ready');
await worker.run();
await connection.close();
await sql.end({ timeout: 5 });
