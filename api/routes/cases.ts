import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { severities, statuses } from '../../domain/case.ts';
import { casePage } from '../case-page.ts';
import { createCaseWatch } from '../case-watch.ts';
import type { AppDeps } from '../deps.ts';
import { flag, page, pageSize, search } from '../fields.ts';
import { personOn } from '../plugins/auth.ts';
import { caseShape } from '../shapes/case.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { caseFor, caseOn, caseParams, pageFor, typed } from './context.ts';

const filter = z.strictObject({
  flow: search.optional(),
  status: z.enum(statuses).optional(),
  severity: z.enum(severities).optional(),
  alertLevel: z
    .enum(['0', '1', '2', '3'])
    .transform((level) => Number(level) as 0 | 1 | 2 | 3)
    .optional(),
  customerNumber: search.optional(),
  serialNumber: search.optional(),
  assignee: search.optional(),
  overdue: flag.optional(),
  q: search.optional(),
  ...page,
});
const listSchema = {
  operationId: 'listCases',
  tags: ['cases'],
  summary: 'Cases, newest first',
  querystring: filter,
  response: { 200: listOf(caseShape), ...problemsOf(422) },
};
const readSchema = {
  operationId: 'getCase',
  tags: ['cases'],
  summary: 'A case: where it stands, what it waits for, what you may do',
  description:
    'With `after`, waits up to 20 s until the case has moved beyond that `revision`; the answer is the case as it is then.',
  params: caseParams,
  querystring: z.strictObject({
    after: z
      .string()
      .regex(/^\d{1,15}$/, 'the `revision` of a reading before')
      .transform(Number)
      .optional(),
  }),
  response: { 200: caseShape, ...problemsOf(404, 422) },
};

/** Listing and reading cases. */
export async function caseRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).get('/cases', { schema: listSchema }, async (request) => {
    const { limit = pageSize, ...query } = request.query;
    const found = await deps.stores.cases.list({ ...query, limit });
    const person = personOn(request);
    return { ...found, items: found.items.map((row) => casePage(deps, row, person)) };
  });
  const watch = createCaseWatch(deps.stores.cases);
  app.addHook('preClose', async () => watch.close());
  typed(app).get('/cases/:caseNumber', { schema: readSchema }, async (request, reply) => {
    const { caseNumber } = request.params;
    const { after = -1 } = request.query;
    const row = await caseOn(deps, caseNumber);
    if (row.revision > after) return pageFor(deps, request, reply, row);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    await watch.moved({ caseNumber, after }, gone.signal);
    return caseFor(deps, request, reply, caseNumber);
  });
}
