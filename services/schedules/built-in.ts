import type { SchedulesEffects } from './index.ts';
import { type OccurrenceDeps, openOccurrence } from './occurrences.ts';

/** Cases that a Schedule opens, through our own front door. */
export const createSchedulesEffects = (deps: OccurrenceDeps): SchedulesEffects => ({
  openOccurrence: (due) => openOccurrence(deps, due),
});
