/** Worker versions: cases stand still while no running build is current, and readiness says so. */
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { makeCurrent } from '../../setup/versions/deployment.ts';
import { type RunningWorkers, runWorkers } from '../../worker/workers.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile({ workers: false });
let connection: NativeConnection;
let workers: RunningWorkers;
beforeAll(async () => {
  const { namespace, engine, deps } = door.world;
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  workers = await runWorkers({
    connection,
    namespace,
    engine,
    activities: createActivities(deps),
    workflowBundle: { codePath: inject('workflowBundle') },
    buildId: 'new',
  });
});
afterAll(async () => {
  await workers?.stop();
  await connection?.close();
});

test('the door is ready once a running build is current, not before', async () => {
  const { namespace, engine, connection: client } = door.world;
  const { taskQueues } = engine;
  const pollers = Object.fromEntries(Object.values(taskQueues).map((queue) => [queue, true]));
  const ready = () => door.call('GET', '/readyz', 'auditor');
  const within = { timeout: 20_000 };
  const standing = { database: true, engine: true, pollers };
  await expect
    .poll(ready, within)
    .toMatchObject({ status: 503, body: { checks: { ...standing, currentBuild: false } } });
  const place = { connection: client, namespace, taskQueue: taskQueues.workflows };
  await makeCurrent({ ...place, identity: 'a test', patienceMs: 20_000 }, 'new');
  await expect
    .poll(ready, within)
    .toMatchObject({ status: 200, body: { ...standing, ready: true, currentBuild: true } });
});
