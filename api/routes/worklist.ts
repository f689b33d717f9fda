import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { roles } from '../../domain/case.ts';
import { taskPage } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { flag, page, pageSize, search } from '../fields.ts';
import { taskShape } from '../shapes/case.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { typed } from './context.ts';

const worklist = z.strictObject({
  role: z.enum(roles).optional(),
  assignee: search.optional(),
  overdue: flag.optional(),
  caseNumber: search.optional(),
  ...page,
});

/** What waits for somebody, over all cases, most urgent first. */
export async function worklistRoutes(
  app: FastifyInstance,
  { stores, now }: AppDeps,
): Promise<void> {
  const response = { 200: listOf(taskShape), ...problemsOf(422) };
  typed(app).get(
    '/tasks',
    {
      schema: {
        operationId: 'listTasks',
        tags: ['tasks'],
        summary: 'The worklist, most urgent first',
        querystring: worklist,
        response,
      },
    },
    async ({ query: { limit = pageSize, ...query } }) => {
      const found = await stores.tasks.list({ ...query, limit });
      return { ...found, items: found.items.map((task) => taskPage(task, now())) };
    },
  );
}
