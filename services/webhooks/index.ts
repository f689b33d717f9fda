/** Webhooks: what happens to cases, told to subscribed URLs by Standard Webhooks, without anybody's name. */
import type { Page } from '../../db/cursor.ts';
import type { WebhookEvent } from '../../domain/webhook-event.ts';

export { type WebhookEvent, webhookEvents } from '../../domain/webhook-event.ts';

export interface Webhook {
  webhookNumber: string;
  url: string;
  events: WebhookEvent[];
  createdBy: string;
  createdAt: string;
  /** How often in a row it had to be left alone for a while. */
  failures: number;
}

export interface WebhookDelivery {
  deliveryNumber: string;
  event: WebhookEvent;
  caseNumber: string;
  /** The `webhook-id`: the same with each attempt and each redelivery. */
  messageId: string;
  status: 'pending' | 'sent' | 'failed' | 'expired';
  createdAt: string;
  nextAttemptAt: string | null;
  attempts: {
    attempt: number;
    at: string;
    result: 'sent' | 'failed' | 'unknown';
    detail: string | null;
  }[];
}

export type Subscribed =
  /** `secret` is shown here and never again. */
  | { kind: 'subscribed'; webhook: Webhook; secret: string }
  /** The URL is subscribed already, under that number. */
  | { kind: 'known'; webhookNumber: string }
  /** Nobody may be called there. */
  | { kind: 'refused'; why: string };

export interface Webhooks {
  subscribe(request: { url: string; events: WebhookEvent[]; by: string }): Promise<Subscribed>;
  list(): Promise<Webhook[]>;
  get(webhookNumber: string): Promise<Webhook | null>;
  /** What it has not been told yet, it is not told any more. False when there is none. */
  remove(webhookNumber: string): Promise<boolean>;
  /** Newest first. Fails `BadCursor`. */
  deliveries(
    webhookNumber: string,
    filter: {
      status?: WebhookDelivery['status'] | undefined;
      cursor?: string | undefined;
      limit: number;
    },
  ): Promise<Page<WebhookDelivery>>;
  /** Tells it once more, whatever became of it; null when there is no such delivery. */
  redeliver(webhookNumber: string, deliveryNumber: string): Promise<WebhookDelivery | null>;
}

export { createAddresses } from './addresses.ts';
export { verifiedId } from './sign.ts';
