/** Inspection plans over Temporal Schedules: the row says what is planned, the Schedule fires it, an occurrence opens one round (N22). */
import type { OccurrenceDue, OpenedOccurrence } from '../../domain/inspection-plan.ts';

/** What a Schedule asks of us: an activity. */
export interface SchedulesEffects {
  /** Opens the round of a plan's nominal time (ISO 8601), once, or says what stands of it. */
  openOccurrence(due: OccurrenceDue): Promise<OpenedOccurrence>;
}

export type { Occurrence } from './occurrence-store.ts';
export { openWaiting } from './occurrences.ts';
export type { PlanEvent, PlanRow, PlanStore } from './plan-store.ts';
export { createPlans, type Plans, type PlanTaken, sweepPlans } from './plans.ts';
export { createScheduler, type Scheduled, type Scheduler } from './scheduler.ts';
