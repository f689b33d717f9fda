/** Plans fire rounds on a real engine: one case for each nominal time, whatever was down and however often it is asked again (N22). */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStores, type PlanStore } from '../../db/index.ts';
import { occurrencesBetween, type PlanTerms } from '../../domain/inspection-plan.ts';
import { newPlan, termsOf } from '../../domain/inspection-plan-contracts.ts';
import {
  createPlans,
  createScheduler,
  openWaiting,
  type Plans,
} from '../../services/inspection/index.ts';
import { createCaseStarter } from '../../services/intake/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { startWorld, type World } from '../support/world.ts';
import type { Case } from './case.ts';
import { createDesk, type Desk, eventually } from './desk.ts';
import { allIsWell, historyOf, replayHistory } from './replay.ts';

let world: World;
let desk: Desk;
let store: PlanStore;
let plans: Plans;
beforeAll(async () => {
  world = await startWorld();
  desk = createDesk(world);
  store = createStores(world.sql).plans;
  plans = createPlans({
    plans: store,
    scheduler: createScheduler(world.client, { taskQueue: world.engine.taskQueues.workflows }),
    now: () => new Date().toISOString(),
  });
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

const by = { id: 'ST-05', role: 'supervisor' } as const;
const because = { by, reason: 'A test.', actId: null };
const terms = (more: Partial<PlanTerms> = {}): PlanTerms => ({
  ...termsOf(
    newPlan.parse({
      customerNumber: 'CU-1003',
      phase: 'early',
      serialNumbers: ['NET-SCH-0001'],
      interval: { every: 'P7D' },
      timeZone: 'UTC',
    }),
  ),
  ...more,
});

async function planned(more: Partial<PlanTerms> = {}): Promise<string> {
  const made = await plans.create({ scope: 'test', key: randomUUID(), terms: terms(more), by });
  if (made.kind !== 'created') throw new Error(made.kind);
  return made.plan.planNumber;
}
const roundsOf = (planNumber: string) => world.sql<{ caseNumber: string; nominalAt: string }[]>`
  select case_number as "caseNumber", plan->'occurrence'->>'nominalAt' as "nominalAt" from cases
  where plan->'occurrence'->>'planNumber' = ${planNumber} order by 2`;
const occurrences = async (planNumber: string) =>
  (await store.occurrences(planNumber, 100)).reverse();
const settled = (planNumber: string, count: number) =>
  eventually(
    () => occurrences(planNumber),
    (seen) => seen.length >= count,
  );
/** Nominal times of the last weeks. */
const weeks = (count: number) => {
  const to = new Date().toISOString();
  const from = new Date(Date.now() - count * 7 * 86_400_000).toISOString();
  return { from, to, nominal: occurrencesBetween(terms(), { from, to, limit: 100 }) };
};
const theCase = (caseNumber: string | null): Case => desk.caseOf(caseNumber ?? '');

test('an outage over three nominal times is made up for: exactly three rounds, and a backfill of the same times opens none', async () => {
  await world.workers.stop();
  const planNumber = await planned({ interval: { every: 'PT1S' } });
  const schedule = world.client.schedule.getHandle(planNumber);
  await delay(3_500);
  await plans.pause(planNumber, because);
  const { recentActions } = (await schedule.describe()).info;
  expect(recentActions.length).toBeGreaterThanOrEqual(3);
  expect(await roundsOf(planNumber)).toEqual([]);
  const due = recentActions.map(({ scheduledAt }) => scheduledAt.toISOString()).sort();

  await world.workers.start();
  const made = await settled(planNumber, due.length);
  expect(made.map(({ nominalAt, result }) => [nominalAt, result])).toEqual(
    due.map((nominalAt) => [nominalAt, 'opened']),
  );
  expect((await roundsOf(planNumber)).map(({ nominalAt }) => nominalAt)).toEqual(due);

  const window = { from: due[0] ?? '', to: due.at(-1) ?? '', limit: 100 };
  for (let repeat = 0; repeat < 2; repeat += 1)
    expect(await plans.backfill(planNumber, window)).toEqual({ kind: 'done', nominalTimes: due });
  await delay(1_500);
  expect(await roundsOf(planNumber)).toHaveLength(due.length);
});

test('a backfill opens one round for each nominal time in its window, both ends included', async () => {
  const planNumber = await planned();
  const { nominal } = weeks(3);
  expect(nominal).toHaveLength(3);
  const window = { from: nominal[0] ?? '', to: nominal[2] ?? '', limit: 100 };
  await plans.backfill(planNumber, window);
  const made = await settled(planNumber, 3);
  expect(made.map(({ nominalAt, result }) => [nominalAt, result])).toEqual(
    nominal.map((at) => [at, 'opened']),
  );
  const kase = theCase(made[0]?.caseNumber ?? null);
  expect(await kase.row()).toMatchObject({
    flow: 'scheduledInspection',
    openedBy: { id: 'system:schedule' },
    plan: { source: { kind: 'schedule' }, occurrence: { planNumber, nominalAt: nominal[0] } },
  });
});

test('an occurrence that is asked for by many at once opens one round', async () => {
  const planNumber = await planned();
  const [nominalAt = ''] = weeks(1).nominal;
  const due = { planNumber, nominalAt };
  const asked = Array.from({ length: 20 }, () => world.deps.intake.openOccurrence(due));
  const numbers = (await Promise.all(asked)).map(({ caseNumber }) => caseNumber);
  expect(new Set(numbers).size).toBe(1);
  expect(await roundsOf(planNumber)).toHaveLength(1);
});

test('a plan that skips leaves out what falls due while its round is open, and names that round', async () => {
  const planNumber = await planned({ overlap: 'skip' });
  const { from, to, nominal } = weeks(3);
  await plans.backfill(planNumber, { from, to, limit: 100 });
  const made = await settled(planNumber, nominal.length);
  const opened = made.filter(({ result }) => result === 'opened');
  expect(opened).toHaveLength(1);
  expect(new Set(made.map(({ caseNumber }) => caseNumber))).toEqual(
    new Set([opened[0]?.caseNumber]),
  );
  expect(made.filter(({ result }) => result === 'skipped')).toHaveLength(nominal.length - 1);

  const kase = theCase(opened[0]?.caseNumber ?? null);
  await kase.say('cancel', { reason: 'The school is closed.' });
  await kase.ended();
  const again = await world.deps.intake.openOccurrence({
    planNumber,
    nominalAt: made.find(({ result }) => result === 'skipped')?.nominalAt ?? '',
  });
  expect(again.result).toBe('skipped'); // what became of it stands
});

test('a plan that buffers opens the waiting round once the open one has ended, whoever sweeps', async () => {
  const planNumber = await planned({ overlap: 'bufferOne' });
  const { nominal } = weeks(3);
  const open = (nominalAt = '') => world.deps.intake.openOccurrence({ planNumber, nominalAt });
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
  const kase = theCase(first.caseNumber);
  await kase.say('cancel', { reason: 'The school is closed.' });
  await kase.ended();
  await Promise.all([openWaiting(deps), openWaiting(deps)]);
  expect((await occurrences(planNumber)).map(({ result }) => result)).toEqual([
    'opened',
    'opened',
    'skipped',
  ]);
  expect(await roundsOf(planNumber)).toHaveLength(2);
});

test('a changed plan opens its next round by the new terms, and an open round keeps the old ones', async () => {
  const planNumber = await planned();
  const { nominal } = weeks(2);
  const open = (nominalAt = '') => world.deps.intake.openOccurrence({ planNumber, nominalAt });
  const first = theCase((await open(nominal[0])).caseNumber);
  await plans.change(
    planNumber,
    (before) => ({ ...before, phase: 'late', dueWithin: 'P2D' }),
    because,
  );
  const second = theCase((await open(nominal[1])).caseNumber);
  expect((await first.row()).plan).toMatchObject({ phase: 'early' });
  const { plan } = await second.row();
  expect(plan).toMatchObject({ phase: 'late', clocks: [{ targetMs: 2 * 86_400_000 }] });
  expect(await open(nominal[0])).toMatchObject({ caseNumber: first.caseNumber });
});

test('a round that an attempt opened without living to say so is found, though the plan was changed since', async () => {
  const planNumber = await planned();
  const [nominalAt = ''] = weeks(1).nominal;
  const first = await world.deps.intake.openOccurrence({ planNumber, nominalAt });
  await world.sql`delete from inspection_occurrences where plan_number = ${planNumber}`;
  await plans.change(planNumber, (before) => ({ ...before, phase: 'late' }), because);
  expect(await world.deps.intake.openOccurrence({ planNumber, nominalAt })).toMatchObject({
    result: 'opened',
    caseNumber: first.caseNumber,
  });
});

test('an occurrence whose assets have left the customer is refused, and says why', async () => {
  const planNumber = await planned({ serialNumbers: ['TV55-880001'] });
  const [nominalAt = ''] = weeks(1).nominal;
  expect(await world.deps.intake.openOccurrence({ planNumber, nominalAt })).toMatchObject({
    result: 'refused',
    detail: '/serialNumbers/0: not an asset of this customer',
  });
});

test('the opener replays, and started by hand it ends without a trace', async () => {
  const planNumber = await planned();
  const { from, to } = weeks(1);
  await plans.backfill(planNumber, { from, to, limit: 100 });
  const [made] = await settled(planNumber, 1);
  const workflowId = `${planNumber}-${made?.nominalAt.replace('.000Z', 'Z')}`;
  await world.client.workflow.getHandle(workflowId).result();
  await replayHistory(await historyOf(world, workflowId), workflowId);

  const byHand = world.client.workflow.execute('inspectionOccurrence', {
    workflowId: randomUUID(),
    taskQueue: world.engine.taskQueues.workflows,
    args: [{ planNumber }],
  });
  await expect(byHand).rejects.toMatchObject({ cause: { type: 'invalidInput' } });
});
