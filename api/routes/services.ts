import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { instant, partNumber } from '../../domain/values.ts';
import { sources } from '../../services/lists/index.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { notFound } from '../problem.ts';
import { problemsOf } from '../shapes.ts';
import { typed } from './context.ts';

const source = z
  .enum(sources)
  .optional()
  .describe('what one of the two holds; left out, both are listed, and 503 says that one is away');
const loans = z.strictObject({
  status: z.enum(['issued', 'partiallyCleared', 'cleared']).optional(),
  caseNumber: search.optional(),
  source,
  ...page,
});
const engineers = z.strictObject({
  skill: search.optional(),
  territory: search.optional(),
  at: instant.optional(),
});
const messages = z.strictObject({ caseNumber: search.optional(), source, ...page });

/** A slot that long is looked for when nobody says otherwise. */
const visitMinutes = 120;
const candidates = 50;

/** What the three services know: stock, loans, engineers, messages. */
export async function serviceRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  partsRoutes(app, deps);
  peopleRoutes(app, deps);
}

function partsRoutes(app: FastifyInstance, { parts, lists }: AppDeps): void {
  typed(app).get(
    '/parts/:partNumber',
    {
      schema: {
        tags: ['services'],
        summary: 'A part: price, stock per location',
        params: z.object({ partNumber: z.string() }),
        response: problemsOf(401, 404),
      },
    },
    async ({ params }) => {
      const number = partNumber.safeParse(params.partNumber);
      const part = number.success ? await parts.questions.getPart(number.data) : null;
      if (!part) throw notFound('part');
      return part;
    },
  );
  typed(app).get(
    '/part-loans',
    {
      schema: {
        tags: ['services'],
        summary: 'Parts on loan, newest first, outstanding per line',
        querystring: loans,
        response: problemsOf(401, 422, 503),
      },
    },
    ({ query: { limit = pageSize, ...query } }) => lists.loans({ ...query, limit }),
  );
}

function peopleRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { dispatch, lists } = deps;
  typed(app).get(
    '/engineers',
    {
      schema: {
        tags: ['services'],
        summary: 'Who can go, ranked, with the reasons',
        querystring: engineers,
        response: problemsOf(401, 422),
      },
    },
    async ({ query: { skill = null, territory = '', at = deps.now() } }) => {
      const asked = { skill, territory, at, durationMinutes: visitMinutes, limit: candidates };
      return { items: await dispatch.effects.rank(asked), nextCursor: null };
    },
  );
  typed(app).get(
    '/notifications',
    {
      schema: {
        tags: ['services'],
        summary: 'Messages sent, oldest first, with their delivery log',
        querystring: messages,
        response: problemsOf(401, 422, 503),
      },
    },
    ({ query: { limit = pageSize, ...query } }) => lists.notifications({ ...query, limit }),
  );
}
