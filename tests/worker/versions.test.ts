/** Two builds side by side on a real engine: a share, back, current, then the patches. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type WorkflowHandle, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { processEnvironment } from '../../config/index.ts';
import { back, makeCurrent, type Place, ramp } from '../../setup/versions/deployment.ts';
import { readBuilds } from '../../setup/versions/status.ts';
import { type RunningWorkers, runWorkers } from '../../worker/workers.ts';
import { goOn } from '../support/worker/errand.ts';
import { startWorld, type World } from '../support/world.ts';

const { VERSIONING_BEHAVIOR_PINNED } = proto.temporal.api.enums.v1.VersioningBehavior;
let world: World;
let connection: NativeConnection;
let bundles: Record<'v1' | 'v2', { code: string } | { codePath: string }>;
let place: Place;
const running: Partial<Record<'v1' | 'v2', RunningWorkers>> = {};
beforeAll(async () => {
  world = await startWorld({ workers: false });
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  bundles = { v1: await bundleOf('errand.ts'), v2: await bundleOf('errand-with-photo.ts') };
  place = {
    connection: world.connection,
    namespace: world.namespace,
    taskQueue: world.engine.taskQueues.workflows,
    identity: 'a test',
    patienceMs: 20_000,
  };
});
afterAll(async () => {
  await Promise.all([stop('v1'), stop('v2')]);
  await connection?.close();
  await world?.close();
});

const bundleOf = (file: string) =>
  bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '../support/worker', file),
    logger: new DefaultLogger('ERROR'),
  });

async function start(buildId: 'v1' | 'v2', holdPatches = false): Promise<void> {
  const { namespace, engine, deps } = world;
  const activities = createActivities(deps);
  const workflowBundle = bundles[buildId];
  const options = { connection, namespace, engine, activities, workflowBundle };
  running[buildId] = await runWorkers({ ...options, buildId, holdPatches });
}

async function stop(buildId: 'v1' | 'v2'): Promise<void> {
  await running[buildId]?.stop();
}

type Errand = WorkflowHandle<() => Promise<string[]>>;

const open = (count: number): Promise<Errand[]> =>
  Promise.all(
    Array.from({ length: count }, () =>
      world.client.workflow.start<() => Promise<string[]>>('errand', {
        taskQueue: world.engine.taskQueues.workflows,
        workflowId: randomUUID(),
        workflowTaskTimeout: 2_000, // a case that is stuck is tried again soon
      }),
    ),
  );

/** Each goes on; on which builds. */
const allGoOn = (errands: Errand[], withinMs = 20_000): Promise<string[]> =>
  world.client.withDeadline(Date.now() + withinMs, () =>
    Promise.all(errands.map((errand) => errand.executeUpdate(goOn))),
  );

const endings = (errands: Errand[]) => Promise.all(errands.map((errand) => errand.result()));
const all = <T>(errands: Errand[], value: T): T[] => errands.map(() => value);

let old: Errand[];
let shared: Errand[];
let later: Errand[];

test('a build that has just started becomes current, and takes all cases', async () => {
  expect(await readBuilds(place)).toMatchObject([{ buildId: '', state: 'current', share: 100 }]);
  await start('v1');
  await makeCurrent(place, 'v1');
  old = await open(3);
  expect(await readBuilds(place)).toMatchObject([
    { buildId: 'v1', state: 'current', share: 100, workers: 1 },
    { buildId: '', state: 'inactive', share: 0, workers: 0 },
  ]);
});

test('a share of new cases runs on the new build, whose patches are held back', async () => {
  await start('v2', true);
  await ramp(place, 'v2', 50);
  shared = await open(24);
  const builds = await allGoOn([...shared, ...old]);
  expect(new Set(builds)).toEqual(new Set(['v1', 'v2']));
  expect(await readBuilds(place)).toMatchObject([
    { buildId: 'v2', state: 'ramping', share: 50, workers: 1 },
    { buildId: 'v1', state: 'current', share: 50, workers: 1 },
    { buildId: '' },
  ]);
});

test('back: every case goes on on the old build, those of the new one too', async () => {
  await back(place);
  later = await open(5);
  expect(await allGoOn(later)).toEqual(all(later, 'v1'));
  const errands = [...shared, ...old];
  expect(await allGoOn(errands)).toEqual(all(errands, 'v1'));
  expect(await endings(errands)).toEqual(all(errands, ['visit', 'sign']));
});

test('current, then patches on: new cases take the step, cases that passed it do not', async () => {
  const waiting = await open(2);
  await makeCurrent(place, 'v2');
  await stop('v2');
  await start('v2');
  expect(await allGoOn(later)).toEqual(all(later, 'v2'));
  expect(await endings(later)).toEqual(all(later, ['visit', 'sign']));
  const errands = [...waiting, ...(await open(3))];
  await allGoOn(errands);
  expect(await allGoOn(errands)).toEqual(all(errands, 'v2'));
  expect(await endings(errands)).toEqual(all(errands, ['photo', 'visit', 'sign']));
});

test('a case that took the step is stuck on the old build, and freed by the new one', async () => {
  const errands = await open(1);
  await allGoOn(errands);
  await makeCurrent(place, 'v1');
  await expect(allGoOn(errands, 2_000)).rejects.toThrow(WorkflowUpdateRPCTimeoutOrCancelledError);
  await makeCurrent(place, 'v2');
  expect(await endings(errands)).toEqual([['photo', 'visit', 'sign']]);
});

test('a build without workers gets no cases, and what the engine refuses is said', async () => {
  const impatient = { ...place, patienceMs: 300 };
  const said = 'No worker of build nobody is running';
  await expect(ramp(impatient, 'nobody', 10)).rejects.toThrow(said);
  await expect(makeCurrent(impatient, 'nobody')).rejects.toThrow(said);
  await expect(ramp(impatient, 'v2', 10)).rejects.toThrow('afterloop.v2 is already current');
  const nowhere = { ...place, namespace: 'nowhere' };
  await expect(ramp(nowhere, 'v2', 10)).rejects.toThrow('Namespace nowhere is not found');
  await back(place); // nothing is shared: harmless
});

test('npm run versions says who gets new cases, and changes it', () => {
  expect(run('ramp', '5', '--build', 'v1')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /^5 % of new cases go to build v1 now.*\nbuild +state.*\nv2 +current +95 %.*\nv1 +ramping +5 %/,
    ),
  });
  expect(run('back').stdout).toContain('No build gets a share');
  expect(run('ramp', '101')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('PERCENT'),
  });
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../setup/versions.ts'), ...args],
    {
      encoding: 'utf8',
      env: {
        ...processEnvironment(),
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_NAMESPACE: world.namespace,
      },
    },
  );
  return { status, stdout, stderr };
}

test('an occurrence of a schedule ends on the build that it began on', async () => {
  await stop('v2');
  bundles.v2 = { codePath: inject('workflowBundle') };
  await start('v2');
  const { client, engine } = world;
  const handle = await client.workflow.start('scheduleOccurrence', {
    taskQueue: engine.taskQueues.workflows,
    workflowId: randomUUID(),
    args: [{ scheduleNumber: 'none' }],
  });
  await expect(handle.result()).rejects.toThrow();
  const { events } = await handle.fetchHistory();
  const [behavior] = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: done }) => done?.versioningBehavior ?? [],
  );
  expect(behavior).toBe(VERSIONING_BEHAVIOR_PINNED);
});
