import type { SchedulesEffects } from './index.ts';
import { type OccurrenceDeps, openOccurrence } from './occurrences.ts';

/** Rounds that a Schedule opens, through our own front door. */
export const createSchedules = (deps: OccurrenceDeps): SchedulesEffects => ({
  openOccurrence: (due) => openOccurrence(deps, due),
});
