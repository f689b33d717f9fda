import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { severities } from '../../domain/case.ts';
import type { AppDeps } from '../deps.ts';
import { flag, page, pageSize, search } from '../fields.ts';
import { boardShape } from '../shapes/case.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { typed } from './context.ts';

const filter = z.strictObject({
  flow: search.optional(),
  severity: z.enum(severities).optional(),
  assignee: search.optional(),
  overdue: flag.optional(),
  ...page,
});
const schema = {
  operationId: 'getBoard',
  tags: ['cases'],
  summary: 'Open cases by what is due next',
  querystring: filter,
  response: { 200: listOf(boardShape), ...problemsOf(422) },
};

/** The board: every open case, the most urgent on top. */
export async function boardRoutes(app: FastifyInstance, { stores }: AppDeps): Promise<void> {
  typed(app).get('/board', { schema }, async ({ query: { limit = pageSize, ...query } }) => {
    const found = await stores.board.list({ ...query, limit });
    const linked = (caseNumber: string) => ({ links: { case: `/v1/cases/${caseNumber}` } });
    return {
      ...found,
      items: found.items.map((line) => ({ ...line, ...linked(line.caseNumber) })),
    };
  });
}
