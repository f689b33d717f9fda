import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageOf } from '../../db/cursor.ts';
import { instant, partNumber } from '../../domain/values.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, search } from '../fields.ts';
import { notFound } from '../problem.ts';
import { problemsOf } from '../shapes.ts';
import { typed } from './context.ts';

const loans = z.strictObject({
  status: z.enum(['issued', 'partiallyCleared', 'cleared']).optional(),
  caseNumber: search.optional(),
  ...page,
});
const engineers = z.strictObject({
  skill: search.optional(),
  territory: search.optional(),
  at: instant.optional(),
});
const messages = z.strictObject({ caseNumber: search.optional(), ...page });
const isName = (position: unknown[]): position is [string] =>
  position.length === 1 && typeof position[0] === 'string';

/** A slot that long is looked for when nobody says otherwise. */
const visitMinutes = 120;
const candidates = 50;

/** What the three services know: stock, loans, engineers, messages. */
export async function serviceRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  partsRoutes(app, deps);
  peopleRoutes(app, deps);
}

function partsRoutes(app: FastifyInstance, { parts }: AppDeps): void {
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
      const part = number.success ? await parts.getPart(number.data) : null;
      if (!part) throw notFound('part');
      return part;
    },
  );
  typed(app).get(
    '/part-loans',
    {
      schema: {
        tags: ['services'],
        summary: 'Parts on loan, outstanding per line',
        querystring: loans,
        response: problemsOf(401, 422),
      },
    },
    async ({ query: { cursor, limit = pageSize, ...query } }) => {
      const after = decodeCursor('part-loans', cursor, isName)?.[0];
      const rows = await parts.listLoans({ ...query, after, limit: limit + 1 });
      return pageOf(rows, limit, (last) => encodeCursor('part-loans', [last.loanNumber]));
    },
  );
}

function peopleRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { dispatch, notification } = deps;
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
      return { items: await dispatch.rank(asked), nextCursor: null };
    },
  );
  typed(app).get(
    '/notifications',
    {
      schema: {
        tags: ['services'],
        summary: 'Messages sent, with their delivery log',
        querystring: messages,
        response: problemsOf(401, 422),
      },
    },
    async ({ query: { cursor, limit = pageSize, ...query } }) => {
      const after = decodeCursor('notifications', cursor, isName)?.[0];
      const rows = await notification.list({ ...query, after, limit: limit + 1 });
      return pageOf(rows, limit, (last) =>
        encodeCursor('notifications', [last.notificationNumber]),
      );
    },
  );
}
