/** Plans fire rounds on a real engine: one case for each nominal time, whatever was down and however often it is asked again (N22). */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCaseStarter } from '../../services/cases/index.ts';
import { openWaiting } from '../../services/inspection/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { createStores } from '../../services/stores.ts';
import { startWorld, type World } from '../support/world.ts';
import type { Case } from './case.ts';
import { createDesk, type Desk } from './desk.ts';
import { because, createPlanning, openerOf, type Planning, weeks } from './plans.ts';
import { allIsWell, brokenReplays, historyOf } from './replay.ts';

let world: World;
let desk: Desk;
let planning: Planning;
beforeAll(async () => {
  world = await startWorld();
  desk = createDesk(world);
  planning = createPlanning(world);
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

const roundsOf = (planNumber: string) => world.sql<{ caseNumber: string; nominalAt: string }[]>`
  select case_number as "caseNumber", plan->'occurrence'->>'nominalAt' as "nominalAt" from cases
  where plan->'occurrence'->>'planNumber' = ${planNumber} order by 2`;
const caseNumbered = (caseNumber: string | null): Case => desk.caseOf(caseNumber ?? '');

test('an outage over three nominal times is made up for: exactly three rounds, and a backfill of the same times opens none', async () => {
  await world.workers.stop();
  const planNumber = await planning.planned({ interval: { every: 'PT1S' } });
  const schedule = world.client.schedule.getHandle(planNumber);
  await delay(3_500);
  await planning.plans.pause(planNumber, because);
  const { recentActions } = (await schedule.describe()).info;
  expect(recentActions.length).toBeGreaterThanOrEqual(3);
  expect(await roundsOf(planNumber)).toEqual([]);
  const due = recentActions.map(({ scheduledAt }) => scheduledAt.toISOString()).sort();

  await world.workers.start();
  const made = await planning.settled(planNumber, due.length);
  expect(made.map(({ nominalAt, result }) => [nominalAt, result])).toEqual(
    due.map((nominalAt) => [nominalAt, 'opened']),
  );
  expect((await roundsOf(planNumber)).map(({ nominalAt }) => nominalAt)).toEqual(due);

  const window = { from: due[0] ?? '', to: due.at(-1) ?? '', limit: 100 };
  for (let repeat = 0; repeat < 2; repeat += 1)
    expect(await planning.plans.backfill(planNumber, window)).toEqual({
      kind: 'done',
      nominalTimes: due,
    });
  await delay(1_500);
  expect(await roundsOf(planNumber)).toHaveLength(due.length);
});

test('a backfill opens one round for each nominal time in its window, both ends included', async () => {
  const planNumber = await planning.planned();
  const { nominal } = weeks(3);
  expect(nominal).toHaveLength(3);
  const window = { from: nominal[0] ?? '', to: nominal[2] ?? '', limit: 100 };
  await planning.plans.backfill(planNumber, window);
  const made = await planning.settled(planNumber, 3);
  expect(made.map(({ nominalAt, result }) => [nominalAt, result])).toEqual(
    nominal.map((at) => [at, 'opened']),
  );
  const theCase = caseNumbered(made[0]?.caseNumber ?? null);
  expect(await theCase.row()).toMatchObject({
    flow: 'scheduledInspection',
    openedBy: { id: 'system:schedule' },
    plan: { source: { kind: 'schedule' }, occurrence: { planNumber, nominalAt: nominal[0] } },
  });
});

test('an occurrence that is asked for by many at once opens one round', async () => {
  const planNumber = await planning.planned();
  const [nominalAt = ''] = weeks(1).nominal;
  const due = { planNumber, nominalAt };
  const asked = Array.from({ length: 20 }, () => world.deps.schedules.openOccurrence(due));
  const numbers = (await Promise.all(asked)).map(({ caseNumber }) => caseNumber);
  expect(new Set(numbers).size).toBe(1);
  expect(await roundsOf(planNumber)).toHaveLength(1);
});

test('a plan that skips leaves out what falls due while its round is open, and names that round', async () => {
  const planNumber = await planning.planned({ overlap: 'skip' });
  const { from, to, nominal } = weeks(3);
  await planning.plans.backfill(planNumber, { from, to, limit: 100 });
  const made = await planning.settled(planNumber, nominal.length);
  const opened = made.filter(({ result }) => result === 'opened');
  expect(opened).toHaveLength(1);
  expect(new Set(made.map(({ caseNumber }) => caseNumber))).toEqual(
    new Set([opened[0]?.caseNumber]),
  );
  expect(made.filter(({ result }) => result === 'skipped')).toHaveLength(nominal.length - 1);

  const theCase = caseNumbered(opened[0]?.caseNumber ?? null);
  await theCase.act('cancel', { reason: 'The school is closed.' });
  await theCase.ended();
  const again = await world.deps.schedules.openOccurrence({
    planNumber,
    nominalAt: made.find(({ result }) => result === 'skipped')?.nominalAt ?? '',
  });
  expect(again.result).toBe('skipped'); // what became of it stands
  expect(await roundsOf(planNumber)).toHaveLength(1);
});

test('a plan that buffers opens the waiting round once the open one has ended, whoever sweeps', async () => {
  const planNumber = await planning.planned({ overlap: 'bufferOne' });
  const { nominal } = weeks(3);
  const open = (nominalAt = '') => world.deps.schedules.openOccurrence({ planNumber, nominalAt });
  const first = await open(nominal[0]);
  expect(first).toMatchObject({ result: 'opened' });
  expect(await open(nominal[1])).toMatchObject({
    result: 'buffered',
    caseNumber: first.caseNumber,
  });
  expect(await open(nominal[2])).toMatchObject({ result: 'skipped' });
  const deps = {
    ...createStores(world.sql),
    parts: createParts(world.sql),
    starter: createCaseStarter(world.client, { taskQueue: world.engine.taskQueues.workflows }),
    now: () => new Date().toISOString(),
  };
  expect(await openWaiting(deps)).toBe(0);
  const theCase = caseNumbered(first.caseNumber);
  await theCase.act('cancel', { reason: 'The school is closed.' });
  await theCase.ended();
  await Promise.all([openWaiting(deps), openWaiting(deps)]);
  expect((await planning.settled(planNumber, 3)).map(({ result }) => result)).toEqual([
    'opened',
    'opened',
    'skipped',
  ]);
  expect(await roundsOf(planNumber)).toHaveLength(2);
});

test('a changed plan opens its next round by the new terms, and an open round keeps the old ones', async () => {
  const planNumber = await planning.planned();
  const { nominal } = weeks(2);
  const open = (nominalAt = '') => world.deps.schedules.openOccurrence({ planNumber, nominalAt });
  const first = caseNumbered((await open(nominal[0])).caseNumber);
  await planning.plans.change(
    planNumber,
    (before) => ({ ...before, phase: 'late', dueWithin: 'P2D' }),
    because,
  );
  const second = caseNumbered((await open(nominal[1])).caseNumber);
  expect((await first.row()).plan).toMatchObject({ phase: 'early' });
  const { plan } = await second.row();
  expect(plan).toMatchObject({ phase: 'late', clocks: [{ targetMs: 2 * 86_400_000 }] });
  expect(await open(nominal[0])).toMatchObject({ caseNumber: first.caseNumber });
});

test('a round that an attempt opened without living to say so is found, though the plan was changed since', async () => {
  const planNumber = await planning.planned();
  const [nominalAt = ''] = weeks(1).nominal;
  const first = await world.deps.schedules.openOccurrence({ planNumber, nominalAt });
  await world.sql`delete from inspection_occurrences where plan_number = ${planNumber}`;
  await planning.plans.change(planNumber, (before) => ({ ...before, phase: 'late' }), because);
  expect(await world.deps.schedules.openOccurrence({ planNumber, nominalAt })).toMatchObject({
    result: 'opened',
    caseNumber: first.caseNumber,
  });
});

test('an occurrence whose assets have left the customer is refused, and says why', async () => {
  const planNumber = await planning.planned({ serialNumbers: ['TV55-880001'] });
  const [nominalAt = ''] = weeks(1).nominal;
  expect(await world.deps.schedules.openOccurrence({ planNumber, nominalAt })).toMatchObject({
    result: 'refused',
    detail: '/serialNumbers/0: not an asset of this customer',
  });
});

test('the opener replays, and started by hand it ends without a trace', async () => {
  const planNumber = await planning.planned();
  const { from, to } = weeks(1);
  await planning.plans.backfill(planNumber, { from, to, limit: 100 });
  const [made] = await planning.settled(planNumber, 1);
  const workflowId = openerOf(planNumber, made?.nominalAt ?? '');
  await world.client.workflow.getHandle(workflowId).result();
  const history = await historyOf(world, workflowId);
  expect(await brokenReplays([{ workflowId, history }])).toEqual([]);

  const byHand = world.client.workflow.execute('inspectionOccurrence', {
    workflowId: randomUUID(),
    taskQueue: world.engine.taskQueues.workflows,
    args: [{ planNumber }],
  });
  await expect(byHand).rejects.toMatchObject({ cause: { type: 'invalidInput' } });
});
