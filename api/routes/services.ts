import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { instant, partNumber } from '../../domain/values.ts';
import { sources } from '../../services/lists/index.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { notFound } from '../problem.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { candidateShape, loanShape, notificationShape, partShape } from '../shapes/services.ts';
import { typed } from './context.ts';

const tags = ['services'];
const source = z
  .enum(sources)
  .optional()
  .describe('what one of the two holds; left out, both are listed, and 503 says that one is away');
const partSchema = {
  operationId: 'getPart',
  tags,
  summary: 'A part: price, stock per location',
  params: z.object({ partNumber: z.string().meta({ examples: ['HP-PUMP-230'] }) }),
  response: { 200: partShape, ...problemsOf(404) },
};
const loansSchema = {
  operationId: 'listPartLoans',
  tags,
  summary: 'Parts on loan, newest first, outstanding per line',
  querystring: z.strictObject({
    status: z.enum(['issued', 'partiallyCleared', 'cleared']).optional(),
    caseNumber: search.optional(),
    source,
    ...page,
  }),
  response: { 200: listOf(loanShape), ...problemsOf(422) },
};
const engineersSchema = {
  operationId: 'rankEngineers',
  tags,
  summary: 'Who can go, ranked, with the reasons',
  querystring: z.strictObject({
    skill: search.optional(),
    territory: search.optional(),
    at: instant.optional(),
  }),
  response: { 200: listOf(candidateShape), ...problemsOf(422) },
};
const messagesSchema = {
  operationId: 'listNotifications',
  tags,
  summary: 'Messages sent, oldest first, with their delivery log',
  querystring: z.strictObject({ caseNumber: search.optional(), source, ...page }),
  response: { 200: listOf(notificationShape), ...problemsOf(422) },
};

/** A slot that long is looked for when nobody says otherwise. */
const visitMinutes = 120;
const candidates = 50;

/** What the three services know: stock, loans, engineers, messages. */
export async function serviceRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { dispatch, lists, parts } = deps;
  typed(app).get('/parts/:partNumber', { schema: partSchema }, async ({ params }) => {
    const number = partNumber.safeParse(params.partNumber);
    const part = number.success ? await parts.questions.getPart(number.data) : null;
    if (!part) throw notFound('part');
    return part;
  });
  typed(app).get(
    '/part-loans',
    { schema: loansSchema },
    ({ query: { limit = pageSize, ...query } }) => lists.loans({ ...query, limit }),
  );
  typed(app).get('/engineers', { schema: engineersSchema }, async ({ query }) => {
    const { skill = null, territory = '', at = deps.now() } = query;
    const asked = { skill, territory, at, durationMinutes: visitMinutes, limit: candidates };
    return { items: await dispatch.effects.rank(asked), nextCursor: null };
  });
  typed(app).get(
    '/notifications',
    { schema: messagesSchema },
    ({ query: { limit = pageSize, ...query } }) => lists.notifications({ ...query, limit }),
  );
}
