import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { severities, statuses } from '../../domain/case.ts';
import { casePage } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { flag, page, pageSize, search } from '../fields.ts';
import { personOn } from '../plugins/auth.ts';
import { caseShape } from '../shapes/case.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { caseFor, caseParams, typed } from './context.ts';

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
  params: caseParams,
  response: { 200: caseShape, ...problemsOf(404) },
};

/** Listing and reading cases. */
export async function caseRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).get('/cases', { schema: listSchema }, async (request) => {
    const { limit = pageSize, ...query } = request.query;
    const found = await deps.stores.cases.list({ ...query, limit });
    const person = personOn(request);
    return { ...found, items: found.items.map((row) => casePage(deps, row, person)) };
  });
  typed(app).get('/cases/:caseNumber', { schema: readSchema }, (request, reply) =>
    caseFor(deps, request, reply, request.params.caseNumber),
  );
}
