import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { AppDeps } from '../deps.ts';
import { useRateLimit } from '../plugins/limits.ts';
import { languageOf, noPage, statusPage, stylePolicy } from '../status-page.ts';
import { typed } from './context.ts';

/** Readings that one address may make in a minute: enough for a company's customers behind one, far too few to guess 192 bits. */
const readingsPerMinute = 600;
const params = z.object({ token: z.string() });

/** A customer's page of one case, by a link that nobody guesses. It shows no other case, runs no script, and is in no search engine. */
export async function statusPageRoutes(
  app: FastifyInstance,
  deps: AppDeps,
  callsPerMinute: number,
): Promise<void> {
  await useRateLimit(app, Math.min(callsPerMinute, readingsPerMinute));
  typed(app).get('/:token', { schema: { hide: true, params } }, async (request, reply) => {
    const accepts = request.headers['accept-language'];
    const opened = await deps.messages.statusLinks?.open(request.params.token);
    const row = opened ? await deps.stores.cases.get(opened.caseNumber) : null;
    if (!opened || !row) return send(reply.code(404), noPage(languageOf(accepts, 'zh-CN')));
    const locale = languageOf(accepts, opened.locale);
    return send(reply, statusPage({ row, locale, timeZone: opened.timeZone, now: deps.now() }));
  });
}

const send = (reply: FastifyReply, html: string): FastifyReply =>
  reply
    .headers({
      'content-security-policy': `default-src 'none'; style-src ${stylePolicy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      vary: 'accept-language',
    })
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html);
