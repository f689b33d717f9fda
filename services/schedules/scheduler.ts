/** Schedules as Schedules of a Temporal server. */
import {
  type CalendarSpec,
  type Client,
  type DayOfWeek,
  MONTHS,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleSpec,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { milliseconds } from '../../domain/duration.ts';
import type { Calendar, ScheduleStatus, ScheduleTerms } from '../../domain/schedule.ts';

/** What a Schedule is made from. */
export interface Scheduled {
  scheduleNumber: string;
  version: number;
  terms: ScheduleTerms;
  status: ScheduleStatus;
  /** Shown beside a paused Schedule; null: none. */
  reason: string | null;
}

/** The engine's Schedules, one per row under its number. Every call fails when the engine does not answer in time. */
export interface Scheduler {
  /** Makes the Schedule what the row says; one of a later version stays as it is. */
  put(schedule: Scheduled): Promise<void>;
  /** Harmless when there is none. */
  remove(scheduleNumber: string): Promise<void>;
  /** The next nominal times, ISO 8601 UTC; empty without a Schedule. */
  upcoming(scheduleNumber: string): Promise<string[]>;
  /** Fires every nominal time from `from` to `to`, both included, at once. */
  backfill(scheduleNumber: string, window: { from: string; to: string }): Promise<void>;
}

export interface SchedulerOptions {
  /** The task queue of the workflows. */
  taskQueue: string;
  /** Milliseconds the engine may take; 10,000 when undefined. */
  deadlineMs?: number;
}

/** A scheduler over a Temporal server. */
export function createScheduler(client: Client, options: SchedulerOptions): Scheduler {
  const { schedule: schedules } = client;
  const within = <T>(call: () => Promise<T>) =>
    client.withDeadline(Date.now() + (options.deadlineMs ?? 10_000), call);
  const ifThere = <T>(none: T, call: () => Promise<T>) =>
    within(call).catch((error) => {
      if (error instanceof ScheduleNotFoundError) return none;
      throw error;
    });
  return {
    put: (schedule) => within(() => put(client, schedule, options.taskQueue)),
    remove: (scheduleNumber) =>
      ifThere(undefined, () => schedules.getHandle(scheduleNumber).delete()),
    upcoming: (scheduleNumber) =>
      ifThere([], async () => {
        const { info, state } = await schedules.getHandle(scheduleNumber).describe();
        return state.paused ? [] : info.nextActionTimes.map((at) => at.toISOString());
      }),
    backfill: (scheduleNumber, { from, to }) =>
      within(() =>
        schedules.getHandle(scheduleNumber).backfill({
          start: new Date(Date.parse(from) - 1), // servers differ on whether the start itself counts
          end: new Date(to),
          overlap: ScheduleOverlapPolicy.ALLOW_ALL,
        }),
      ),
  };
}

async function put({ schedule: schedules }: Client, schedule: Scheduled, taskQueue: string) {
  const { scheduleNumber: scheduleId, version } = schedule;
  const wanted = optionsOf(schedule, taskQueue);
  try {
    await schedules.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = schedules.getHandle(scheduleId);
    const { action } = await handle.describe();
    if (versionOf(action.args) <= version) await handle.update(() => wanted);
  }
}

const versionOf = (args: readonly unknown[] = []): number =>
  (args[0] as { version?: number } | undefined)?.version ?? 0;

/** Overlap is judged by the cases that are open, when an occurrence is opened: what runs here is the opener, a matter of a second,
 *  and one that waits for a worker must not cost the next occurrence its case. */
function optionsOf(
  { scheduleNumber, version, terms, status, reason }: Scheduled,
  taskQueue: string,
): ScheduleUpdateOptions {
  return {
    spec: specOf(terms),
    action: {
      type: 'startWorkflow',
      workflowType: 'scheduleOccurrence',
      workflowId: scheduleNumber,
      taskQueue,
      args: [{ scheduleNumber, version }],
      staticSummary: `${scheduleNumber}: ${terms.flow}`,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      catchupWindow: milliseconds(terms.catchUpWindow),
    },
    state: {
      paused: status === 'paused',
      note: `${reason ?? 'as planned'} (overlapping cases: ${terms.overlap})`,
    },
  };
}

function specOf({ calendar, interval, timeZone }: ScheduleTerms): ScheduleSpec {
  if (calendar)
    return { calendars: calendar.times.map((time) => dayAt(calendar, time)), timezone: timeZone };
  const { every, startingAt } = interval ?? { every: 'P1D' };
  const offset = (startingAt ? Date.parse(startingAt) : 0) % milliseconds(every);
  return { intervals: [{ every: milliseconds(every), offset }], timezone: timeZone };
}

function dayAt({ months, daysOfMonth, weekdays }: Calendar, time: string): CalendarSpec {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return {
    hour,
    minute,
    dayOfMonth: daysOfMonth ?? '*',
    month: months ? months.flatMap((month) => MONTHS[month - 1] ?? []) : '*',
    dayOfWeek: weekdays ? weekdays.map((name) => name.toUpperCase() as DayOfWeek) : '*',
  };
}
