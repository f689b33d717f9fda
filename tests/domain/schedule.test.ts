import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changedInspection,
  inspectionOf,
  inspectionTerms,
  newPlan,
  planChange,
  planExamples,
} from '../../domain/inspection-plan.ts';
import {
  type Calendar,
  canFallDue,
  occurrencesBetween,
  twinOf,
  weekdays,
  zoneNamed,
} from '../../domain/schedule.ts';
import {
  newSchedule,
  scheduleExamples,
  templateProblems,
} from '../../domain/schedule-contracts.ts';

const day = 86_400_000;
/** 28 years hold every date on every weekday. */
const everyDay = Array.from({ length: 28 * 366 }, (_, index) => new Date(index * day));

const subset = <T>(values: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }), {
    nil: undefined,
  });
const numbers = (max: number) => Array.from({ length: max }, (_, index) => index + 1);
const days = fc.record({
  months: subset(numbers(12)),
  daysOfMonth: subset([1, 15, 28, 29, 30, 31]),
  weekdays: subset(weekdays),
});

/** As slow and as plain as can be. */
const fulfils = ({ months, daysOfMonth, weekdays: names }: Omit<Calendar, 'times'>, at: Date) =>
  (!months || months.includes(at.getUTCMonth() + 1)) &&
  (!daysOfMonth || daysOfMonth.includes(at.getUTCDate())) &&
  (!names || names.some((name) => (weekdays.indexOf(name) + 1) % 7 === at.getUTCDay()));

test('a calendar is possible when some day of 28 years fulfils it', () => {
  fc.assert(
    fc.property(days, (calendar) => {
      const some = everyDay.some((at) => fulfils(calendar, at));
      expect(canFallDue({ ...calendar, times: ['09:00'] })).toBe(some);
    }),
    { numRuns: 300 },
  );
});

test('the nominal times of a calendar are those that a walk over every minute finds', () => {
  const times = fc.uniqueArray(
    fc
      .tuple(fc.nat(23), fc.nat(59))
      .map((both) => both.map((n) => String(n).padStart(2, '0')).join(':')),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(days, times, fc.nat(20_000), (calendar, at, start) => {
      const from = new Date(start * day + 3_600_000);
      const to = new Date(from.getTime() + 60 * day);
      const found = occurrencesBetween(
        { calendar: { ...calendar, times: at }, interval: null, timeZone: 'UTC' },
        { from: from.toISOString(), to: to.toISOString(), limit: 1_000 },
      );
      const walked: string[] = [];
      for (let now = from.getTime() - day; now <= to.getTime(); now += day) {
        const date = new Date(now).toISOString().slice(0, 10);
        if (!fulfils(calendar, new Date(`${date}T00:00:00Z`))) continue;
        walked.push(...[...at].sort().map((time) => `${date}T${time}:00.000Z`));
      }
      expect(found).toEqual(
        walked.filter((one) => one >= from.toISOString() && one <= to.toISOString()),
      );
    }),
    { numRuns: 200 },
  );
});

test('an interval counts from its start, before it and after it, both ends of a window included', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.nat(10_000),
      fc.nat(10_000),
      (every, start, from) => {
        const minute = (n: number) => new Date(n * 60_000).toISOString();
        const found = occurrencesBetween(
          {
            calendar: null,
            interval: { every: `PT${every}M`, startingAt: minute(start) },
            timeZone: 'UTC',
          },
          { from: minute(from), to: minute(from + 2 * every), limit: 10 },
        );
        const due = (n: number) => (((n - start) % every) + every) % every === 0;
        const window = Array.from({ length: 2 * every + 1 }, (_, index) => from + index);
        expect(found).toEqual(window.filter(due).map(minute));
      },
    ),
  );
});

test('wall-clock times follow the zone, and an hour that it skips has none', () => {
  const plan = { calendar: { times: ['02:30'] }, interval: null, timeZone: 'Europe/Berlin' };
  const window = { from: '2026-03-28T00:00:00Z', to: '2026-03-30T12:00:00Z', limit: 10 };
  expect(occurrencesBetween(plan, window)).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-30T00:30:00.000Z', // on the 29th the clock goes from 02:00 to 03:00
  ]);
});

const good = { customerNumber: 'CU-1003', phase: 'late', timeZone: 'Asia/Shanghai' };
const weekly = { ...good, interval: { every: 'P7D' } };
const nine = { times: ['09:00'] };

test.each<[string, object, string, RegExp]>([
  [
    '31 February',
    { ...good, calendar: { ...nine, months: [2], daysOfMonth: [31] } },
    'calendar/daysOfMonth',
    /1 to 29 in February/,
  ],
  [
    '31 April and June',
    { ...good, calendar: { ...nine, months: [4, 6], daysOfMonth: [31] } },
    'calendar/daysOfMonth',
    /to 30 in April/,
  ],
  [
    'a thirteenth month',
    { ...good, calendar: { ...nine, months: [13] } },
    'calendar/months/0',
    /1 to 12/,
  ],
  ['an empty calendar', { ...good, calendar: {} }, 'calendar/times', /at least one time of day/],
  [
    'no days at all',
    { ...good, calendar: { ...nine, daysOfMonth: [] } },
    'calendar/daysOfMonth',
    /leave it out/,
  ],
  ['25 o’clock', { ...good, calendar: { times: ['25:00'] } }, 'calendar/times/0', /00:00 to 23:59/],
  ['no calendar', good, 'calendar', /either a calendar or an interval/],
  ['two calendars', { ...weekly, calendar: nine }, 'calendar', /either/],
  ['every second', { ...good, interval: { every: 'PT1S' } }, 'interval/every', /PT1M to P366D/],
  ['no time at all', { ...good, interval: { every: 'PT0M' } }, 'interval/every', /PT1M/],
  [
    'a month, of no fixed length',
    { ...good, interval: { every: 'P1M' } },
    'interval/every',
    /days, hours, minutes/,
  ],
  ['an unknown zone', { ...weekly, timeZone: 'Mars/Base' }, 'timeZone', /IANA/],
  ['an offset as a zone', { ...weekly, timeZone: '+08:00' }, 'timeZone', /IANA/],
  ['a negative catch-up', { ...weekly, catchUpWindow: '-PT1H' }, 'catchUpWindow', /PT1M to P365D/],
  ['an unknown overlap', { ...weekly, overlap: 'cancelOther' }, 'overlap', /allowAll/],
  ['an unknown phase', { ...weekly, phase: 'last' }, 'phase', /early/],
])('%s is refused by its field, which says what is allowed', (_, body, path, allowed) => {
  const { success, error } = newPlan.safeParse(body);
  expect(success).toBe(false);
  expect(error?.issues.map((issue) => issue.path.join('/'))).toEqual([path]);
  expect(error?.issues[0]?.message).toMatch(allowed);
});

test('29 February and a 31st in some of the months are possible', () => {
  for (const calendar of [
    { ...nine, months: [2], daysOfMonth: [29] },
    { ...nine, months: [2, 3], daysOfMonth: [31] },
  ])
    expect(newPlan.safeParse({ ...good, calendar }).success).toBe(true);
});

test('a zone is spelt as the tz database spells it', () => {
  expect(zoneNamed('asia/SHANGHAI')).toBe('Asia/Shanghai');
  expect(newPlan.parse({ ...weekly, timeZone: 'europe/berlin' }).timeZone).toBe('Europe/Berlin');
  expect(zoneNamed('UTC')).toBe('UTC');
});

test('a change keeps what it does not name, and a calendar takes the interval’s place', () => {
  const before = inspectionTerms(newPlan.parse(weekly));
  const calendar = { times: ['08:00'] };
  const changed = changedInspection(
    before,
    planChange.parse({ calendar, reason: 'Mornings only.' }),
  );
  expect(changed).toEqual({ ...before, calendar, interval: null });
  expect(
    changedInspection(changed, planChange.parse({ interval: { every: 'P14D' }, reason: 'x' })),
  ).toMatchObject({
    calendar: null,
    interval: { every: 'P14D' },
  });
  expect(planChange.safeParse({ reason: 'nothing' }).success).toBe(false);
});

test('a plan shows what was asked of it, and forgets the assets that a change takes back', () => {
  const body = newPlan.parse({ ...weekly, serialNumbers: ['NET-SCH-0001'] });
  const terms = inspectionTerms(body);
  expect(inspectionOf(terms)).toEqual({ ...body, calendar: null });
  const change = planChange.parse({ serialNumbers: null, severity: 'medium', reason: 'x' });
  expect(inspectionOf(changedInspection(terms, change))).toEqual({
    ...body,
    calendar: null,
    serialNumbers: null,
    severity: 'medium',
  });
});

test('examples of plans are plans, examples of schedules are schedules, and their flows would open with them', () => {
  const terms = [
    ...planExamples.map((example) => inspectionTerms(newPlan.parse(example))),
    ...scheduleExamples.map((example) => newSchedule.parse(example)),
  ];
  for (const one of terms) expect(templateProblems(one)).toEqual([]);
});

test.each<[string, object, string]>([
  ['what the flow does not ask for', { sites: 3 }, '/sites'],
  ['a number that is none', { customerNumber: 'nobody' }, '/customerNumber'],
  [
    'a person to call, who is found when it falls due',
    { contact: { name: 'A', phone: '1' } },
    '/contact',
  ],
  [
    'leave for duplicates, which the overlap decides',
    { allowDuplicate: { reason: 'x' } },
    '/allowDuplicate',
  ],
])('a request with %s is refused by its field', (_, more, pointer) => {
  const [example] = scheduleExamples;
  const request = { ...example?.request, ...more };
  const problems = templateProblems({ flow: 'emergencyResponse', request });
  expect(problems.map((problem) => problem.pointer)).toEqual([pointer]);
});

test('cases that may overlap are told apart by their nominal time, others by their schedule alone', () => {
  const one = { scheduleNumber: 'SC-0001', nominalAt: '2026-11-22T01:00:00.000Z' };
  expect(twinOf({ ...one, overlap: 'allowAll' })).toBe('SC-0001/2026-11-22T01:00:00.000Z');
  expect(twinOf({ ...one, overlap: 'skip' })).toBe('SC-0001');
  expect(twinOf({ ...one, overlap: 'bufferOne' })).toBe('SC-0001');
});
