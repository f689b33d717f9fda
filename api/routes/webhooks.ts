import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../../domain/case.ts';
import { type Webhook, webhookEvents } from '../../services/webhooks/index.ts';
import type { AppDeps } from '../deps.ts';
import { page, pageSize } from '../fields.ts';
import { personOn } from '../plugins/auth.ts';
import { invalid, notFound } from '../problem.ts';
import { listOf } from '../shapes/common.ts';
import { deliveryShape, subscribedShape, webhookShape } from '../shapes/messages.ts';
import { ofBodies, problemsOf } from '../shapes/problem.ts';
import { only, typed } from './context.ts';

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
const params = z.object({
  webhookNumber: z
    .string()
    .regex(/^WH-\d{1,15}$/, 'webhook')
    .meta({ examples: ['WH-1'] }),
});
const oneDelivery = params.extend({
  deliveryNumber: z
    .string()
    .regex(/^WD-\d{1,15}$/, 'delivery')
    .meta({ examples: ['WD-1'] }),
});
const filter = z.strictObject({
  status: z.enum(['pending', 'sent', 'failed', 'expired']).optional(),
  ...page,
});
const schemas = {
  subscribe: {
    operationId: 'subscribeWebhook',
    tags,
    summary: 'Subscribe a URL to events of cases',
    description:
      'The answer holds the secret, once. Private, loopback and link-local targets are refused, here and at each connection.',
    body,
    response: { 201: subscribedShape, ...problemsOf(403, ...ofBodies) },
  },
  list: {
    operationId: 'listWebhooks',
    tags,
    summary: 'Subscriptions',
    response: { 200: listOf(webhookShape), ...problemsOf(403) },
  },
  read: {
    operationId: 'getWebhook',
    tags,
    summary: 'A subscription',
    params,
    response: { 200: webhookShape, ...problemsOf(403, 404) },
  },
  remove: {
    operationId: 'removeWebhook',
    tags,
    summary: 'End a subscription',
    params,
    response: { 204: z.null().describe('ended'), ...problemsOf(403, 404) },
  },
  deliveries: {
    operationId: 'listDeliveries',
    tags,
    summary: 'What it was told, newest first, with every attempt',
    params,
    querystring: filter,
    response: { 200: listOf(deliveryShape), ...problemsOf(403, 404, 422) },
  },
  redeliver: {
    operationId: 'redeliver',
    tags,
    summary: 'Tell it once more',
    params: oneDelivery,
    response: { 200: deliveryShape, ...problemsOf(403, 404, 413, 415) },
  },
};
const administering = only(['admin'], 'webhooks are the administrator’s');

/** Subscriptions of other systems, for administrators. */
export async function webhookRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { webhooks } = deps.messages;
  app.addHook('onRequest', administering.onRequest);
  const attempt = ({ webhookNumber = 'webhook' }: Record<string, string>) => webhookNumber;
  typed(app).post(
    '/webhooks',
    { schema: schemas.subscribe, config: { attempt } },
    async (request, reply) => {
      const { webhook, secret } = await subscribe(deps, request.body, adminOf(request));
      reply.code(201).header('location', `/v1/webhooks/${webhook.webhookNumber}`);
      reply.header('cache-control', 'no-store');
      return { ...webhook, secret };
    },
  );
  typed(app).get('/webhooks', { schema: schemas.list }, async () => ({
    items: await webhooks.list(),
    nextCursor: null,
  }));
  typed(app).get('/webhooks/:webhookNumber', { schema: schemas.read }, ({ params }) =>
    webhookOn(deps, params.webhookNumber),
  );
  typed(app).delete(
    '/webhooks/:webhookNumber',
    { schema: schemas.remove, config: { attempt } },
    async (request, reply) => {
      const { webhookNumber } = request.params;
      if (!(await webhooks.remove(webhookNumber))) throw notFound('webhook');
      await noteDown(deps, 'webhookRemoved', webhookNumber, adminOf(request));
      return reply.code(204).send(null);
    },
  );
  deliveryRoutes(app, deps);
}

function deliveryRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { webhooks } = deps.messages;
  typed(app).get(
    '/webhooks/:webhookNumber/deliveries',
    { schema: schemas.deliveries },
    async ({ params, query: { limit = pageSize, ...query } }) => {
      const { webhookNumber } = await webhookOn(deps, params.webhookNumber);
      return webhooks.deliveries(webhookNumber, { ...query, limit });
    },
  );
  const attempt = ({ webhookNumber, deliveryNumber }: Record<string, string>) =>
    `${webhookNumber} ${deliveryNumber}`;
  typed(app).post(
    '/webhooks/:webhookNumber/deliveries/:deliveryNumber/redeliver',
    { schema: schemas.redeliver, config: { attempt } },
    async (request) => {
      const { webhookNumber, deliveryNumber } = request.params;
      await webhookOn(deps, webhookNumber);
      const found = await webhooks.redeliver(webhookNumber, deliveryNumber);
      if (!found) throw notFound('delivery');
      const subject = `${webhookNumber} ${deliveryNumber}`;
      await noteDown(deps, 'webhookRedelivered', subject, adminOf(request));
      return found;
    },
  );
}

/** 422 for a target that may not be called, and for a URL that is subscribed already. */
async function subscribe(deps: AppDeps, { url, events }: z.output<typeof body>, by: Actor) {
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

async function webhookOn({ messages }: AppDeps, number: string): Promise<Webhook> {
  const found = await messages.webhooks.get(number);
  if (!found) throw notFound('webhook');
  return found;
}

const adminOf = (request: FastifyRequest): Actor => ({ id: personOn(request).id, role: 'admin' });

const noteDown = ({ stores, now }: AppDeps, kind: string, subject: string, actor: Actor) =>
  stores.timeline.append({
    eventKey: `${kind}/${randomUUID()}`,
    caseNumber: null,
    event: { kind, at: now(), actor, reason: null, subject, updateId: null, detail: {} },
  });
