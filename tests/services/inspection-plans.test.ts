import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PlanTerms } from '../../domain/inspection-plan.ts';
import { newPlan, termsOf } from '../../domain/inspection-plan-contracts.ts';
import {
  createPlans,
  type PlanRow,
  type Scheduled,
  type Scheduler,
  sweepPlans,
} from '../../services/inspection/index.ts';

import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const by = { id: 'ST-05', role: 'supervisor' } as const;
const because = { by, reason: 'Term dates have moved.', actId: null };
const weekly: PlanTerms = termsOf(
  newPlan.parse({
    customerNumber: 'CU-1003',
    phase: 'late',
    interval: { every: 'P7D' },
    timeZone: 'Asia/Shanghai',
  }),
);

/** An engine that keeps Schedules in a map, and may be away. */
function createDesk() {
  const schedules = new Map<string, Scheduled>();
  const backfilled: string[] = [];
  const engine = { away: false };
  const here = () => {
    if (engine.away) throw new Error('away');
  };
  const scheduler: Scheduler = {
    put: async (plan) => {
      here();
      schedules.set(plan.planNumber, plan);
    },
    remove: async (planNumber) => {
      here();
      schedules.delete(planNumber);
    },
    upcoming: async () => [],
    backfill: async (planNumber, { from, to }) => {
      here();
      backfilled.push(`${planNumber} ${from} ${to}`);
    },
  };
  const deps = {
    plans: database.stores.plans,
    scheduler,
    now: () => new Date().toISOString(),
  };
  const plans = createPlans(deps);
  const created = async (more: Partial<PlanTerms> = {}): Promise<PlanRow> => {
    const taken = await plans.create({
      scope: 'test',
      key: randomUUID(),
      terms: { ...weekly, ...more },
      by,
    });
    if (taken.kind !== 'created') throw new Error(taken.kind);
    return taken.plan;
  };
  return { deps, plans, schedules, engine, backfilled, created };
}

const told = (planNumber: string) => database.sql<{ kind: string; reason: string | null }[]>`
  select kind, reason from case_events where subject = ${planNumber} order by seq`;

test('a plan is written and scheduled once, however often its key comes', async () => {
  const { plans, schedules } = createDesk();
  const request = { scope: 'ST-05', key: randomUUID(), terms: weekly, by };
  const taken = await Promise.all(Array.from({ length: 10 }, () => plans.create(request)));
  const kinds = taken.map(({ kind }) => kind).sort();
  expect(kinds).toEqual(['created', ...Array(9).fill('same')]);
  expect(schedules.size).toBe(1);
  const other = { ...weekly, phase: 'early' as const };
  expect(await plans.create({ ...request, terms: other })).toEqual({ kind: 'keyReused' });
});

test('a plan whose Schedule could not be made is mended by the same key, or by the sweeper', async () => {
  const { deps, plans, schedules, engine } = createDesk();
  const request = { scope: 'ST-05', key: randomUUID(), terms: weekly, by };
  engine.away = true;
  await expect(plans.create(request)).rejects.toThrow('away');
  await expect(plans.create({ ...request, key: randomUUID() })).rejects.toThrow('away');
  engine.away = false;
  expect(await plans.create(request)).toMatchObject({ kind: 'same', plan: { syncedVersion: 1 } });
  expect(schedules.size).toBe(1);
  expect(await sweepPlans(deps)).toBeGreaterThan(0);
  expect(schedules.size).toBeGreaterThan(1);
  expect(await sweepPlans(deps)).toBe(0);
});

test('a plan that can’t be scheduled keeps no other plan from it', async () => {
  const { deps, plans, schedules, engine } = createDesk();
  engine.away = true;
  const make = () => plans.create({ scope: 'test', key: randomUUID(), terms: weekly, by });
  for (let count = 0; count < 3; count += 1) await expect(make()).rejects.toThrow('away');
  engine.away = false;
  const [first] = await database.stores.plans.unsynced(1);
  const scheduler: Scheduler = {
    ...deps.scheduler,
    put: async (plan) => {
      if (plan.planNumber === first?.planNumber) throw new Error('not this one');
      await deps.scheduler.put(plan);
    },
  };
  await expect(sweepPlans({ ...deps, scheduler })).rejects.toThrow('not this one');
  expect(schedules.size).toBeGreaterThanOrEqual(2);
  expect(await sweepPlans(deps)).toBe(1);
});

test('each change is a new version, told once in the audit log, that the Schedule follows', async () => {
  const { plans, schedules, created } = createDesk();
  const { planNumber } = await created();
  await plans.change(planNumber, (before) => ({ ...before, phase: 'early' }), because);
  await plans.pause(planNumber, because);
  expect(schedules.get(planNumber)).toMatchObject({ status: 'paused', version: 3 });
  await plans.resume(planNumber, because);
  expect(schedules.get(planNumber)).toMatchObject({
    status: 'active',
    version: 4,
    terms: { phase: 'early' },
  });
  await plans.archive(planNumber, because);
  expect(schedules.has(planNumber)).toBe(false);
  const kinds = ['planCreated', 'planChanged', 'planPaused', 'planResumed', 'planArchived'];
  expect((await told(planNumber)).map(({ kind }) => kind)).toEqual(kinds);
});

test('of words that come at once each takes effect or is told where the plan stands', async () => {
  const { plans, schedules, created } = createDesk();
  const { planNumber } = await created();
  const words = [
    ...Array.from({ length: 5 }, () => plans.pause(planNumber, because)),
    ...Array.from({ length: 5 }, (_, day) =>
      plans.change(planNumber, (before) => ({ ...before, dueWithin: `P${day + 1}D` }), because),
    ),
  ];
  const kinds = (await Promise.all(words)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'notNow')).toHaveLength(4); // paused once
  const plan = await database.stores.plans.get(planNumber);
  expect(plan).toMatchObject({ version: 7, syncedVersion: 7, status: 'paused' });
  expect(schedules.get(planNumber)?.version).toBe(7);
});

test('an archived plan takes no word any more', async () => {
  const { plans, created } = createDesk();
  const { planNumber } = await created();
  await plans.archive(planNumber, because);
  for (const word of [plans.pause, plans.resume, plans.archive])
    expect(await word(planNumber, because)).toMatchObject({
      kind: 'notNow',
      plan: { status: 'archived', version: 2 },
    });
  const window = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', limit: 100 };
  expect(await plans.backfill(planNumber, window)).toMatchObject({ kind: 'notNow' });
});

test('a backfill says which nominal times it opens, and is bounded', async () => {
  const { plans, created, backfilled } = createDesk();
  const { planNumber } = await created();
  const window = { from: '2026-01-01T00:00:00Z', to: '2026-01-15T00:00:00Z', limit: 100 };
  expect(await plans.backfill(planNumber, window)).toEqual({
    kind: 'done',
    nominalTimes: [
      '2026-01-01T00:00:00.000Z',
      '2026-01-08T00:00:00.000Z',
      '2026-01-15T00:00:00.000Z',
    ],
  });
  expect(await plans.backfill(planNumber, { ...window, limit: 2 })).toEqual({ kind: 'tooMany' });
  expect(backfilled).toHaveLength(1);
});

test('what became of an occurrence stands; what waits may still be opened, one at a time', async () => {
  const { created } = createDesk();
  const { planNumber } = await created();
  const { plans } = database.stores;
  const [monday, tuesday] = ['2026-01-05T01:00:00.000Z', '2026-01-06T01:00:00.000Z'];
  const skipped = { result: 'skipped', caseNumber: null, detail: 'x' } as const;
  const waits = { result: 'buffered', caseNumber: null, detail: null } as const;
  expect(await plans.recordOccurrence(planNumber, monday, waits)).toMatchObject(waits);
  expect(await plans.recordOccurrence(planNumber, tuesday, waits)).toMatchObject({
    result: 'skipped',
    detail: 'another occurrence waits already',
  });
  expect(await plans.recordOccurrence(planNumber, tuesday, waits)).toMatchObject({
    result: 'skipped',
  });
  expect(await plans.ready(10)).toContainEqual({ planNumber, nominalAt: monday });
  expect(await plans.recordOccurrence(planNumber, monday, skipped)).toMatchObject(skipped);
  const other = { ...skipped, detail: 'told anew' };
  expect(await plans.recordOccurrence(planNumber, monday, other)).toMatchObject(skipped);
  expect(await plans.ready(10)).not.toContainEqual({ planNumber, nominalAt: monday });
  const listed = await plans.occurrences(planNumber, 10);
  expect(listed.map(({ nominalAt }) => nominalAt)).toEqual([tuesday, monday]);
});

test('what waits is left out when its plan is archived', async () => {
  const { plans, created } = createDesk();
  const { planNumber } = await created();
  const waits = { result: 'buffered', caseNumber: null, detail: null } as const;
  await database.stores.plans.recordOccurrence(planNumber, '2026-01-05T01:00:00.000Z', waits);
  await plans.archive(planNumber, because);
  expect(await database.stores.plans.occurrences(planNumber, 10)).toMatchObject([
    { result: 'skipped', detail: 'the plan was archived' },
  ]);
});

test('plans are listed newest first, page by page', async () => {
  const { created } = createDesk();
  const numbers = [];
  for (let count = 0; count < 3; count += 1)
    numbers.push((await created({ customerNumber: 'CU-1004' })).planNumber);
  const { plans } = database.stores;
  const first = await plans.list({ customerNumber: 'CU-1004', limit: 2 });
  const second = await plans.list({
    customerNumber: 'CU-1004',
    limit: 2,
    cursor: first.nextCursor ?? '',
  });
  const listed = [...first.items, ...second.items].map(({ planNumber }) => planNumber);
  expect(listed).toEqual(numbers.reverse());
  expect(second.nextCursor).toBeNull();
});
