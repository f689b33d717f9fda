/** Inspection plans over Temporal Schedules: the row says what is planned, the Schedule fires it, an occurrence opens one round (N22). */
import type { PlanStatus, PlanTerms } from '../../domain/inspection-plan.ts';

/** What a Schedule is made from. */
export interface Scheduled {
  planNumber: string;
  version: number;
  terms: PlanTerms;
  status: PlanStatus;
  /** Shown beside a paused Schedule; null: none. */
  reason: string | null;
}

/** The engine's Schedules, one per plan under the plan's number. Every call fails when the engine does not answer in time. */
export interface Scheduler {
  /** Makes the Schedule what the plan says; one of a later version stays as it is. */
  put(plan: Scheduled): Promise<void>;
  /** Harmless when there is none. */
  remove(planNumber: string): Promise<void>;
  /** The next nominal times, ISO 8601 UTC; empty without a Schedule. */
  upcoming(planNumber: string): Promise<string[]>;
  /** Fires every nominal time from `from` to `to`, both included, at once. */
  backfill(planNumber: string, window: { from: string; to: string }): Promise<void>;
}

export { type OccurrenceDeps, openOccurrence, openWaiting } from './occurrences.ts';
export { createPlans, type PlanActor, type Plans, type PlanTaken, sweepPlans } from './plans.ts';
export { createScheduler } from './scheduler.ts';
