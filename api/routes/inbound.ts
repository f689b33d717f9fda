import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personal } from '../../domain/values.ts';
import { type ArrivedMessage, inboundStatuses } from '../../services/inbound/index.ts';
import { verifiedId } from '../../services/webhooks/index.ts';
import { takeInbound } from '../acts/inbound.ts';
import { assignMessage, dismissMessage, settlers, waysToSettle } from '../acts/settle-inbound.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, parse, search } from '../fields.ts';
import { parseStrictly } from '../json.ts';
import { personOn } from '../plugins/auth.ts';
import { type Rate, useRateLimit } from '../plugins/limits.ts';
import { Problem } from '../problem.ts';
import { listOf } from '../shapes/common.ts';
import { messageShape, receivedShape } from '../shapes/messages.ts';
import { ofBodies, problemsOf } from '../shapes/problem.ts';
import { describeBodies, keyAllowed, only, typed } from './context.ts';

/** As gateways write numbers; a line break is no part of one. */
const phone = z.string().regex(/^\+?[\d ().-]{5,30}$/, 'a phone number');
const mailAddress = z.email('one mail address').max(254);
const sms = z.strictObject({ from: phone, text: personal(4_000, 0) });
const mail = z.strictObject({
  from: mailAddress,
  subject: personal(500, 0)
    .refine((text) => !/[\r\n]/.test(text), 'one line')
    .optional(),
  /** Empty: all that was sent is an attachment. */
  text: personal(20_000, 0),
});
const signed =
  'Signed by Standard Webhooks: `webhook-id`, `webhook-timestamp` (at most five minutes away), `webhook-signature` with INBOUND_SECRET. ' +
  'An id that comes again is answered as before, and applied once.';
const schemaOf = (body: z.ZodObject, operationId: string, summary: string) => ({
  operationId,
  tags: ['messages'],
  summary,
  description: signed,
  security: [],
  headers: z.object({
    'webhook-id': z.string().optional(),
    'webhook-timestamp': z.string().optional(),
    'webhook-signature': z.string().optional(),
  }),
  body,
  response: { 200: receivedShape, ...problemsOf(404, ...ofBodies) },
});
const smsSchema = schemaOf(sms, 'receiveSms', 'A text message from a customer');
const mailSchema = schemaOf(mail, 'receiveMail', 'A mail from a customer');

/** The gateways' door: no token, but a signature over every byte. */
export async function inboundDoor(app: FastifyInstance, deps: AppDeps, rate: Rate): Promise<void> {
  await useRateLimit(app, rate);
  describeBodies(app);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  );
  typed(app).post('/sms', { schema: smsSchema }, (request) =>
    take(deps, request, sms, (body) => ({ channel: 'sms', subject: null, ...body })),
  );
  typed(app).post('/mail', { schema: mailSchema }, (request) =>
    take(deps, request, mail, ({ subject = null, ...body }) => ({
      channel: 'mail',
      subject,
      ...body,
    })),
  );
}

async function take<Body extends z.ZodObject>(
  deps: AppDeps,
  { body, headers }: Pick<FastifyRequest, 'body' | 'headers'>,
  shape: Body,
  messageOf: (body: z.output<Body>) => Omit<ArrivedMessage, 'messageId'>,
) {
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
const listSchema = {
  operationId: 'listMessages',
  tags: ['messages'],
  summary: 'Messages that arrived, newest first; those without a case wait for the hotline',
  querystring: filter,
  response: { 200: listOf(messageShape), ...problemsOf(403, 422) },
};
const settled = {
  tags: ['messages'],
  description: 'Of a message that is `unmatched`, by the hotline or a supervisor.',
  params: z.object({
    inboundNumber: z
      .string()
      .regex(/^IN-\d{1,15}$/, 'message')
      .meta({ examples: ['IN-1'] }),
  }),
  headers: keyAllowed,
  response: { 200: messageShape, ...problemsOf(403, 404, 409, ...ofBodies) },
};
const assignSchema = {
  ...settled,
  operationId: 'assignMessage',
  summary: 'Say which case a message is about: it stands on its timeline, and nobody is answered',
  body: waysToSettle.assign,
};
const dismissSchema = {
  ...settled,
  operationId: 'dismissMessage',
  summary: 'Say why a message is about no case',
  body: waysToSettle.dismiss,
};
const attemptTo =
  (way: string) =>
  ({ inboundNumber }: Record<string, string>) =>
    `${inboundNumber} ${way}`;
const reading = only(
  ['hotline', 'supervisor', 'manager', 'auditor', 'admin'],
  'customers’ messages are the hotline’s',
);
const settling = only(settlers, 'messages are settled by the hotline');

/** What the hotline reads: with names and words of customers, so not for everybody. */
export async function inboundRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).get('/inbound', { schema: listSchema, ...reading }, async (request) => {
    const { limit = pageSize, caseNumber, ...query } = request.query;
    const { status = caseNumber ? undefined : 'open' } = query;
    return deps.messages.inbound.list({ ...query, caseNumber, status, limit });
  });
  typed(app).post(
    '/inbound/:inboundNumber/assign',
    { schema: assignSchema, ...settling, config: { attempt: attemptTo('assign') } },
    (request) => {
      const { params, body, headers } = request;
      const call = { ...params, body, key: headers['idempotency-key'] };
      return assignMessage(deps, { ...call, person: personOn(request) });
    },
  );
  typed(app).post(
    '/inbound/:inboundNumber/dismiss',
    { schema: dismissSchema, ...settling, config: { attempt: attemptTo('dismiss') } },
    (request) => {
      const { params, body, headers } = request;
      const call = { ...params, body, key: headers['idempotency-key'] };
      return dismissMessage(deps, { ...call, person: personOn(request) });
    },
  );
}
