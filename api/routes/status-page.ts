import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AppDeps } from '../deps.ts';
import { htmlPage, languageOf, sendPage } from '../html.ts';
import { type Rate, useRateLimit } from '../plugins/limits.ts';
import { problemsOf } from '../shapes/problem.ts';
import { noPage, statusPage } from '../status-page.ts';
import { typed } from './context.ts';

/** Readings that one address may make in a minute: enough for a company's customers behind one, far too few to guess 192 bits. */
const readingsPerMinute = 600;
const schema = {
  operationId: 'getStatusPage',
  tags: ['pages'],
  summary: 'A customer’s page of one case, by the link in a message',
  security: [],
  params: z.object({ token: z.string() }),
  response: {
    200: htmlPage('where the case stands'),
    ...problemsOf(),
    404: htmlPage('the link is not valid, or not any more'),
  },
};

/** A customer's page of one case, by a link that nobody guesses. It shows no other case, runs no script, and is in no search engine. */
export async function statusPageRoutes(
  app: FastifyInstance,
  deps: AppDeps,
  rate: Rate,
): Promise<void> {
  const callsPerMinute = Math.min(rate.callsPerMinute, readingsPerMinute);
  await useRateLimit(app, { ...rate, callsPerMinute });
  typed(app).get('/:token', { schema }, async (request, reply) => {
    const accepts = request.headers['accept-language'];
    const opened = await deps.messages.statusLinks?.open(request.params.token);
    const row = opened ? await deps.stores.cases.get(opened.caseNumber) : null;
    reply.header('cache-control', 'no-store');
    if (!opened || !row) return sendPage(reply.code(404), noPage(languageOf(accepts, 'zh-CN')));
    const locale = languageOf(accepts, opened.locale);
    return sendPage(reply, statusPage({ row, locale, timeZone: opened.timeZone, now: deps.now() }));
  });
}
