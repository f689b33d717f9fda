import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Violation } from '../../checks/index.ts';
import { createStores } from '../../services/stores.ts';
import { engineOf } from '../support/api/door.ts';
import { checkRun, untilQuiet } from '../support/faults/checkers.ts';
import { bounded, replays } from '../support/faults/checkers-histories.ts';
import { readChains } from '../support/faults/histories.ts';
import { type Around, aroundAll, losingFirstReplies } from '../support/faults/lossy.ts';
import { listenFor } from '../support/faults/world-walk.ts';
import { createWalker, type Walker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';

// Each test breaks one guard on purpose: a checker must say so, or its silence elsewhere means nothing.

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function worldWith(around?: Around, changes: Parameters<typeof listenFor>[1] = {}) {
  const world = await startWorld(around ? { wrap: (deps) => aroundAll(deps, around) } : {});
  closing.push(world.close);
  const door = await listenFor(world, changes);
  closing.push(door.close);
  return { world, walker: createWalker({ base: door.base }) };
}

const patience = { timeout: 60_000, interval: 500 };
const invariants = (found: Violation[]) => [...new Set(found.map(({ invariant }) => invariant))];

const keyed = ['reserve', 'send', 'createServiceRecord', 'registerWarrantyClaim'];
/** Another key at each attempt: what the effect keys are there to prevent. */
const withoutKeys: Around = (effect, request, call) =>
  call(
    keyed.includes(effect)
      ? { ...request, effectKey: `${request.effectKey}-${randomUUID()}` }
      : request,
  );

test('without effect keys, lost replies double messages, records and reservations', async () => {
  const losing = losingFirstReplies(keyed);
  const { world, walker } = await worldWith((effect, request, call) =>
    losing(effect, request, (asked) => withoutKeys(effect, asked, call)),
  );
  await walker.finish(await walker.open());
  const found = await checkRun({ ...world, calls: walker.calls });
  expect(invariants(found)).toEqual(expect.arrayContaining(['I3', 'once']));
  const details = found.map(({ detail }) => detail).join();
  expect(details).toMatch(/message \d+ \w+: 2/);
  expect(details).toContain('record of round 1: 2');
  expect(details).toContain('reserved under');
});

test('without the key of a request, a repeated opening is a second case', async () => {
  const { world } = await worldWith();
  const stores = createStores(world.sql);
  const open: typeof stores.cases.open = (request) =>
    stores.cases.open({ ...request, key: `${request.key}-${randomUUID()}` });
  const door = await listenFor(world, { stores: { ...stores, cases: { ...stores.cases, open } } });
  closing.push(door.close);
  const walker = createWalker({ base: door.base });
  await openTwice(walker);
  const found = () => checkRun({ ...world, calls: walker.calls });
  await expect.poll(async () => invariants(await found()), patience).toEqual(['I11']);
});

test('without the id of an act, a repeated word is said twice', async () => {
  const { world } = await worldWith();
  const engine = engineOf(world);
  const door = await listenFor(world, {
    engine: {
      ...engine,
      deliver: (act) => {
        const actId = `${act.actId}-${randomUUID()}`;
        return engine.deliver({ ...act, actId, envelope: { ...(act.envelope as object), actId } });
      },
    },
  });
  closing.push(door.close);
  const walker = createWalker({ base: door.base });
  const { caseNumber } = await walker.open();
  const key = randomUUID();
  for (const _ of [1, 2])
    await walker.call(
      'POST',
      `/v1/cases/${caseNumber}/actions/note`,
      'supervisor',
      { reason: 'once' },
      key,
    );
  const found = await checkRun({ ...world, calls: walker.calls });
  expect(found).toMatchObject([
    { invariant: 'I11', subject: `${caseNumber} note`, detail: '1 answered 200, 2 in the history' },
  ]);
});

test('without the claim of a cycle, a closed case that is started again runs again', async () => {
  const { world, walker } = await worldWith((effect, request, call) =>
    effect === 'claimCycle' ? call(request).then(() => true) : call(request),
  );
  const { caseNumber } = await walker.finish(await walker.open());
  await startAgain(world, caseNumber);
  const found = () => checkRun({ ...world, calls: walker.calls });
  await expect.poll(async () => invariants(await found()), patience).toContain('I12');
});

test('with it, the second start ends without a trace', async () => {
  const { world, walker } = await worldWith();
  const { caseNumber } = await walker.finish(await walker.open());
  await (await startAgain(world, caseNumber)).result();
  expect(await checkRun({ ...world, calls: walker.calls })).toEqual([]);
});

async function startAgain({ sql, client, engine }: World, caseNumber: string) {
  const { cases } = createStores(sql);
  const row = await cases.get(caseNumber);
  if (!row) throw new Error('no row');
  await untilQuiet({ client, sql });
  const { flow, plan, openedAt, openedBy } = row;
  return client.workflow.start(flow, {
    workflowId: caseNumber,
    taskQueue: engine.taskQueues.workflows,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ caseNumber, cycle: 1, flow, openedAt, openedBy, plan }],
  });
}

async function openTwice(walker: Walker): Promise<void> {
  const opened = await walker.open({ beside: 'a second machine' });
  const sent = walker.calls.find(({ method }) => method === 'POST');
  expect(sent?.caseNumber).toBe(opened.caseNumber);
  await walker.call('POST', '/v1/cases', 'hotline', sent?.body as object, sent?.key ?? '');
}

let shared: { world: World; walker: Walker };
beforeAll(async () => {
  shared = await worldWith();
  await shared.walker.finish(await shared.walker.open());
});
const foundIn = ({ world, walker }: typeof shared) => checkRun({ ...world, calls: walker.calls });

test('a case without faults breaks no invariant', async () => {
  expect(await foundIn(shared)).toEqual([]);
});

test('I9 sees a 2xx whose workflow is missing, I11 an answer that nobody took', async () => {
  const { world, walker } = shared;
  const made = { method: 'POST', key: 'k', body: {}, retries: 0 };
  const calls = [
    ...walker.calls,
    { ...made, path: '/v1/cases', status: 201, caseNumber: 'C-999999' },
    {
      ...made,
      path: '/v1/cases/C-000001/tasks/reportRepair-9',
      status: 200,
      caseNumber: 'C-000001',
    },
  ];
  const found = invariants(await checkRun({ ...world, calls }));
  expect(found).toEqual(expect.arrayContaining(['I9', 'I11']));
});

test('I10 sees a workflow that has no row, I15 one that was terminated', async () => {
  const { world } = shared;
  const { taskQueues } = world.engine;
  const args = [{ caseNumber: 'C-777777' }];
  const options = { workflowId: 'C-777777', taskQueue: taskQueues.workflows, args };
  const handle = await world.client.workflow.start('inWarrantyRepair', options);
  await expect(handle.result()).rejects.toThrow();
  await expect
    .poll(async () => invariants(await foundIn(shared)), patience)
    .toEqual(expect.arrayContaining(['I10', 'I15']));
});

test('I13 sees an act of the timeline that no history holds', async () => {
  await shared.world.sql`
    insert into case_events (event_key, case_number, workflow_id, kind, at, actor_id, actor_role, subject, update_id)
    values ('ghost', 'C-000001', 'C-000001', 'noted', now(), 'ST-05', 'supervisor', 'note', 'act-ghost')`;
  const found = await foundIn(shared);
  expect(found.map(({ subject }) => subject)).toContain('C-000001 act-ghost');
});

test('I16 sees a history that another order of steps made, I18 one that grew too long or too large', async () => {
  const { world } = shared;
  const [chain] = await readChains(world.client, world.sql);
  const run = chain?.runs[0];
  if (!chain || !run) throw new Error('no history');
  const events = run.history.events ?? [];
  const long = Array.from({ length: 10_000 }, () => events[0] ?? {});
  const blob = { payloads: [{ data: new Uint8Array(256 * 1024) }] };
  const large = [{ workflowExecutionStartedEventAttributes: { input: blob } }];
  const of = (made: typeof events) => ({ ...chain, runs: [{ ...run, history: { events: made } }] });
  expect([of(long), of(large)].flatMap(bounded).map(({ invariant }) => invariant)).toEqual([
    'I18',
    'I18',
  ]);
  const renamed = events.map((event) => {
    const { activityTaskScheduledEventAttributes: scheduled } = event;
    return scheduled
      ? {
          ...event,
          activityTaskScheduledEventAttributes: { ...scheduled, activityType: { name: 'other' } },
        }
      : event;
  });
  expect(invariants(await replays([of(renamed)]))).toEqual(['I16']);
});
