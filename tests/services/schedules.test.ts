import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { inspectionTerms, newPlan } from '../../domain/inspection-plan.ts';
import type { ScheduleTerms } from '../../domain/schedule.ts';
import {
  createSchedules,
  type Scheduled,
  type ScheduleRow,
  type Scheduler,
  sweepSchedules,
} from '../../services/schedules/index.ts';

import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const by = { id: 'ST-05', role: 'supervisor' } as const;
const because = { by, reason: 'Term dates have moved.', actId: null };
const weekly: ScheduleTerms = inspectionTerms(
  newPlan.parse({
    customerNumber: 'CU-1003',
    phase: 'late',
    interval: { every: 'P7D' },
    timeZone: 'Asia/Shanghai',
  }),
);

/** Other terms of the same schedule. */
const asking = (request: object) => (before: ScheduleTerms) => ({
  ...before,
  request: { ...before.request, ...request },
});

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
      schedules.set(plan.scheduleNumber, plan);
    },
    remove: async (scheduleNumber) => {
      here();
      schedules.delete(scheduleNumber);
    },
    upcoming: async () => [],
    backfill: async (scheduleNumber, { from, to }) => {
      here();
      backfilled.push(`${scheduleNumber} ${from} ${to}`);
    },
  };
  const deps = {
    schedules: database.stores.schedules,
    scheduler,
    now: () => new Date().toISOString(),
  };
  const plans = createSchedules(deps);
  const created = async (more: Partial<ScheduleTerms> = {}): Promise<ScheduleRow> => {
    const taken = await plans.create({
      scope: 'test',
      key: randomUUID(),
      terms: { ...weekly, ...more },
      by,
    });
    if (taken.kind !== 'created') throw new Error(taken.kind);
    return taken.schedule;
  };
  return { deps, plans, schedules, engine, backfilled, created };
}

const logged = (scheduleNumber: string) => database.sql<{ kind: string; reason: string | null }[]>`
  select kind, reason from case_events where subject = ${scheduleNumber} order by seq`;

test('a schedule is written and scheduled once, however often its key comes', async () => {
  const { plans, schedules } = createDesk();
  const request = { scope: 'ST-05', key: randomUUID(), terms: weekly, by };
  const taken = await Promise.all(Array.from({ length: 10 }, () => plans.create(request)));
  const kinds = taken.map(({ kind }) => kind).sort();
  expect(kinds).toEqual(['created', ...Array(9).fill('same')]);
  expect(schedules.size).toBe(1);
  const other = asking({ phase: 'early' })(weekly);
  expect(await plans.create({ ...request, terms: other })).toEqual({ kind: 'keyReused' });
});

test('a schedule whose Schedule could not be made is mended by the same key, or by the sweeper', async () => {
  const { deps, plans, schedules, engine } = createDesk();
  const request = { scope: 'ST-05', key: randomUUID(), terms: weekly, by };
  engine.away = true;
  await expect(plans.create(request)).rejects.toThrow('away');
  await expect(plans.create({ ...request, key: randomUUID() })).rejects.toThrow('away');
  engine.away = false;
  expect(await plans.create(request)).toMatchObject({
    kind: 'same',
    schedule: { syncedVersion: 1 },
  });
  expect(schedules.size).toBe(1);
  expect(await sweepSchedules(deps)).toBeGreaterThan(0);
  expect(schedules.size).toBeGreaterThan(1);
  expect(await sweepSchedules(deps)).toBe(0);
});

test('a schedule that can’t be scheduled keeps no other from it', async () => {
  const { deps, plans, schedules, engine } = createDesk();
  engine.away = true;
  const make = () => plans.create({ scope: 'test', key: randomUUID(), terms: weekly, by });
  for (let count = 0; count < 3; count += 1) await expect(make()).rejects.toThrow('away');
  engine.away = false;
  const [first] = await database.stores.schedules.unsynced(1);
  const scheduler: Scheduler = {
    ...deps.scheduler,
    put: async (plan) => {
      if (plan.scheduleNumber === first?.scheduleNumber) throw new Error('not this one');
      await deps.scheduler.put(plan);
    },
  };
  await expect(sweepSchedules({ ...deps, scheduler })).rejects.toThrow('not this one');
  expect(schedules.size).toBeGreaterThanOrEqual(2);
  expect(await sweepSchedules(deps)).toBe(1);
});

test('each change is a new version, told once in the audit log, that the Schedule follows', async () => {
  const { plans, schedules, created } = createDesk();
  const { scheduleNumber } = await created();
  await plans.change(scheduleNumber, asking({ phase: 'early' }), because);
  await plans.pause(scheduleNumber, because);
  expect(schedules.get(scheduleNumber)).toMatchObject({ status: 'paused', version: 3 });
  await plans.resume(scheduleNumber, because);
  expect(schedules.get(scheduleNumber)).toMatchObject({
    status: 'active',
    version: 4,
    terms: { request: { phase: 'early' } },
  });
  await plans.archive(scheduleNumber, because);
  expect(schedules.has(scheduleNumber)).toBe(false);
  const kinds = [
    'scheduleCreated',
    'scheduleChanged',
    'schedulePaused',
    'scheduleResumed',
    'scheduleArchived',
  ];
  expect((await logged(scheduleNumber)).map(({ kind }) => kind)).toEqual(kinds);
});

test('of words that come at once each takes effect or is told where the schedule stands', async () => {
  const { plans, schedules, created } = createDesk();
  const { scheduleNumber } = await created();
  const words = [
    ...Array.from({ length: 5 }, () => plans.pause(scheduleNumber, because)),
    ...Array.from({ length: 5 }, (_, day) =>
      plans.change(scheduleNumber, asking({ dueWithin: `P${day + 1}D` }), because),
    ),
  ];
  const kinds = (await Promise.all(words)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'notNow')).toHaveLength(4); // paused once
  const plan = await database.stores.schedules.get(scheduleNumber);
  expect(plan).toMatchObject({ version: 7, syncedVersion: 7, status: 'paused' });
  expect(schedules.get(scheduleNumber)?.version).toBe(7);
});

test('an archived schedule takes no word any more', async () => {
  const { plans, created } = createDesk();
  const { scheduleNumber } = await created();
  await plans.archive(scheduleNumber, because);
  for (const word of [plans.pause, plans.resume, plans.archive])
    expect(await word(scheduleNumber, because)).toMatchObject({
      kind: 'notNow',
      schedule: { status: 'archived', version: 2 },
    });
  const window = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', limit: 100 };
  expect(await plans.backfill(scheduleNumber, window)).toMatchObject({ kind: 'notNow' });
});

test('a backfill says which nominal times it opens, and is bounded', async () => {
  const { plans, created, backfilled } = createDesk();
  const { scheduleNumber } = await created();
  const window = { from: '2026-01-01T00:00:00Z', to: '2026-01-15T00:00:00Z', limit: 100 };
  expect(await plans.backfill(scheduleNumber, window)).toEqual({
    kind: 'done',
    nominalTimes: [
      '2026-01-01T00:00:00.000Z',
      '2026-01-08T00:00:00.000Z',
      '2026-01-15T00:00:00.000Z',
    ],
  });
  expect(await plans.backfill(scheduleNumber, { ...window, limit: 2 })).toEqual({
    kind: 'tooMany',
  });
  expect(backfilled).toHaveLength(1);
});

test('what waits is left out when its schedule is archived', async () => {
  const { plans, created } = createDesk();
  const { scheduleNumber } = await created();
  const waits = { result: 'buffered', caseNumber: null, detail: null } as const;
  await database.stores.schedules.recordOccurrence(
    scheduleNumber,
    '2026-01-05T01:00:00.000Z',
    waits,
  );
  await plans.archive(scheduleNumber, because);
  expect(await database.stores.schedules.occurrences(scheduleNumber, 10)).toMatchObject([
    { result: 'skipped', detail: 'the schedule was archived' },
  ]);
});
