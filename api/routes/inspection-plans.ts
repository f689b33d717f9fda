import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { planStatuses } from '../../domain/inspection-plan.ts';
import {
  backfillWindow,
  newPlan,
  planChange,
  planExamples,
  planWord,
} from '../../domain/inspection-plan-contracts.ts';
import { backfillPlan, changePlan, createPlan, sayToPlan } from '../acts/inspection-plans.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { pagesOf, planOn, planPage, planShape, wholePlanPage } from '../inspection-plan-page.ts';
import { personOn } from '../plugins/auth.ts';
import { listOf, problemsOf } from '../shapes.ts';
import { idempotencyHeaders, typed } from './context.ts';

const tags = ['inspection plans'];
const params = z.object({ planNumber: z.string() });
const asked = problemsOf(400, 401, 403, 404, 409, 413, 415, 422, 429, 503);
const filter = z.strictObject({
  customerNumber: search.optional(),
  status: z.enum(planStatuses).optional(),
  ...page,
});
const schemas = {
  create: {
    tags,
    summary: 'Make an inspection plan',
    description:
      'Writes the plan and its Schedule in the engine; `Idempotency-Key` is required. Each nominal time opens one round, once.',
    headers: idempotencyHeaders,
    body: newPlan.meta({ examples: planExamples }),
    response: { 200: planShape, 201: planShape, ...asked },
  },
  list: {
    tags,
    summary: 'Inspection plans, newest first',
    querystring: filter,
    response: { 200: listOf(planShape), ...problemsOf(401, 422) },
  },
  read: {
    tags,
    summary: 'A plan, its next rounds, and what became of the last ones',
    params,
    response: { 200: planShape, ...problemsOf(401, 404) },
  },
  change: {
    tags,
    summary: 'Change what is named; rounds that are open stay as they were promised',
    params,
    headers: idempotencyHeaders,
    body: planChange,
    response: { 200: planShape, ...asked },
  },
  archive: {
    tags,
    summary: 'End a plan: its Schedule goes, its rounds stay',
    params,
    headers: idempotencyHeaders,
    querystring: planWord,
    response: { 200: planShape, ...asked },
  },
  backfill: {
    tags,
    summary: 'Open the rounds of nominal times gone by, those once more that were not opened',
    params,
    headers: idempotencyHeaders,
    body: backfillWindow,
    response: { 200: z.object({ nominalTimes: z.array(z.iso.datetime()) }), ...asked },
  },
};
const wordSchema = (summary: string) => ({
  tags,
  summary,
  params,
  headers: idempotencyHeaders,
  body: planWord,
  response: { 200: planShape, ...asked },
});

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

function writingRoutes(app: FastifyInstance, deps: AppDeps): void {
  typed(app).post('/inspection-plans', { schema: schemas.create }, async (request, reply) => {
    const { kind, plan } = await createPlan(deps, request);
    return reply
      .code(kind === 'created' ? 201 : 200)
      .header('location', `/v1/inspection-plans/${plan.planNumber}`)
      .send(planPage(plan, personOn(request)));
  });
  typed(app).patch('/inspection-plans/:planNumber', { schema: schemas.change }, async (request) =>
    planPage(await changePlan(deps, request), personOn(request)),
  );
  typed(app).delete('/inspection-plans/:planNumber', { schema: schemas.archive }, async (request) =>
    planPage(await sayToPlan(deps, request, 'archive', request.query), personOn(request)),
  );
  for (const [word, summary] of [
    ['pause', 'No round falls due until it is resumed'],
    ['resume', 'Rounds fall due again; those of the pause are not made up for'],
  ] as const) {
    typed(app).post(
      `/inspection-plans/:planNumber/${word}`,
      { schema: wordSchema(summary) },
      async (request) =>
        planPage(await sayToPlan(deps, request, word, request.body), personOn(request)),
    );
  }
  typed(app).post(
    '/inspection-plans/:planNumber/backfill',
    { schema: schemas.backfill },
    (request) => backfillPlan(deps, request),
  );
}
