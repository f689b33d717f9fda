/** A schedule as every reader sees it, with what this caller may do now. */
import { inspectionOf } from '../domain/inspection-plan.ts';
import type { ScheduleRow } from '../services/schedules/index.ts';
import type { AppDeps } from './deps.ts';
import { actorIn, type Person } from './plugins/auth.ts';
import type { LatestOf, PlanPage, ScheduleAction, SchedulePage } from './shapes/schedule.ts';

/** Who plans. */
export const planners = ['supervisor', 'manager'] as const;
const possible: Record<ScheduleRow['status'], readonly ScheduleAction[]> = {
  active: ['change', 'pause', 'backfill', 'archive'],
  paused: ['change', 'resume', 'backfill', 'archive'],
  archived: [],
};

/** What this person may do with the schedule now. */
export const scheduleActionsFor = (person: Person, { status }: ScheduleRow): ScheduleAction[] =>
  actorIn(person, planners) ? [...possible[status]] : [];

/** The schedule's resource. */
export function schedulePage(row: ScheduleRow, person: Person): SchedulePage {
  const { scheduleNumber, terms } = row;
  const self = `/v1/schedules/${scheduleNumber}`;
  return { scheduleNumber, ...terms, ...standing(row, person), links: { self } };
}

/** A schedule of inspection rounds as the inspection plan that it is. */
export function planPage(row: ScheduleRow, person: Person): PlanPage {
  const { scheduleNumber: planNumber, terms } = row;
  const self = `/v1/inspection-plans/${planNumber}`;
  return { planNumber, ...inspectionOf(terms), ...standing(row, person), links: { self } };
}

function standing(row: ScheduleRow, person: Person) {
  const { scheduleNumber: _, terms: __, syncedVersion, ...rest } = row;
  return {
    ...rest,
    scheduled: syncedVersion === row.version,
    allowedActions: scheduleActionsFor(person, row),
  };
}

const shown = 20;

/** Its next cases as the Schedule tells them, and the latest ones with what became of them. */
export async function latestOf(
  { scheduler, stores: { schedules } }: AppDeps,
  { scheduleNumber }: ScheduleRow,
): Promise<LatestOf> {
  const [nextOccurrences, occurrences, changes] = await Promise.all([
    scheduler.upcoming(scheduleNumber).catch(() => null),
    schedules.occurrences(scheduleNumber, shown),
    schedules.changes(scheduleNumber, shown),
  ]);
  return { nextOccurrences, occurrences, changes };
}
