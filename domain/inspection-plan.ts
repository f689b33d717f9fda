/** Inspection plans: when rounds fall due, and which calendars never can (FLOW-INSP, N22). Pure; instants are ISO 8601 UTC. */
import { DateTime, Duration, IANAZone } from 'luxon';

export const phases = ['early', 'middle', 'late'] as const;
/** Three passes over all sites, each with its own form (R40). */
export type Phase = (typeof phases)[number];

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
  /** Wall-clock times of the plan's zone: `09:00`. */
  times: string[];
}

export interface Interval {
  /** ISO 8601 duration. */
  every: string;
  /** The instant that the rounds count from; 1970 when undefined. */
  startingAt?: string | undefined;
}

/** What happens to a round that falls due while the plan's last one is still open: it opens as well; it is left out; it waits,
 *  one at most, until that one has ended. */
export const overlaps = ['allowAll', 'skip', 'bufferOne'] as const;
export type Overlap = (typeof overlaps)[number];

/** What a plan asks for. */
export interface PlanTerms {
  customerNumber: string;
  phase: Phase;
  /** Null: whatever the customer has when a round falls due. */
  serialNumbers: string[] | null;
  /** Exactly one of the two is set. */
  calendar: Calendar | null;
  interval: Interval | null;
  /** IANA name. */
  timeZone: string;
  overlap: Overlap;
  /** ISO 8601 duration: how late a round may still be opened after an outage of the engine. */
  catchUpWindow: string;
  /** ISO 8601 duration: a round is to be done so long after its nominal time. */
  dueWithin: string;
  severity: 'medium' | 'low';
}

export const planStatuses = ['active', 'paused', 'archived'] as const;
export type PlanStatus = (typeof planStatuses)[number];

/** The occurrence that a round was opened for: plan and nominal time, which make it unique. */
export interface OccurrenceRef {
  planNumber: string;
  nominalAt: string;
  overlap: Overlap;
}

/** What makes two open rounds the same: the plan, when its rounds may not overlap; else plan and nominal time. */
export const twinOf = ({ planNumber, nominalAt, overlap }: OccurrenceRef): string =>
  overlap === 'allowAll' ? `${planNumber}/${nominalAt}` : planNumber;

export const milliseconds = (duration: string): number => Duration.fromISO(duration).toMillis();

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
  plan: Pick<PlanTerms, 'calendar' | 'interval' | 'timeZone'>,
  { from, to, limit }: { from: string; to: string; limit: number },
): string[] {
  const all = plan.calendar
    ? ofCalendar(plan.calendar, plan.timeZone, from)
    : ofInterval(plan.interval ?? { every: 'P1D' }, from);
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

/** A nominal time of a plan (ISO 8601). */
export interface OccurrenceDue {
  planNumber: string;
  nominalAt: string;
}

/** `caseNumber`: the round that was opened, or the open one that it was left out for. */
export interface OpenedOccurrence {
  result: 'opened' | 'skipped' | 'buffered' | 'refused';
  caseNumber: string | null;
}
