/** What arrives from outside, and who is told of what happens inside. */
import { z } from 'zod';
import { type InboundMessage, inboundStatuses } from '../../services/inbound/index.ts';
import {
  type Webhook,
  type WebhookDelivery,
  webhookEvents,
} from '../../services/webhooks/index.ts';
import { actorShape, at, count, rowOf } from './common.ts';

const text = z.string().nullable();

export const receivedShape = rowOf<Pick<InboundMessage, 'inboundNumber' | 'status'>>()({
  inboundNumber: z.string(),
  status: z.enum(inboundStatuses),
}).meta({ id: 'Received' });

export const messageShape = rowOf<InboundMessage>()({
  ...receivedShape.shape,
  channel: z.enum(['sms', 'mail']),
  sender: z.string(),
  subject: text,
  text: z.string(),
  receivedAt: at,
  caseNumber: text,
  rating: z.enum(['A', 'B', 'C', 'D']).nullable(),
  settled: z.object({ by: actorShape, at, reason: text }).nullable().describe('by a person'),
}).meta({ id: 'Message' });

const webhook = rowOf<Webhook>()({
  webhookNumber: z.string(),
  url: z.string(),
  events: z.array(z.enum(webhookEvents)),
  createdBy: z.string(),
  createdAt: at,
  failures: count.describe('how often in a row it had to be left alone for a while'),
});
export const webhookShape = webhook.meta({ id: 'Webhook' });
export const subscribedShape = webhook
  .extend({ secret: z.string().describe('shown here and never again') })
  .meta({ id: 'SubscribedWebhook' });

export const deliveryShape = rowOf<WebhookDelivery>()({
  deliveryNumber: z.string(),
  event: z.enum(webhookEvents),
  caseNumber: z.string(),
  messageId: z.string(),
  status: z.enum(['pending', 'sent', 'failed', 'expired']),
  createdAt: at,
  nextAttemptAt: at.nullable(),
  attempts: z.array(
    z.object({
      attempt: count,
      at,
      result: z.enum(['sent', 'failed', 'unknown']),
      detail: text,
    }),
  ),
}).meta({ id: 'Delivery' });
