/** Shapes of schedules as they cross HTTP (`/v1/schedules`). What is impossible is refused by field, saying what is allowed. */
import { z } from 'zod';
import { flowDefinition, flows } from './catalogue.ts';
import { milliseconds } from './duration.ts';
import { errorsOfIssue } from './problems.ts';
import {
  canFallDue,
  overlaps,
  type ScheduleTerms,
  type Timing,
  weekdays,
  zoneNamed,
} from './schedule.ts';
import { duration, instant, reason } from './values.ts';

const whole = (min: number, max: number) => {
  const allowed = `a whole number from ${min} to ${max}`;
  return z.int(allowed).min(min, allowed).max(max, allowed);
};
const some = <Item extends z.ZodType>(item: Item, max: number) =>
  z.array(item).min(1, 'at least one; leave it out for all').max(max);

const calendar = z
  .strictObject({
    months: some(whole(1, 12), 12).optional(),
    daysOfMonth: some(whole(1, 31), 31).optional(),
    weekdays: some(z.enum(weekdays), 7).optional(),
    times: z
      .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day from 00:00 to 23:59'), {
        error: 'at least one time of day, such as ["09:00"]',
      })
      .min(1, 'at least one time of day, such as ["09:00"]')
      .max(24, 'at most 24 times a day'),
  })
  .refine(canFallDue, {
    path: ['daysOfMonth'],
    error:
      'no such day in these months: 1 to 29 in February, to 30 in April, June, September, November, to 31 in the others',
  });
const interval = z.strictObject({
  every: duration('PT1M', 'P366D'),
  startingAt: instant.optional(),
});

/** When it falls due: part of every body that makes or changes a schedule. */
export const timing = {
  calendar,
  interval,
  timeZone: z
    .string()
    .max(64)
    .refine(
      (name) => zoneNamed(name) !== null,
      'UTC or the IANA name of a zone, such as Asia/Shanghai',
    )
    .overwrite((name) => zoneNamed(name) ?? name),
  overlap: z.enum(overlaps),
  catchUpWindow: duration('PT1M', 'P365D'),
};
/** The same for a new one. */
export const newTiming = {
  ...timing,
  calendar: calendar.optional(),
  interval: interval.optional(),
  overlap: timing.overlap.default('allowAll'),
  catchUpWindow: timing.catchUpWindow.default('P365D'),
};

type Due = { calendar?: unknown; interval?: unknown };
const either = { path: ['calendar'], error: 'either a calendar or an interval' };
/** Refines a new one: `body.refine(...eitherOne)`. */
export const eitherOne = [
  ({ calendar, interval }: Due) => (calendar === undefined) !== (interval === undefined),
  either,
] as const;
/** Refines a change. */
export const atMostOne = [
  ({ calendar, interval }: Due) => calendar === undefined || interval === undefined,
  either,
] as const;
/** Refines a change. */
export const somethingSaid = [
  (body: object) => Object.keys(body).length > 1,
  'nothing to change',
] as const;

/** What opens the flow, whose contract says what that is (`GET /v1/flows`); channel and contact are found for each case. */
export const request = z.record(z.string(), z.unknown()).meta({
  id: 'ScheduleRequest',
  description: 'What opens the flow, as `GET /v1/flows` says it, but for channel and contact',
});

/** `POST /v1/schedules`. */
export const newSchedule = z
  .strictObject({ flow: z.enum(flows.map(({ name }) => name)), request, ...newTiming })
  .refine(...eitherOne);

/** `PATCH /v1/schedules/{scheduleNumber}`: what is left out stays. */
export const scheduleChange = z
  .strictObject({ ...z.object({ request, ...timing }).partial().shape, reason })
  .refine(...atMostOne)
  .refine(...somethingSaid);

/** Pausing, resuming and archiving say why. */
export const scheduleWord = z.strictObject({ reason });

/** `POST …/backfill`: cases whose nominal time lies in the window are opened once each, whether or not they were before. */
export const backfillWindow = z
  .strictObject({ from: instant, to: instant })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), {
    path: ['to'],
    error: 'not before from',
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= milliseconds('P366D'), {
    path: ['from'],
    error: 'at most 366 days before to',
  });

type Said<Part> = { [Name in keyof Part]?: Part[Name] | undefined };

/** The terms of a new schedule. */
export const termsOf = ({ calendar, interval, ...body }: z.output<typeof newSchedule>) => ({
  ...body,
  calendar: calendar ?? null,
  interval: interval ?? null,
});

/** The terms after a change: a calendar takes the interval's place, and the other way round. */
export function changedTerms(
  before: ScheduleTerms,
  { reason: _, ...change }: Said<Timing & Pick<ScheduleTerms, 'request'>> & { reason: string },
): ScheduleTerms {
  const said = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<ScheduleTerms>;
  if (said.calendar) return { ...before, ...said, interval: null };
  if (said.interval) return { ...before, ...said, calendar: null };
  return { ...before, ...said };
}

/** An emergency drill in each quarter. */
export const scheduleExamples: z.input<typeof newSchedule>[] = [
  {
    flow: 'emergencyResponse',
    request: {
      customerNumber: 'CU-1004',
      serialNumber: 'SRV-DC-0002',
      fault: {
        code: 'SRV-NODE-HANG',
        description: 'Drill: one node hangs and does not come back by itself.',
        impactScope: 'machineDown',
      },
      drill: true,
    },
    calendar: { months: [1, 4, 7, 10], daysOfMonth: [15], times: ['10:00'] },
    timeZone: 'Asia/Shanghai',
    overlap: 'skip',
  },
];

/** What is decided or found out for each case anew: how it came, whom to call, what a person answers for. */
const perCase = ['flow', 'channel', 'contact', 'allowDuplicate', 'overrideEntitlement'];

/** What is wrong with a request that a flow's cases are to be opened with, by field. */
export function templateProblems({ flow, request }: Pick<ScheduleTerms, 'flow' | 'request'>) {
  const shape = Object.entries(flowDefinition(flow)?.input.shape ?? {});
  const kept = Object.fromEntries(shape.filter(([name]) => !perCase.includes(name)));
  const { error } = z.strictObject(kept).safeParse(request);
  return (error?.issues ?? []).flatMap(errorsOfIssue);
}
