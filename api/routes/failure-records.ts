import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { failureShape } from '../shapes/register.ts';
import { typed } from './context.ts';

/** What failed, as closed cases recorded it (FLOW-FRACAS). */
export async function failureRoutes(app: FastifyInstance, { stores }: AppDeps): Promise<void> {
  typed(app).get(
    '/failure-records',
    {
      schema: {
        operationId: 'listFailureRecords',
        tags: ['defects'],
        summary: 'Confirmed product failures, newest first',
        querystring: z.strictObject({
          productModel: search.optional(),
          faultCode: search.optional(),
          ...page,
        }),
        response: { 200: listOf(failureShape), ...problemsOf(422) },
      },
    },
    ({ query: { limit = pageSize, ...query } }) =>
      stores.defects.questions.failures({ ...query, limit }),
  );
}
