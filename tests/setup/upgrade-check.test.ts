/** `npm run upgrade:check` on a real engine with open cases. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { processEnvironment } from '../../config/index.ts';
import { checkUpgrade } from '../../setup/upgrade/check.ts';
import { replayRuns } from '../../setup/upgrade/replay.ts';
import { openReplayed } from '../../setup/upgrade/replayed.ts';
import { countOpenRuns } from '../../setup/upgrade/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Case } from '../support/workflows/case.ts';
import { createDesk } from '../support/workflows/desk.ts';
import { startWorld, type World } from '../support/world.ts';

const root = join(import.meta.dirname, '../..');
const sameBuild = { codePath: inject('workflowBundle') };
let world: World;
let folder = '';
let repairs: Case[] = [];
let changed: { code: string };
beforeAll(async () => {
  folder = temporaryFolder();
  world = await startWorld();
  const desk = createDesk(world);
  repairs = [await desk.open(), await desk.open()];
  await desk.open({ flow: 'defectReport' });
  await repairs[0]?.walkTo('approveLoan'); // its loan is open too
  await listed(4);
  changed = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '../support/setup/changed-flow.ts'),
    workflowInterceptorModules: [join(root, 'workflows/interceptors.ts')],
    logger: new DefaultLogger('ERROR'),
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world?.close();
});

const wanted = () => ({ taskQueue: world.engine.taskQueues.workflows });

/** What is open appears in the engine's list a moment later. */
async function listed(count: number): Promise<void> {
  await vi.waitFor(async () => expect(await countOpenRuns(world.client, wanted())).toBe(count), {
    timeout: 20_000,
    interval: 100,
  });
}

interface Options {
  workflowBundle?: { code: string } | { codePath: string };
  file?: string;
  build?: string;
  flow?: string;
  sample?: number;
}

/** The tally, and what doesn't replay. */
async function check(options: Options = {}) {
  const {
    workflowBundle = sameBuild,
    file = 'state.jsonl',
    build = 'same',
    flow,
    sample,
  } = options;
  const broken: { workflowId: string; flow: string; runId: string; reason: string }[] = [];
  const subject = { build, namespace: world.namespace };
  const tally = await checkUpgrade({
    client: world.client,
    wanted: { ...wanted(), flow },
    sample,
    concurrency: 2,
    workflowBundle,
    replayed: openReplayed(join(folder, file), subject, true),
    broken: (run, reason) => broken.push({ ...run, reason }),
  });
  return { tally, broken };
}

const none = { replayed: 0, unchanged: 0, closed: 0, broken: 0 };

test('open cases of two flows and a loan replay on the build that runs them', async () => {
  expect(await check()).toEqual({ tally: { ...none, replayed: 4 }, broken: [] });
});

test('a check that goes on skips what has not moved, and looks at what has', async () => {
  await check({ file: 'resumed.jsonl' });
  expect(await check({ file: 'resumed.jsonl' })).toMatchObject({
    tally: { ...none, unchanged: 4 },
  });
  await repairs[1]?.answer('reportPhoneTriage');
  appendFileSync(join(folder, 'resumed.jsonl'), '{"runId":"cut o');
  expect(await check({ file: 'resumed.jsonl' })).toMatchObject({
    tally: { ...none, replayed: 1, unchanged: 3 },
  });
  expect(await check({ file: 'resumed.jsonl', build: 'another' })).toMatchObject({
    tally: { ...none, replayed: 4 },
  });
});

test('a flow, and a sample by flow and age, are looked at alone', async () => {
  const loans = await check({ flow: 'partsLoan', file: 'flow.jsonl' });
  expect(loans.tally).toEqual({ ...none, replayed: 1 });
  const sample = await check({ sample: 1, file: 'sample.jsonl' });
  expect(sample.tally).toEqual({ ...none, replayed: 3 });
  const nothing = await check({ flow: 'emergencyResponse', file: 'none.jsonl' });
  expect(nothing.tally).toEqual(none);
});

test('of a build whose flow was changed by mistake exactly the cases of that flow are named', async () => {
  const { tally, broken } = await check({ workflowBundle: changed, build: 'changed' });
  expect(tally).toEqual({ ...none, replayed: 2, broken: 2 });
  const ids = repairs.map(({ caseNumber }) => caseNumber);
  expect(broken.map(({ workflowId }) => workflowId).sort()).toEqual(ids.sort());
  for (const one of broken) {
    expect(one).toMatchObject({ flow: 'inWarrantyRepair', runId: expect.any(String) });
    expect(one.reason).toMatch(/[Nn]ondeterminism/);
  }
});

test('a case that closes while the check runs is no failure', async () => {
  const [open, closing] = await Promise.all(repairs.map(({ handle }) => handle.describe()));
  await repairs[1]?.handle.terminate();
  async function* runs() {
    for (const { workflowId, runId, type: flow, startTime: startedAt } of [open, closing].flatMap(
      (one) => one ?? [],
    ))
      yield { workflowId, runId, flow, startedAt };
    const gone = randomUUID();
    yield { workflowId: gone, runId: gone, flow: 'inWarrantyRepair', startedAt: new Date() };
  }
  const verdicts: string[] = [];
  await replayRuns(runs(), {
    client: world.client,
    concurrency: 1,
    workflowBundle: changed,
    replayed: { eventsOf: () => undefined, add: () => undefined },
    tell: (_, { kind }) => verdicts.push(kind),
  });
  expect(verdicts).toEqual(['broken', 'closed', 'closed']);
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'setup/upgrade-check.ts'), ...args],
    {
      encoding: 'utf8',
      env: {
        ...processEnvironment(),
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_NAMESPACE: world.namespace,
        DATA_DIR: folder,
      },
    },
  );
  return {
    status,
    stderr,
    lines: stdout
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line)),
  };
}

test('the command says a line of JSON for each step, and goes on where it stopped', async () => {
  await listed(3);
  const first = run('--concurrency', '1');
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.lines.at(-1)).toMatchObject({
    state: 'done',
    result: '3 replayed, 0 do not replay',
  });
  const kept = readFileSync(join(folder, 'upgrade-check.jsonl'), 'utf8');
  expect(kept.trim().split('\n')).toHaveLength(4);
  expect(run('--sample', '0')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--sample: a whole number from 1'),
  });

  const runId = await openRetired();
  await listed(4);
  const second = run('--resume');
  expect(second).toMatchObject({ status: 1, stderr: '' });
  expect(second.lines.slice(-2)).toMatchObject([
    { broken: { workflowId: 'retired-1', flow: 'retired', runId } },
    { result: '0 replayed, 3 replayed earlier and have not moved, 1 do not replay' },
  ]);
});

/** A case of a flow that only the build before had. */
async function openRetired(): Promise<string> {
  await world.workers.stop();
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const { namespace } = world;
  const worker = await Worker.create({
    connection,
    namespace,
    ...wanted(),
    workflowBundle: changed,
  });
  const handle = await worker.runUntil(async () => {
    const started = await world.client.workflow.start('retired', {
      ...wanted(),
      workflowId: 'retired-1',
    });
    await vi.waitFor(async () => expect((await started.describe()).historyLength).toBe(4), 10_000);
    return started;
  });
  await connection.close();
  return handle.firstExecutionRunId;
}
