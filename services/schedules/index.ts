/** Schedules of any flow over Temporal's own: the row says what is planned, the Schedule fires it, an occurrence opens one case (N22). */
import type { OccurrenceDue, OpenedOccurrence } from '../../domain/schedule.ts';

/** What a Schedule asks of us: an activity. */
export interface SchedulesEffects {
  /** Opens the case of a schedule's nominal time (ISO 8601), once, or says what stands of it. */
  openOccurrence(due: OccurrenceDue): Promise<OpenedOccurrence>;
}

export type { Occurrence } from './occurrence-store.ts';
export { openWaiting } from './occurrences.ts';
export { createSchedules, type Schedules, type ScheduleTaken, sweepSchedules } from './planning.ts';
export type { ScheduleEvent, ScheduleRow, ScheduleStore } from './schedule-store.ts';
export { createScheduler, type Scheduled, type Scheduler } from './scheduler.ts';
export { problemsToday } from './template.ts';
