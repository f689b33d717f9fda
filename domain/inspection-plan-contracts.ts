/** Shapes of inspection plans as they cross HTTP (`/v1/inspection-plans`). What is impossible is refused by field, saying what is allowed. */
import { z } from 'zod';
import {
  canFallDue,
  milliseconds,
  overlaps,
  type PlanTerms,
  phases,
  weekdays,
  zoneNamed,
} from './inspection-plan.ts';
import { customerNumber, instant, reason, serialNumber } from './values.ts';

const whole = (min: number, max: number) => {
  const allowed = `a whole number from ${min} to ${max}`;
  return z.int(allowed).min(min, allowed).max(max, allowed);
};
const some = <Item extends z.ZodType>(item: Item, max: number) =>
  z.array(item).min(1, 'at least one; leave it out for all').max(max);

const form = /^P(?=.)(\d{1,6}D)?(T(?=.)(\d{1,6}H)?(\d{1,6}M)?)?$/;

/** ISO 8601 with days as its largest unit, between two bounds. */
function duration(shortest: string, longest: string) {
  const error = `an ISO 8601 duration of days, hours, minutes from ${shortest} to ${longest}`;
  const [min, max] = [milliseconds(shortest), milliseconds(longest)];
  const fits = (text: string) =>
    form.test(text) && milliseconds(text) >= min && milliseconds(text) <= max;
  return z.string(error).max(30, error).refine(fits, error);
}

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

const terms = {
  phase: z.enum(phases),
  serialNumbers: some(serialNumber, 200).nullable(),
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
  dueWithin: duration('PT1H', 'P366D'),
  severity: z.enum(['medium', 'low']),
};

const oneOfBoth = (body: { calendar?: unknown; interval?: unknown }) =>
  (body.calendar === undefined) !== (body.interval === undefined);
const oneOfBothSaid = { path: ['calendar'], error: 'either a calendar or an interval' };

/** `POST /v1/inspection-plans`. */
export const newPlan = z
  .strictObject({
    customerNumber,
    phase: terms.phase,
    serialNumbers: terms.serialNumbers.default(null),
    calendar: calendar.optional(),
    interval: interval.optional(),
    timeZone: terms.timeZone,
    overlap: terms.overlap.default('allowAll'),
    catchUpWindow: terms.catchUpWindow.default('P365D'),
    dueWithin: terms.dueWithin.default('P28D'),
    severity: terms.severity.default('low'),
  })
  .refine(oneOfBoth, oneOfBothSaid);
export type NewPlanBody = z.infer<typeof newPlan>;

/** `PATCH /v1/inspection-plans/{planNumber}`: what is left out stays. */
export const planChange = z
  .strictObject({
    ...z.object(terms).partial().shape,
    reason,
  })
  .refine((body) => body.calendar === undefined || body.interval === undefined, oneOfBothSaid)
  .refine((body) => Object.keys(body).length > 1, { path: [], error: 'nothing to change' });
export type PlanChange = z.infer<typeof planChange>;

/** Pausing, resuming and archiving say why. */
export const planWord = z.strictObject({ reason });

/** `POST …/backfill`: rounds whose nominal time lies in the window are opened once each, whether or not they were before. */
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

/** The terms of a new plan. */
export const termsOf = ({ calendar, interval, ...body }: NewPlanBody): PlanTerms => ({
  ...body,
  calendar: calendar ?? null,
  interval: interval ?? null,
});

/** The terms after a change: a calendar takes the interval's place, and the other way round. */
export function changedTerms(before: PlanTerms, { reason: _, ...change }: PlanChange): PlanTerms {
  const said = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<PlanTerms>;
  if (said.calendar) return { ...before, ...said, interval: null };
  if (said.interval) return { ...before, ...said, calendar: null };
  return { ...before, ...said };
}

export const planExamples: z.input<typeof newPlan>[] = [
  {
    customerNumber: 'CU-1003',
    phase: 'middle',
    calendar: { daysOfMonth: [1, 2, 3, 4, 5, 6, 7], weekdays: ['monday'], times: ['09:00'] },
    timeZone: 'Asia/Shanghai',
    overlap: 'skip',
  },
  {
    customerNumber: 'CU-1003',
    phase: 'early',
    serialNumbers: ['NET-SCH-0001'],
    interval: { every: 'P7D' },
    timeZone: 'UTC',
  },
];
