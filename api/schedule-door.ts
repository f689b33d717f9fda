/** What a door to schedules is made of: there is one to all of them, and one to those of inspection rounds in words of its own. */
import { z } from 'zod';
import { flows } from '../domain/catalogue.ts';
import { type ScheduleTerms, scheduleStatuses } from '../domain/schedule.ts';
import { backfillWindow, scheduleWord } from '../domain/schedule-contracts.ts';
import type { ScheduleRow } from '../services/schedules/index.ts';
import type { RequestAt, ScheduleChange } from './acts/schedules.ts';
import { page, search } from './fields.ts';
import type { Person } from './plugins/auth.ts';
import { keyAllowed, keyRequired } from './routes/context.ts';
import { at, listOf } from './shapes/common.ts';
import { ofBodies, problemsOf } from './shapes/problem.ts';

export interface ScheduleDoor {
  path: '/schedules' | '/inspection-plans';
  /** What it calls one of them, and in operation ids. */
  noun: 'schedule' | 'inspection plan';
  id: 'Schedule' | 'InspectionPlan';
  /** What it calls a number. */
  param: 'scheduleNumber' | 'planNumber';
  /** Others are not seen from here; undefined: all are. */
  flow?: string;
  requestAt: RequestAt;
  newOne: z.ZodType<ScheduleTerms>;
  change: z.ZodType<ScheduleChange>;
  page: z.ZodType<object>;
  whole: z.ZodType<object>;
  pageOf(row: ScheduleRow, person: Person): object;
}

/** What its operations take and answer. */
export const schemasOf = (door: ScheduleDoor) => ({
  ...readingSchemas(door),
  ...writingSchemas(door),
  ...wordSchemas(door),
});
export type ScheduleSchemas = ReturnType<typeof schemasOf>;

const tagsOf = ({ noun }: ScheduleDoor) => [`${noun}s`];

function paramsOf({ noun, param }: ScheduleDoor): z.ZodType<Record<string, string>> {
  const number = z.string().regex(/^(SC|IP)-\d{4,15}$/, noun);
  return z.object({ [param]: number.meta({ examples: ['SC-0001'] }) });
}

const filter = {
  customerNumber: search.optional(),
  status: z.enum(scheduleStatuses).optional(),
  ...page,
};
const flow = z.enum(flows.map(({ name }) => name)).optional();

const readingSchemas = (door: ScheduleDoor) => ({
  list: {
    operationId: `list${door.id}s`,
    tags: tagsOf(door),
    summary: `All ${door.noun}s, newest first`,
    querystring: door.flow ? z.strictObject(filter) : z.strictObject({ flow, ...filter }),
    response: { 200: listOf(door.page), ...problemsOf(422) },
  },
  read: {
    operationId: `get${door.id}`,
    tags: tagsOf(door),
    summary: `One ${door.noun}, its next cases, and what became of the last ones`,
    params: paramsOf(door),
    response: { 200: door.whole, ...problemsOf(404) },
  },
});

const writingSchemas = (door: ScheduleDoor) => ({
  create: {
    operationId: `create${door.id}`,
    tags: tagsOf(door),
    summary: `Make one ${door.noun}`,
    description:
      'Writes it and its Schedule in the engine; `Idempotency-Key` is required. Each nominal time opens one case, once.',
    headers: keyRequired,
    body: door.newOne,
    response: { 200: door.page, 201: door.page, ...problemsOf(403, ...ofBodies) },
  },
  change: {
    ...changing(door),
    operationId: `change${door.id}`,
    summary: 'Change what is named; cases that are open stay as they were promised',
    body: door.change,
  },
  backfill: {
    ...changing(door),
    operationId: `backfill${door.id}`,
    summary: 'Open the cases of nominal times gone by, those once more that were not opened',
    body: backfillWindow,
    response: {
      200: z.object({ nominalTimes: z.array(at) }),
      ...problemsOf(403, 404, 409, ...ofBodies),
    },
  },
});

const wordSchemas = (door: ScheduleDoor) => ({
  archive: {
    ...changing(door),
    operationId: `archive${door.id}`,
    summary: `End one ${door.noun}: its Schedule goes, its cases stay`,
    querystring: scheduleWord,
  },
  pause: {
    ...changing(door),
    operationId: `pause${door.id}`,
    summary: 'Nothing falls due until it is resumed',
    body: scheduleWord,
  },
  resume: {
    ...changing(door),
    operationId: `resume${door.id}`,
    summary: 'Cases fall due again; those of the pause are not made up for',
    body: scheduleWord,
  },
});

const changing = (door: ScheduleDoor) => ({
  tags: tagsOf(door),
  params: paramsOf(door),
  headers: keyAllowed,
  response: { 200: door.page, ...problemsOf(403, 404, 409, ...ofBodies) },
});
