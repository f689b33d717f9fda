import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  changedInspection,
  inspectionTerms,
  newPlan,
  planChange,
  planExamples,
} from '../../domain/inspection-plan.ts';
import {
  changedTerms,
  newSchedule,
  scheduleChange,
  scheduleExamples,
  termsOf,
} from '../../domain/schedule-contracts.ts';
import {
  backfillSchedule,
  changeSchedule,
  createSchedule,
  type ScheduleCall,
  sayToSchedule,
} from '../acts/schedules.ts';
import type { AppDeps } from '../deps.ts';
import { pageSize } from '../fields.ts';
import { personOn } from '../plugins/auth.ts';
import { notFound } from '../problem.ts';
import { type ScheduleDoor, type ScheduleSchemas, schemasOf } from '../schedule-door.ts';
import { latestOf, planners, planPage, schedulePage } from '../schedule-page.ts';
import {
  planShape,
  scheduleShape,
  wholePlanShape,
  wholeScheduleShape,
} from '../shapes/schedule.ts';
import { type keyAllowed, only, typed } from './context.ts';

const schedules: ScheduleDoor = {
  path: '/schedules',
  noun: 'schedule',
  id: 'Schedule',
  param: 'scheduleNumber',
  requestAt: '/request',
  newOne: newSchedule.meta({ examples: scheduleExamples }).transform(termsOf),
  change: scheduleChange.transform((body) => ({
    body,
    terms: (before) => changedTerms(before, body),
  })),
  page: scheduleShape,
  whole: wholeScheduleShape,
  pageOf: schedulePage,
};
const inspectionPlans: ScheduleDoor = {
  path: '/inspection-plans',
  noun: 'inspection plan',
  id: 'InspectionPlan',
  param: 'planNumber',
  flow: 'scheduledInspection',
  requestAt: '',
  newOne: newPlan.meta({ examples: planExamples }).transform(inspectionTerms),
  change: planChange.transform((body) => ({
    body,
    terms: (before) => changedInspection(before, body),
  })),
  page: planShape,
  whole: wholePlanShape,
  pageOf: planPage,
};

/** Schedules of any flow over the engine's, and those of inspection rounds in their own words (FLOW-INSP, N22). */
export async function scheduleRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  for (const door of [schedules, inspectionPlans]) {
    const house = { app: typed(app), deps, door, schemas: schemasOf(door) };
    readingRoutes(house);
    makingRoutes(house);
    wordRoutes(house);
  }
}

interface House {
  app: ReturnType<typeof typed>;
  deps: AppDeps;
  door: ScheduleDoor;
  schemas: ScheduleSchemas;
}

function readingRoutes({ app, deps, door, schemas }: House): void {
  app.get(door.path, { schema: schemas.list }, async (request) => {
    const { limit = pageSize, ...query } = request.query;
    const filter = { ...query, ...(door.flow ? { flow: door.flow } : {}), limit };
    const { items, nextCursor } = await deps.stores.schedules.list(filter);
    return { items: items.map((row) => door.pageOf(row, personOn(request))), nextCursor };
  });
  app.get(oneOf(door), { schema: schemas.read }, async (request) => {
    const row = await rowOn(deps, door, request.params);
    return { ...door.pageOf(row, personOn(request)), ...(await latestOf(deps, row)) };
  });
}

const oneOf = ({ path, param }: ScheduleDoor) => `${path}/:${param}` as const;

/** What the path names, or 404. */
async function rowOn(
  { stores }: AppDeps,
  { param, flow, noun }: ScheduleDoor,
  params: Record<string, string>,
) {
  const row = await stores.schedules.get(params[param] ?? '');
  if (!row || (flow && row.terms.flow !== flow)) throw notFound(noun);
  return row;
}

const planning = ({ noun }: ScheduleDoor) =>
  only(planners, `a supervisor or a manager makes ${noun}s`);
const trying = (door: ScheduleDoor, word: string) => ({
  ...planning(door),
  // what the audit log calls it when a word is refused
  config: { attempt: (params: Record<string, string>) => `${params[door.param]} ${word}` },
});

/** Whose word it is about which schedule, and the key that it came with. */
const callOf = async (
  { deps, door }: House,
  request: Pick<FastifyRequest, 'person'>,
  params: Record<string, string>,
  headers: z.output<typeof keyAllowed>,
): Promise<ScheduleCall> => ({
  person: personOn(request),
  schedule: await rowOn(deps, door, params),
  key: headers['idempotency-key'],
});

function makingRoutes(house: House): void {
  const { app, deps, door, schemas } = house;
  const { path, requestAt: at } = door;
  const creating = { ...planning(door), config: { attempt: () => schemas.create.operationId } };
  app.post(path, { schema: schemas.create, ...creating }, async (request, reply) => {
    const { body: terms, headers } = request;
    const [person, key] = [personOn(request), headers['idempotency-key']];
    const { kind, schedule } = await createSchedule(deps, { person, key, terms, at });
    reply.code(kind === 'created' ? 201 : 200);
    reply.header('location', `/v1${path}/${schedule.scheduleNumber}`);
    return door.pageOf(schedule, person);
  });
  const change = { schema: schemas.change, ...trying(door, 'change') };
  app.patch(oneOf(door), change, async (request) => {
    const call = await callOf(house, request, request.params, request.headers);
    return door.pageOf(await changeSchedule(deps, call, request.body, at), call.person);
  });
}

function wordRoutes(house: House): void {
  const { app, deps, door, schemas } = house;
  const one = oneOf(door);
  const archive = { schema: schemas.archive, ...trying(door, 'archive') };
  app.delete(one, archive, async (request) => {
    const call = await callOf(house, request, request.params, request.headers);
    return door.pageOf(await sayToSchedule(deps, call, 'archive', request.query), call.person);
  });
  for (const word of ['pause', 'resume'] as const) {
    const say = { schema: schemas[word], ...trying(door, word) };
    app.post(`${one}/${word}`, say, async (request) => {
      const call = await callOf(house, request, request.params, request.headers);
      return door.pageOf(await sayToSchedule(deps, call, word, request.body), call.person);
    });
  }
  const backfill = { schema: schemas.backfill, ...trying(door, 'backfill') };
  app.post(`${one}/backfill`, backfill, async (request) => {
    const call = await callOf(house, request, request.params, request.headers);
    return backfillSchedule(deps, call, request.body);
  });
}
