import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personal } from '../../domain/values.ts';
import { type ArrivedMessage, inboundStatuses } from '../../services/inbound/index.ts';
import { verifiedId } from '../../services/webhooks/index.ts';
import { takeInbound } from '../acts/inbound.ts';
import { settleByHand, waysToSettle } from '../acts/settle-inbound.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, parse, search } from '../fields.ts';
import { parseStrictly } from '../json.ts';
import { actorIn, personOn } from '../plugins/auth.ts';
import { useRateLimit } from '../plugins/limits.ts';
import { Problem } from '../problem.ts';
import { listOf, problemsOf } from '../shapes.ts';
import { idempotencyHeaders, typed } from './context.ts';

/** As gateways write numbers; a line break is no part of one. */
const phone = z.string().regex(/^\+?[\d ().-]{5,30}$/, 'a phone number');
const mailAddress = z.email('one mail address').max(254);
const sms = z.strictObject({ from: phone, text: personal(4_000, 0) });
const mail = z.strictObject({
  from: mailAddress,
  subject: personal(500, 0)
    .regex(/^[^\r\n]*$/, 'one line')
    .optional(),
  /** Empty: all that was sent is an attachment. */
  text: personal(20_000, 0),
});
const taken = z.looseObject({ inboundNumber: z.string(), status: z.enum(inboundStatuses) });
const messageShape = taken.extend({
  channel: z.enum(['sms', 'mail']),
  sender: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  receivedAt: z.iso.datetime(),
  caseNumber: z.string().nullable(),
  rating: z.enum(['A', 'B', 'C', 'D']).nullable(),
  settled: z
    .object({
      by: z.object({ id: z.string(), role: z.string() }),
      at: z.iso.datetime(),
      reason: z.string().nullable(),
    })
    .nullable()
    .describe('by a person'),
});
const signed =
  'Signed by Standard Webhooks: `webhook-id`, `webhook-timestamp` (at most five minutes away), `webhook-signature` with INBOUND_SECRET. ' +
  'An id that comes again is answered as before, and applied once.';
const schemaOf = (body: z.ZodObject, summary: string) => ({
  tags: ['messages'],
  summary,
  description: signed,
  security: [],
  body,
  response: { 200: taken, ...problemsOf(400, 401, 404, 413, 415, 422, 429, 503) },
});

/** The gateways' door: no token, but a signature over every byte. */
export async function inboundDoor(
  app: FastifyInstance,
  deps: AppDeps,
  callsPerMinute: number,
): Promise<void> {
  await useRateLimit(app, callsPerMinute);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  );
  app.post('/sms', { schema: schemaOf(sms, 'A text message from a customer') }, (request) =>
    take(deps, request, sms, (body) => ({ channel: 'sms', subject: null, ...body })),
  );
  app.post('/mail', { schema: schemaOf(mail, 'A mail from a customer') }, (request) =>
    take(deps, request, mail, ({ subject = null, ...body }) => ({
      channel: 'mail',
      subject,
      ...body,
    })),
  );
}

async function take<Body extends z.ZodObject>(
  deps: AppDeps,
  request: FastifyRequest,
  shape: Body,
  messageOf: (body: z.output<Body>) => Omit<ArrivedMessage, 'messageId'>,
) {
  const { body, headers } = request;
  const messageId = signedId(deps, headers, body);
  const message = { ...messageOf(parse(shape, parseStrictly(body as Buffer))), messageId };
  const { inboundNumber, status } = await takeInbound(deps, message);
  return { inboundNumber, status };
}

/** 404 while no secret is set, 401 for anything that its owner did not sign just now. */
function signedId(deps: AppDeps, headers: FastifyRequest['headers'], body: unknown): string {
  const secret = deps.messages.inboundSecret;
  if (secret === null) throw new Problem('notFound', { detail: 'INBOUND_SECRET is not set' });
  const id = Buffer.isBuffer(body) ? verifiedId(secret, headers, body) : null;
  if (id === null)
    throw new Problem('unauthorized', { detail: 'not signed by the gateway, or too long ago' });
  return id;
}

const filter = z.strictObject({
  status: z
    .enum(['open', 'settled', ...inboundStatuses])
    .optional()
    .describe(
      '`open`: no case has it; `settled`: brought to a case, or settled by a person. `open` when neither this nor `caseNumber` is given',
    ),
  caseNumber: search.optional(),
  ...page,
});
const readers = ['hotline', 'supervisor', 'manager', 'auditor', 'admin'] as const;

/** What the hotline reads: with names and words of customers, so not for everybody. */
export async function inboundRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).get(
    '/inbound',
    {
      schema: {
        tags: ['messages'],
        summary: 'Messages that arrived, newest first; those without a case wait for the hotline',
        querystring: filter,
        response: { 200: listOf(messageShape), ...problemsOf(401, 403, 422) },
      },
    },
    async (request) => {
      if (!actorIn(personOn(request), readers))
        throw new Problem('forbidden', { detail: 'customers’ messages are the hotline’s' });
      const { limit = pageSize, caseNumber, ...query } = request.query;
      const { status = caseNumber ? undefined : 'open' } = query;
      return deps.messages.inbound.list({ ...query, caseNumber, status, limit });
    },
  );
  for (const [way, summary] of [
    [
      'assign',
      'Say which case a message is about: it stands on its timeline, and nobody is answered',
    ],
    ['dismiss', 'Say why a message is about no case'],
  ] as const) {
    const schema = settleSchema(way, summary);
    typed(app).post(`/inbound/:inboundNumber/${way}`, { schema }, (request) =>
      settleByHand(deps, request, way),
    );
  }
}

const settleSchema = (way: keyof typeof waysToSettle, summary: string) => ({
  tags: ['messages'],
  summary,
  description: 'Of a message that is `unmatched`, by the hotline or a supervisor.',
  params: z.object({ inboundNumber: z.string() }),
  headers: idempotencyHeaders,
  body: waysToSettle[way],
  response: { 200: messageShape, ...problemsOf(400, 401, 403, 404, 409, 413, 415, 422, 429, 503) },
});
