/** Schedules: when cases of a flow fall due by themselves, and which calendars never can (N22). Pure; instants are ISO 8601 UTC. */
import { DateTime, IANAZone } from 'luxon';
import { milliseconds } from './duration.ts';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof weekdays)[number];

/** A day must fulfil everything that is said of it; what is left out is every month, every day. */
export interface Calendar {
  /** 1 to 12. */
  months?: number[] | undefined;
  /** 1 to 31. With weekdays too: the first Monday is a Monday from the 1st to the 7th. */
  daysOfMonth?: number[] | undefined;
  weekdays?: Weekday[] | undefined;
  /** Wall-clock times of the schedule's zone: `09:00`. */
  times: string[];
}

export interface Interval {
  /** ISO 8601 duration. */
  every: string;
  /** The instant that the times count from; 1970 when undefined. */
  startingAt?: string | undefined;
}

/** What happens to a case that falls due while the schedule's last one is still open: it opens as well; it is left out; it waits,
 *  one at most, until that one has ended. */
export const overlaps = ['allowAll', 'skip', 'bufferOne'] as const;
export type Overlap = (typeof overlaps)[number];

/** When a schedule falls due, and what becomes of a case that falls due late or beside another one. */
export interface Timing {
  /** Exactly one of the two is set. */
  calendar: Calendar | null;
  interval: Interval | null;
  /** IANA name. */
  timeZone: string;
  overlap: Overlap;
  /** ISO 8601 duration: how late a case may still be opened after an outage of the engine. */
  catchUpWindow: string;
}

/** What each case of a schedule is opened with: whom to call is found when it falls due. */
export interface Template {
  flow: string;
  /** What the flow's opening contract asks for. */
  request: Record<string, unknown>;
}

/** What a schedule asks for. */
export interface ScheduleTerms extends Timing, Template {}

export const scheduleStatuses = ['active', 'paused', 'archived'] as const;
export type ScheduleStatus = (typeof scheduleStatuses)[number];

/** The occurrence that a case was opened for: schedule and nominal time, which make it unique. */
export interface OccurrenceRef {
  scheduleNumber: string;
  nominalAt: string;
  overlap: Overlap;
}

/** What makes two open cases of a schedule the same: the schedule, when its cases may not overlap; else schedule and nominal time. */
export const twinOf = ({ scheduleNumber, nominalAt, overlap }: OccurrenceRef): string =>
  overlap === 'allowAll' ? `${scheduleNumber}/${nominalAt}` : scheduleNumber;

const lastDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** False for a calendar that no day ever fulfils, such as 31 February. */
export function canFallDue({ months = [], daysOfMonth = [] }: Calendar): boolean {
  const longest = Math.max(
    ...lastDays.filter((_, index) => months.length === 0 || months.includes(index + 1)),
  );
  // every date that exists falls on every weekday some year
  return daysOfMonth.length === 0 || daysOfMonth.some((day) => day <= longest);
}

/** The zone's name as every tz database spells it; null for one that there isn't. */
export function zoneNamed(name: string): string | null {
  if (!/^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/.test(name) || !IANAZone.isValidZone(name))
    return null;
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}

/** Nominal times from `from` to `to`, both included, in order; no more than `limit`. */
export function occurrencesBetween(
  { calendar, interval, timeZone }: Pick<Timing, 'calendar' | 'interval' | 'timeZone'>,
  { from, to, limit }: { from: string; to: string; limit: number },
): string[] {
  const all = calendar
    ? ofCalendar(calendar, timeZone, from)
    : ofInterval(interval ?? { every: 'P1D' }, from);
  const found: string[] = [];
  for (const at of all) {
    if (at > Date.parse(to) || found.length === limit) break;
    if (at >= Date.parse(from)) found.push(new Date(at).toISOString());
  }
  return found;
}

function* ofInterval({ every, startingAt }: Interval, from: string): Generator<number> {
  const step = milliseconds(every);
  const offset = (startingAt ? Date.parse(startingAt) : 0) % step;
  const first = Math.ceil((Date.parse(from) - offset) / step);
  for (let count = first; ; count += 1) yield offset + count * step;
}

const eightYears = 366 * 8; // the longest way from one 29 February to the next

function* ofCalendar(calendar: Calendar, zone: string, from: string): Generator<number> {
  const times = [...new Set(calendar.times)].sort();
  const first = DateTime.fromISO(from, { zone }).startOf('day');
  for (let day = first, barren = 0; barren <= eightYears * 7; day = day.plus({ days: 1 })) {
    barren += 1;
    if (!matches(calendar, day)) continue;
    barren = 0;
    for (const time of times) {
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      const at = day.set({ hour, minute });
      // an hour that the zone skips that day has no such time
      if (at.hour === hour && at.minute === minute) yield at.toMillis();
    }
  }
}

const matches = ({ months, daysOfMonth, weekdays: days }: Calendar, day: DateTime): boolean =>
  (months?.includes(day.month) ?? true) &&
  (daysOfMonth?.includes(day.day) ?? true) &&
  (days?.some((name) => weekdays.indexOf(name) === day.weekday - 1) ?? true);

/** A nominal time of a schedule (ISO 8601). */
export interface OccurrenceDue {
  scheduleNumber: string;
  nominalAt: string;
}

/** `caseNumber`: the case that was opened, or the open one that it was left out for. */
export interface OpenedOccurrence {
  result: 'opened' | 'skipped' | 'buffered' | 'refused';
  caseNumber: string | null;
}
