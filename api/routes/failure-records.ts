import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { listOf, problemsOf } from '../shapes.ts';
import { typed } from './context.ts';

const code = z.string().nullable();
const failureRecord = z.object({
  seq: z.int(),
  caseNumber: z.string(),
  cycle: z.int(),
  productModel: z.string(),
  serialNumber: z.string(),
  faultCode: z.string(),
  causeCode: code,
  remedyCode: code,
  failedAt: z.iso.datetime().describe('when the customer reported it'),
  recordedAt: z.iso.datetime(),
  state: z
    .enum(['open', 'closed'])
    .describe('closed once an effect check has confirmed the remedy'),
});

/** What failed, as closed cases recorded it (FLOW-FRACAS). */
export async function failureRoutes(app: FastifyInstance, { stores }: AppDeps): Promise<void> {
  typed(app).get(
    '/failure-records',
    {
      schema: {
        tags: ['defects'],
        summary: 'Confirmed product failures, newest first',
        querystring: z.strictObject({
          productModel: search.optional(),
          faultCode: search.optional(),
          ...page,
        }),
        response: { 200: listOf(failureRecord), ...problemsOf(401, 422) },
      },
    },
    ({ query: { limit = pageSize, ...query } }) =>
      stores.defects.questions.failures({ ...query, limit }),
  );
}
