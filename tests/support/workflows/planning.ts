/** Schedules of rounds on a world's own engine: weekly, early, of one switch, unless told. */
import { randomUUID } from 'node:crypto';
import { inspectionTerms, newPlan } from '../../../domain/inspection-plan.ts';
import { occurrencesBetween, type ScheduleTerms } from '../../../domain/schedule.ts';
import {
  createScheduler,
  createSchedules,
  type Occurrence,
  type ScheduleStore,
  type Schedules,
} from '../../../services/schedules/index.ts';

import { createStores } from '../../../services/stores.ts';
import type { World } from '../world.ts';
import { eventually } from './desk.ts';

const by = { id: 'ST-05', role: 'supervisor' } as const;
/** Why a test changes a schedule. */
export const because = { by, reason: 'A test.', actId: null };

const weekly: ScheduleTerms = inspectionTerms(
  newPlan.parse({
    customerNumber: 'CU-1003',
    phase: 'early',
    serialNumbers: ['NET-SCH-0001'],
    interval: { every: 'P7D' },
    timeZone: 'UTC',
  }),
);

export interface Planning {
  store: ScheduleStore;
  schedules: Schedules;
  /** A new schedule's number. */
  planned(more?: Partial<ScheduleTerms>): Promise<string>;
  /** What became of so many nominal times, in their order, once it has. */
  settled(scheduleNumber: string, count: number): Promise<Occurrence[]>;
}

export function createPlanning(world: World): Planning {
  const store = createStores(world.sql).schedules;
  const { taskQueues } = world.engine;
  const schedules = createSchedules({
    schedules: store,
    scheduler: createScheduler(world.client, { taskQueue: taskQueues.workflows }),
    now: () => new Date().toISOString(),
  });
  return {
    store,
    schedules,
    async planned(more = {}) {
      const terms = { ...weekly, ...more };
      const made = await schedules.create({ scope: 'test', key: randomUUID(), terms, by });
      if (made.kind !== 'created') throw new Error(made.kind);
      return made.schedule.scheduleNumber;
    },
    settled: (scheduleNumber, count) =>
      eventually(
        async () => (await store.occurrences(scheduleNumber, 100)).reverse(),
        (seen) => seen.length >= count,
      ),
  };
}

/** The last weeks up to now, and the nominal times of a weekly schedule in them. */
export function weeks(count: number) {
  const to = new Date().toISOString();
  const from = new Date(Date.now() - count * 7 * 86_400_000).toISOString();
  return { from, to, nominal: occurrencesBetween(weekly, { from, to, limit: 100 }) };
}

/** The id that the engine gives to the opener of a schedule's nominal time. */
export const openerOf = (scheduleNumber: string, nominalAt: string) =>
  `${scheduleNumber}-${nominalAt.replace('.000Z', 'Z')}`;
