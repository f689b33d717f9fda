import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { planStatuses } from '../../domain/inspection-plan.ts';
import {
  backfillWindow,
  newPlan,
  planChange,
  planExamples,
  planWord,
} from '../../domain/inspection-plan-contracts.ts';
import {
  backfillPlan,
  changePlan,
  createPlan,
  type PlanCall,
  sayToPlan,
} from '../acts/inspection-plans.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { pagesOf, planners, planOn, planPage, wholePlanPage } from '../inspection-plan-page.ts';
import { personOn } from '../plugins/auth.ts';
import { at, listOf } from '../shapes/common.ts';
import { planShape, wholePlanShape } from '../shapes/inspection-plan.ts';
import { ofBodies, problemsOf } from '../shapes/problem.ts';
import { keyAllowed, keyRequired, only, typed } from './context.ts';

const tags = ['inspection plans'];
const params = z.object({
  planNumber: z
    .string()
    .regex(/^IP-\d{4,15}$/, 'inspection plan')
    .meta({ examples: ['IP-0001'] }),
});
const planned = {
  tags,
  params,
  headers: keyAllowed,
  response: { 200: planShape, ...problemsOf(403, 404, 409, ...ofBodies) },
};
const schemas = {
  create: {
    operationId: 'createInspectionPlan',
    tags,
    summary: 'Make an inspection plan',
    description:
      'Writes the plan and its Schedule in the engine; `Idempotency-Key` is required. Each nominal time opens one round, once.',
    headers: keyRequired,
    body: newPlan.meta({ examples: planExamples }),
    response: { 200: planShape, 201: planShape, ...problemsOf(403, ...ofBodies) },
  },
  list: {
    operationId: 'listInspectionPlans',
    tags,
    summary: 'Inspection plans, newest first',
    querystring: z.strictObject({
      customerNumber: search.optional(),
      status: z.enum(planStatuses).optional(),
      ...page,
    }),
    response: { 200: listOf(planShape), ...problemsOf(422) },
  },
  read: {
    operationId: 'getInspectionPlan',
    tags,
    summary: 'A plan, its next rounds, and what became of the last ones',
    params,
    response: { 200: wholePlanShape, ...problemsOf(404) },
  },
  change: {
    ...planned,
    operationId: 'changeInspectionPlan',
    summary: 'Change what is named; rounds that are open stay as they were promised',
    body: planChange,
  },
  archive: {
    ...planned,
    operationId: 'archiveInspectionPlan',
    summary: 'End a plan: its Schedule goes, its rounds stay',
    querystring: planWord,
  },
  pause: {
    ...planned,
    operationId: 'pauseInspectionPlan',
    summary: 'No round falls due until it is resumed',
    body: planWord,
  },
  resume: {
    ...planned,
    operationId: 'resumeInspectionPlan',
    summary: 'Rounds fall due again; those of the pause are not made up for',
    body: planWord,
  },
  backfill: {
    tags,
    operationId: 'backfillInspectionPlan',
    summary: 'Open the rounds of nominal times gone by, those once more that were not opened',
    params,
    headers: keyAllowed,
    body: backfillWindow,
    response: {
      200: z.object({ nominalTimes: z.array(at) }),
      ...problemsOf(403, 404, 409, ...ofBodies),
    },
  },
};

/** Inspection plans over the engine's Schedules (FLOW-INSP, N22). */
export async function inspectionPlanRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  readingRoutes(app, deps);
  writingRoutes(app, deps);
}

function readingRoutes(app: FastifyInstance, deps: AppDeps): void {
  typed(app).get('/inspection-plans', { schema: schemas.list }, async (request) => {
    const { limit = pageSize, ...query } = request.query;
    return pagesOf(await deps.stores.plans.list({ ...query, limit }), personOn(request));
  });
  typed(app).get('/inspection-plans/:planNumber', { schema: schemas.read }, async (request) =>
    wholePlanPage(deps, await planOn(deps, request.params.planNumber), personOn(request)),
  );
}

const planning = only(planners, 'a supervisor or a manager plans inspections');
/** What the audit log calls it when a word about a plan is refused. */
const trying = (word: string) => ({
  ...planning,
  config: { attempt: ({ planNumber }: Record<string, string>) => `${planNumber} ${word}` },
});

/** Whose word it is, and the key that it came with. */
const callOf = (
  request: Pick<FastifyRequest, 'person'>,
  { planNumber }: { planNumber: string },
  headers: z.output<typeof keyAllowed>,
): PlanCall => ({
  planNumber,
  person: personOn(request),
  key: headers['idempotency-key'],
});

function writingRoutes(app: FastifyInstance, deps: AppDeps): void {
  const creating = { ...planning, config: { attempt: () => 'createInspectionPlan' } };
  typed(app).post(
    '/inspection-plans',
    { schema: schemas.create, ...creating },
    async (request, reply) => {
      const { body, headers } = request;
      const person = personOn(request);
      const { kind, plan } = await createPlan(deps, person, headers['idempotency-key'], body);
      reply.code(kind === 'created' ? 201 : 200);
      reply.header('location', `/v1/inspection-plans/${plan.planNumber}`);
      return planPage(plan, person);
    },
  );
  const one = '/inspection-plans/:planNumber';
  typed(app).patch(one, { schema: schemas.change, ...trying('change') }, async (request) => {
    const call = callOf(request, request.params, request.headers);
    return planPage(await changePlan(deps, call, request.body), call.person);
  });
  typed(app).delete(one, { schema: schemas.archive, ...trying('archive') }, async (request) => {
    const call = callOf(request, request.params, request.headers);
    return planPage(await sayToPlan(deps, call, 'archive', request.query), call.person);
  });
  for (const word of ['pause', 'resume'] as const)
    typed(app).post(
      `${one}/${word}`,
      { schema: schemas[word], ...trying(word) },
      async (request) => {
        const call = callOf(request, request.params, request.headers);
        return planPage(await sayToPlan(deps, call, word, request.body), call.person);
      },
    );
  typed(app).post(
    `${one}/backfill`,
    { schema: schemas.backfill, ...trying('backfill') },
    (request) => backfillPlan(deps, callOf(request, request.params, request.headers), request.body),
  );
}
