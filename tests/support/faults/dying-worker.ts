/** A worker process to be killed: it carries out the effect that it is told to die of, and never answers.
 *  `node dying-worker.ts <database URL> <Temporal address> <namespace> <workflow bundle>` */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities } from '../../../activities/index.ts';
import { loadConfig, processEnvironment } from '../../../config/index.ts';
import { connect } from '../../../db/connect.ts';
import { createCaseStarter } from '../../../services/cases/index.ts';
import { createActivityDeps } from '../../../worker/compose.ts';
import { runWorkers } from '../../../worker/workers.ts';
import { aroundAll } from './lossy.ts';

const [databaseUrl = '', address = '', namespace = '', codePath = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const { engine } = loadConfig(processEnvironment());
const client = new Client({ connection: await Connection.connect({ address }), namespace });
const sql = connect(databaseUrl, { max: 10 });
const starter = createCaseStarter(client, { taskQueue: engine.taskQueues.workflows });

/** The effect that each case's worker dies of. */
const deadly = new Map<string, string>();
const caseOf = ({ caseNumber, effectKey }: Record<string, unknown>) =>
  String(caseNumber ?? effectKey).split('/')[0] ?? '';
const tell = (done: object) => process.send?.(done);

const deps = aroundAll(createActivityDeps(sql, starter), async (effect, request, call) => {
  const answer = await call(request);
  const caseNumber = caseOf(request);
  tell({ caseNumber, effect });
  // done, and never heard of: nothing comes back before the process is killed
  if (deadly.get(caseNumber) === effect) await new Promise(() => undefined);
  return answer;
});

process.on('message', (victim: { caseNumber: string; effect: string }) => {
  deadly.set(victim.caseNumber, victim.effect);
  tell({ armed: victim.caseNumber });
});
process.on('disconnect', () => process.exit());
const connection = await NativeConnection.connect({ address });
const activities = createActivities(deps);
// what is never answered takes up a place until the end, and so does each of its later attempts
const many = { ...engine, worker: { ...engine.worker, maxConcurrentActivities: 2_000 } };
const workers = { connection, namespace, activities, workflowBundle: { codePath } };
await runWorkers({ ...workers, engine: many });
tell({ armed: 'ready' });
