/** Inspection plans on a world's own engine: weekly, early, of one switch, unless told. */
import { randomUUID } from 'node:crypto';
import { occurrencesBetween, type PlanTerms } from '../../domain/inspection-plan.ts';
import { newPlan, termsOf } from '../../domain/inspection-plan-contracts.ts';
import {
  createPlans,
  createScheduler,
  type Occurrence,
  type PlanStore,
  type Plans,
} from '../../services/inspection/index.ts';

import { createStores } from '../../services/stores.ts';
import type { World } from '../support/world.ts';
import { eventually } from './desk.ts';

const by = { id: 'ST-05', role: 'supervisor' } as const;
/** Why a test changes a plan. */
export const because = { by, reason: 'A test.', actId: null };

const weekly: PlanTerms = termsOf(
  newPlan.parse({
    customerNumber: 'CU-1003',
    phase: 'early',
    serialNumbers: ['NET-SCH-0001'],
    interval: { every: 'P7D' },
    timeZone: 'UTC',
  }),
);

export interface Planning {
  store: PlanStore;
  plans: Plans;
  /** A new plan's number. */
  planned(more?: Partial<PlanTerms>): Promise<string>;
  /** What became of so many nominal times, in their order, once it has. */
  settled(planNumber: string, count: number): Promise<Occurrence[]>;
}

export function createPlanning(world: World): Planning {
  const store = createStores(world.sql).plans;
  const { taskQueues } = world.engine;
  const plans = createPlans({
    plans: store,
    scheduler: createScheduler(world.client, { taskQueue: taskQueues.workflows }),
    now: () => new Date().toISOString(),
  });
  return {
    store,
    plans,
    async planned(more = {}) {
      const terms = { ...weekly, ...more };
      const made = await plans.create({ scope: 'test', key: randomUUID(), terms, by });
      if (made.kind !== 'created') throw new Error(made.kind);
      return made.plan.planNumber;
    },
    settled: (planNumber, count) =>
      eventually(
        async () => (await store.occurrences(planNumber, 100)).reverse(),
        (seen) => seen.length >= count,
      ),
  };
}

/** The last weeks up to now, and the nominal times of a weekly plan in them. */
export function weeks(count: number) {
  const to = new Date().toISOString();
  const from = new Date(Date.now() - count * 7 * 86_400_000).toISOString();
  return { from, to, nominal: occurrencesBetween(weekly, { from, to, limit: 100 }) };
}

/** The id that the engine gives to the opener of a plan's nominal time. */
export const openerOf = (planNumber: string, nominalAt: string) =>
  `${planNumber}-${nominalAt.replace('.000Z', 'Z')}`;
