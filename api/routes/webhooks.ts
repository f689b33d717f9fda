import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../../domain/case.ts';
import { type Webhook, webhookEvents } from '../../services/webhooks/index.ts';
import { recordingRefusals } from '../acts/refusal.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize, parse } from '../fields.ts';
import { actorIn, personOn } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { listOf, problemsOf } from '../shapes.ts';
import { typed } from './context.ts';

const tags = ['webhooks'];
const body = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .max(500)
      .regex(/^[\x21-\x7e]+$/, 'visible ASCII characters only'),
    events: z
      .array(z.enum(webhookEvents))
      .min(1)
      .max(webhookEvents.length)
      .refine((events) => new Set(events).size === events.length, 'each event once'),
  })
  .meta({
    examples: [
      { url: 'https://erp.example.com/hooks/afterloop', events: ['case.opened', 'case.closed'] },
    ],
  });
const webhookShape = z.looseObject({
  webhookNumber: z.string(),
  url: z.string(),
  events: z.array(z.enum(webhookEvents)),
});
const deliveryShape = z.looseObject({
  deliveryNumber: z.string(),
  event: z.enum(webhookEvents),
  caseNumber: z.string(),
  messageId: z.string(),
  status: z.enum(['pending', 'sent', 'failed', 'expired']),
});
const params = z.object({ webhookNumber: z.string() });
const oneDelivery = params.extend({ deliveryNumber: z.string() });
const filter = z.strictObject({
  status: z.enum(['pending', 'sent', 'failed', 'expired']).optional(),
  ...page,
});
const asked = problemsOf(400, 401, 403, 404, 413, 415, 422, 429, 503);
const schemas = {
  subscribe: {
    tags,
    summary: 'Subscribe a URL to events of cases',
    description:
      'The answer holds the secret, once. Private, loopback and link-local targets are refused, here and at each connection.',
    body,
    response: { 201: webhookShape.extend({ secret: z.string() }), ...asked },
  },
  list: { tags, summary: 'Subscriptions', response: { 200: listOf(webhookShape), ...asked } },
  read: { tags, summary: 'A subscription', params, response: { 200: webhookShape, ...asked } },
  remove: { tags, summary: 'End a subscription', params, response: { 204: z.null(), ...asked } },
  deliveries: {
    tags,
    summary: 'What it was told, newest first, with every attempt',
    params,
    querystring: filter,
    response: { 200: listOf(deliveryShape), ...asked },
  },
  redeliver: {
    tags,
    summary: 'Tell it once more',
    params: oneDelivery,
    response: { 200: deliveryShape, ...asked },
  },
};

/** Subscriptions of other systems, for administrators. */
export async function webhookRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { webhooks } = deps.messages;
  typed(app).post('/webhooks', { schema: schemas.subscribe }, async (request, reply) => {
    const { webhook, secret } = await administering(deps, request, 'webhook', (by) =>
      subscribe(deps, request.body, by),
    );
    return reply
      .code(201)
      .header('location', `/v1/webhooks/${webhook.webhookNumber}`)
      .header('cache-control', 'no-store')
      .send({ ...webhook, secret });
  });
  typed(app).get('/webhooks', { schema: schemas.list }, async (request) => {
    administrator(request);
    return { items: await webhooks.list(), nextCursor: null };
  });
  typed(app).get('/webhooks/:webhookNumber', { schema: schemas.read }, async (request) => {
    administrator(request);
    return webhookOn(deps, request.params.webhookNumber);
  });
  typed(app).delete(
    '/webhooks/:webhookNumber',
    { schema: schemas.remove },
    async (request, reply) => {
      const { webhookNumber } = request.params;
      await administering(deps, request, webhookNumber, async (by) => {
        if (!(await webhooks.remove(numberIn(webhookNumber)))) throw notFound('webhook');
        await noteDown(deps, 'webhookRemoved', webhookNumber, by);
      });
      return reply.code(204).send();
    },
  );
  deliveryRoutes(app, deps);
}

function deliveryRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { webhooks } = deps.messages;
  typed(app).get(
    '/webhooks/:webhookNumber/deliveries',
    { schema: schemas.deliveries },
    async (request) => {
      administrator(request);
      const { webhookNumber } = await webhookOn(deps, request.params.webhookNumber);
      const { limit = pageSize, ...query } = request.query;
      return webhooks.deliveries(webhookNumber, { ...query, limit });
    },
  );
  typed(app).post(
    '/webhooks/:webhookNumber/deliveries/:deliveryNumber/redeliver',
    { schema: schemas.redeliver },
    (request) => {
      const { webhookNumber, deliveryNumber } = request.params;
      return administering(deps, request, `${webhookNumber} ${deliveryNumber}`, async (by) => {
        await webhookOn(deps, webhookNumber);
        const found = await webhooks.redeliver(webhookNumber, numberIn(deliveryNumber));
        if (!found) throw notFound('delivery');
        await noteDown(deps, 'webhookRedelivered', `${webhookNumber} ${deliveryNumber}`, by);
        return found;
      });
    },
  );
}

/** 422 for a target that may not be called, and for a URL that is subscribed already. */
async function subscribe(deps: AppDeps, given: unknown, by: Actor) {
  const { url, events } = parse(body, given);
  const done = await deps.messages.webhooks.subscribe({ url, events, by: by.id });
  switch (done.kind) {
    case 'subscribed':
      await noteDown(deps, 'webhookAdded', done.webhook.webhookNumber, by);
      return done;
    case 'known':
      throw invalid([{ pointer: '/url', detail: `subscribed already as ${done.webhookNumber}` }]);
    case 'refused':
      throw invalid([{ pointer: '/url', detail: done.why }]);
    default:
      return done satisfies never;
  }
}

const numberForm = /^W[HD]-\d{1,15}$/;
const numberIn = (number: string): string => (numberForm.test(number) ? number : '');

async function webhookOn({ messages }: AppDeps, number: string): Promise<Webhook> {
  const found = await messages.webhooks.get(numberIn(number));
  if (!found) throw notFound('webhook');
  return found;
}

function administrator(request: FastifyRequest): Actor {
  const actor = actorIn(personOn(request), ['admin']);
  if (!actor) throw new Problem('forbidden', { detail: 'webhooks are the administrator’s' });
  return actor;
}

/** 403 before anything else, and what is refused stands in the audit log. */
const administering = <T>(
  deps: AppDeps,
  request: FastifyRequest,
  subject: string,
  act: (by: Actor) => Promise<T>,
): Promise<T> =>
  recordingRefusals(deps, { person: personOn(request), caseNumber: null, subject }, async () =>
    act(administrator(request)),
  );

const noteDown = ({ stores, now }: AppDeps, kind: string, subject: string, actor: Actor) =>
  stores.timeline.append({
    eventKey: `${kind}/${randomUUID()}`,
    caseNumber: null,
    event: { kind, at: now(), actor, reason: null, subject, updateId: null, detail: {} },
  });
