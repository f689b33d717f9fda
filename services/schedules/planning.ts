/** Makes, changes, pauses and archives schedules: row first, Schedule second; whatever was left between is mended by the sweeper. */
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import type { Actor } from '../../domain/case.ts';
import { occurrencesBetween, type ScheduleTerms } from '../../domain/schedule.ts';
import type { ScheduleRow, ScheduleStore } from './schedule-store.ts';
import type { Scheduler } from './scheduler.ts';

export interface ScheduleDeps {
  schedules: ScheduleStore;
  scheduler: Scheduler;
  /** ISO 8601 UTC. */
  now: () => string;
}

/** Who asks, and why; under the same act id a repetition changes nothing. Null: never repeated. */
export interface Planner {
  by: Actor;
  reason: string;
  actId: string | null;
}

export type ScheduleTaken =
  | { kind: 'done'; schedule: ScheduleRow }
  /** Not in the status that the schedule is in. */
  | { kind: 'notNow'; schedule: ScheduleRow };

export interface Schedules {
  /** Writes the schedule and its Schedule in the engine, once per key. Fails when the engine does not answer: the same key may be tried again. */
  create(request: {
    scope: string;
    key: string;
    terms: ScheduleTerms;
    by: Actor;
  }): Promise<{ kind: 'created' | 'same'; schedule: ScheduleRow } | { kind: 'keyReused' }>;
  change(
    scheduleNumber: string,
    terms: (before: ScheduleTerms) => ScheduleTerms,
    who: Planner,
  ): Promise<ScheduleTaken>;
  pause(scheduleNumber: string, who: Planner): Promise<ScheduleTaken>;
  resume(scheduleNumber: string, who: Planner): Promise<ScheduleTaken>;
  archive(scheduleNumber: string, who: Planner): Promise<ScheduleTaken>;
  /** The nominal times that are opened now, unless they were before. */
  backfill(
    scheduleNumber: string,
    window: { from: string; to: string; limit: number },
  ): Promise<
    | { kind: 'notNow'; schedule: ScheduleRow }
    | { kind: 'tooMany' }
    | { kind: 'done'; nominalTimes: string[] }
  >;
}

/** Schedules over a store and a scheduler. */
export function createSchedules(deps: ScheduleDeps): Schedules {
  const word = (kind: WordKind) => (scheduleNumber: string, who: Planner) =>
    edit(deps, scheduleNumber, kind, who, (before) => before);
  return {
    create: (request) => create(deps, request),
    change: (scheduleNumber, terms, who) =>
      edit(deps, scheduleNumber, 'scheduleChanged', who, terms),
    pause: word('schedulePaused'),
    resume: word('scheduleResumed'),
    archive: word('scheduleArchived'),
    backfill: (scheduleNumber, window) => backfill(deps, scheduleNumber, window),
  };
}

async function create(
  deps: ScheduleDeps,
  { scope, key, terms, by }: Parameters<Schedules['create']>[0],
): ReturnType<Schedules['create']> {
  const bodyHash = hashOf(terms);
  const { kind, scheduleNumber } = await deps.schedules.create({
    scope,
    key,
    bodyHash,
    terms,
    by,
    at: deps.now(),
  });
  if (kind === 'keyReused') return { kind };
  return { kind, schedule: await synced(deps, scheduleNumber) };
}

type WordKind = 'scheduleChanged' | 'schedulePaused' | 'scheduleResumed' | 'scheduleArchived';
/** From which status, to which. */
const moves = {
  scheduleChanged: { active: 'active', paused: 'paused' },
  schedulePaused: { active: 'paused' },
  scheduleResumed: { paused: 'active' },
  scheduleArchived: { active: 'archived', paused: 'archived' },
} as const satisfies Record<
  WordKind,
  Partial<Record<ScheduleRow['status'], ScheduleRow['status']>>
>;

async function edit(
  deps: ScheduleDeps,
  scheduleNumber: string,
  kind: WordKind,
  { by, reason, actId }: Planner,
  termsOf: (before: ScheduleTerms) => ScheduleTerms,
): Promise<ScheduleTaken> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const schedule = await scheduleOf(deps, scheduleNumber);
    if (actId && (await deps.schedules.wasSaid(scheduleNumber, actId)))
      return { kind: 'done', schedule: await synced(deps, scheduleNumber) };
    const status = (moves[kind] as Partial<Record<string, ScheduleRow['status']>>)[schedule.status];
    if (!status) return { kind: 'notNow', schedule };
    const { version } = schedule;
    const edit = { scheduleNumber, version, terms: termsOf(schedule.terms), status, kind };
    if (await deps.schedules.edit({ ...edit, reason, by, actId, at: deps.now() }))
      return { kind: 'done', schedule: await synced(deps, scheduleNumber) };
  }
  throw new ServiceFailure('Contention', `${scheduleNumber} keeps changing`);
}

async function backfill(
  deps: ScheduleDeps,
  scheduleNumber: string,
  window: { from: string; to: string; limit: number },
): ReturnType<Schedules['backfill']> {
  const schedule = await synced(deps, scheduleNumber);
  if (schedule.status === 'archived') return { kind: 'notNow', schedule };
  const nominalTimes = occurrencesBetween(schedule.terms, { ...window, limit: window.limit + 1 });
  if (nominalTimes.length > window.limit) return { kind: 'tooMany' };
  if (nominalTimes.length > 0) await deps.scheduler.backfill(scheduleNumber, window);
  return { kind: 'done', nominalTimes };
}

/** The row once its Schedule follows it. Who finds that it was changed meanwhile puts the later one: his own may have come last. */
async function synced(
  { schedules, scheduler }: ScheduleDeps,
  scheduleNumber: string,
): Promise<ScheduleRow> {
  let schedule = await scheduleOf({ schedules }, scheduleNumber);
  if (schedule.syncedVersion === schedule.version) return schedule;
  for (;;) {
    if (schedule.status === 'archived') await scheduler.remove(scheduleNumber);
    else await scheduler.put(schedule);
    await schedules.markSynced(scheduleNumber, schedule.version);
    const now = await scheduleOf({ schedules }, scheduleNumber);
    if (now.version === schedule.version) return now;
    schedule = now;
  }
}

async function scheduleOf(
  { schedules }: Pick<ScheduleDeps, 'schedules'>,
  scheduleNumber: string,
): Promise<ScheduleRow> {
  const schedule = await schedules.get(scheduleNumber);
  if (!schedule) throw new ServiceFailure('RequestRefused', `no schedule ${scheduleNumber}`);
  return schedule;
}

/** Makes the Schedules of rows that were written and not scheduled, and answers how many. Harmless when several sweep at once.
 *  Fails with the first one that could not be made, once the others are. */
export async function sweepSchedules(deps: ScheduleDeps): Promise<number> {
  const waiting = await deps.schedules.unsynced(50);
  const ends = await Promise.allSettled(
    waiting.map(({ scheduleNumber }) => synced(deps, scheduleNumber)),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return waiting.length;
}
