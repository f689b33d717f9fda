import type { Fragment, Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, pageOf } from '../../db/cursor.ts';
import type { Addresses } from './addresses.ts';
import type { Subscribed, Webhook, WebhookDelivery, WebhookEvent, Webhooks } from './index.ts';
import { newSecret } from './sign.ts';

/** Subscriptions and what became of each event that they were to be told. */
export function createWebhooks(sql: Sql, addresses: Addresses): Webhooks {
  return {
    subscribe: (request) => subscribe(sql, addresses, request),
    list: () => webhooksWhere(sql, sql`true`),
    get: async (number) => (await webhooksWhere(sql, sql`webhook_number = ${number}`))[0] ?? null,
    remove: (number) => remove(sql, number),
    async deliveries(number, { status, cursor, limit }) {
      const list = `webhook:${number}`;
      const before = decodeCursor(list, cursor, isNumber)?.[0];
      const rows = await deliveriesWhere(
        sql,
        sql`webhook_number = ${number} ${status === undefined ? sql`` : sql`and status = ${status}`}
          ${before === undefined ? sql`` : sql`and seq < ${before}`}`,
        limit + 1,
      );
      return pageOf(rows, limit, (last) => encodeCursor(list, [seqOf(last.deliveryNumber)]));
    },
    redeliver: (number, delivery) => redeliver(sql, number, delivery),
  };
}

async function subscribe(
  sql: Sql,
  addresses: Addresses,
  { url, events, by }: { url: string; events: WebhookEvent[]; by: string },
): Promise<Subscribed> {
  const why = await addresses.refusal(url);
  if (why !== null) return { kind: 'refused', why };
  const secret = newSecret();
  const [made] = await sql<{ webhookNumber: string }[]>`
    insert into webhooks (url, events, secret, created_by) values (${url}, ${events}, ${secret}, ${by})
    on conflict (url) where deleted_at is null do nothing returning webhook_number as "webhookNumber"`;
  const [webhook] = await webhooksWhere(sql, sql`url = ${url}`);
  if (!webhook) return { kind: 'refused', why: 'removed meanwhile' };
  return made
    ? { kind: 'subscribed', webhook, secret }
    : { kind: 'known', webhookNumber: webhook.webhookNumber };
}

const webhooksWhere = (sql: Sql, condition: Fragment) => sql<Webhook[]>`
  select webhook_number as "webhookNumber", url, events, created_by as "createdBy", created_at as "createdAt", failures
  from webhooks where deleted_at is null and ${condition} order by created_at`;

async function remove(sql: Sql, number: string): Promise<boolean> {
  const [removed] = await sql`
    with removed as (
      update webhooks set deleted_at = clock_timestamp() where webhook_number = ${number} and deleted_at is null
      returning webhook_number
    ), given_up as (
      update webhook_messages set status = 'expired' from removed
      where webhook_messages.webhook_number = removed.webhook_number and status = 'pending'
    )
    select from removed`;
  return removed !== undefined;
}

const seqOf = (deliveryNumber: string): number =>
  /^WD-\d{1,15}$/.test(deliveryNumber) ? Number(deliveryNumber.slice(3)) : 0;

const deliveriesWhere = (sql: Sql, condition: Fragment, limit: number) => sql<WebhookDelivery[]>`
  select 'WD-' || seq as "deliveryNumber", event, case_number as "caseNumber", 'evt-' || event_seq as "messageId", status,
    created_at as "createdAt", case status when 'pending' then iso(next_attempt_at) end as "nextAttemptAt",
    (select coalesce(jsonb_agg(jsonb_build_object('attempt', attempt, 'at', iso(at), 'result', result, 'detail', detail)
      order by attempt), '[]') from webhook_attempts a where a.seq = m.seq) as attempts
  from webhook_messages m where ${condition} order by m.seq desc limit ${limit}`;

async function redeliver(
  sql: Sql,
  number: string,
  deliveryNumber: string,
): Promise<WebhookDelivery | null> {
  const seq = seqOf(deliveryNumber);
  await sql`
    with renewed as (
      update webhook_messages set status = 'pending', redelivered = true, next_attempt_at = clock_timestamp(),
        expires_at = clock_timestamp() + interval '72 hours'
      where seq = ${seq} and webhook_number = ${number} and webhook_number in (
        select webhook_number from webhooks where deleted_at is null)
      returning webhook_number
    )
    update webhooks set rests_until = '-infinity' from renewed where webhooks.webhook_number = renewed.webhook_number`;
  const [found] = await deliveriesWhere(sql, sql`seq = ${seq} and webhook_number = ${number}`, 1);
  return found ?? null;
}
