import { and, desc, eq, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, listPage } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { webhookAttempts, webhookMessages, webhooks } from '../../db/schema.ts';
import { list, names, row, rows, set, statement, value } from '../../db/statement.ts';
import type { Addresses } from './addresses.ts';
import type { Subscribed, WebhookEvent, Webhooks } from './index.ts';
import { newSecret } from './sign.ts';

type Filter = Parameters<Webhooks['deliveries']>[1];

/** Subscriptions and what became of each event that they were to be told. */
export function createWebhooks(client: Sql, addresses: Addresses): Webhooks {
  const db = drizzle(client);
  return {
    subscribe: (request) => subscribe(db, addresses, request),
    list: () => standing(db),
    get: async (number) => (await webhookOf(db, number))[0] ?? null,
    remove: async (number) => (await removeWebhook(db, number)).length > 0,
    async deliveries(number, filter) {
      const name = `webhook:${number}`;
      const before = decodeCursor(name, filter.cursor, isNumber)?.[0];
      const found = await deliveriesBefore(db, number, filter, before);
      return listPage(found, filter.limit, (last) =>
        encodeCursor(name, [seqOf(last.deliveryNumber)]),
      );
    },
    async redeliver(number, deliveryNumber) {
      const seq = seqOf(deliveryNumber);
      await renew(db, number, seq);
      return (await deliveryOf(db, number, seq))[0] ?? null;
    },
  };
}

type Request = { url: string; events: WebhookEvent[]; by: string };

async function subscribe(db: Db, addresses: Addresses, request: Request): Promise<Subscribed> {
  const why = await addresses.refusal(request.url);
  if (why !== null) return { kind: 'refused', why };
  const secret = newSecret();
  const [made] = await insertWebhook(db, request, secret);
  const [webhook] = await webhookAt(db, request.url);
  if (!webhook) return { kind: 'refused', why: 'removed meanwhile' };
  return made
    ? { kind: 'subscribed', webhook, secret }
    : { kind: 'known', webhookNumber: webhook.webhookNumber };
}

const insertWebhook = statement((db, { url, events, by }: Request, secret: string) =>
  rows(
    db,
    { webhookNumber: webhooks.webhookNumber },
    (answer) => sql`
    insert into ${webhooks} ${row(webhooks, { url, events, secret, createdBy: by })}
    on conflict (${names(webhooks.url)}) where ${webhooks.deletedAt} is null do nothing returning ${answer}`,
  ),
);

const standing = statement((db) => webhooksWhere(db, undefined));
const webhookOf = statement((db, number: string) =>
  webhooksWhere(db, eq(webhooks.webhookNumber, number)),
);
const webhookAt = statement((db, url: string) => webhooksWhere(db, eq(webhooks.url, url)));

const webhooksWhere = (db: Db, condition: SQL | undefined) =>
  db
    .select({
      webhookNumber: webhooks.webhookNumber,
      url: webhooks.url,
      events: webhooks.events,
      createdBy: webhooks.createdBy,
      createdAt: webhooks.createdAt,
      failures: webhooks.failures,
    })
    .from(webhooks)
    .where(and(isNull(webhooks.deletedAt), condition))
    .orderBy(webhooks.createdAt);

const removeWebhook = statement((db, number: string) =>
  db.execute(sql`
    with removed as (
      update ${webhooks} set ${set(webhooks, { deletedAt: sql`clock_timestamp()` })}
      where ${webhooks.webhookNumber} = ${number} and ${webhooks.deletedAt} is null
      returning ${webhooks.webhookNumber}
    ), given_up as (
      update ${webhookMessages} set ${set(webhookMessages, { status: 'expired' })} from removed
      where ${webhookMessages.webhookNumber} = removed.webhook_number and ${webhookMessages.status} = 'pending'
    )
    select from removed`),
);

const seqOf = (deliveryNumber: string): number =>
  /^WD-\d{1,15}$/.test(deliveryNumber) ? Number(deliveryNumber.slice(3)) : 0;

const deliveriesBefore = statement(
  (db, number: string, { status, limit }: Filter, before: number | undefined) =>
    deliveriesWhere(
      db,
      and(
        eq(webhookMessages.webhookNumber, number),
        status === undefined ? undefined : eq(webhookMessages.status, status),
        before === undefined ? undefined : lt(webhookMessages.seq, before),
      ),
      limit + 1,
    ),
);

const deliveryOf = statement((db, number: string, seq: number) =>
  deliveriesWhere(
    db,
    and(eq(webhookMessages.webhookNumber, number), eq(webhookMessages.seq, seq)),
    1,
  ),
);

function deliveriesWhere(db: Db, condition: SQL | undefined, limit: number) {
  const { seq, event, caseNumber, eventSeq, status, createdAt, nextAttemptAt } = webhookMessages;
  return db
    .select({
      deliveryNumber: sql<string>`'WD-' || ${seq}`,
      event,
      caseNumber,
      messageId: sql<string>`'evt-' || ${eventSeq}`,
      status,
      createdAt,
      nextAttemptAt: sql<string | null>`case ${status} when 'pending' then ${nextAttemptAt} end`,
      attempts: value(attemptsOf(db)),
    })
    .from(webhookMessages)
    .where(condition)
    .orderBy(desc(seq))
    .limit(limit);
}

function attemptsOf(db: Db) {
  const { attempt, at, result, detail } = webhookAttempts;
  return db
    .select({ value: list({ attempt, at, result, detail }, attempt) })
    .from(webhookAttempts)
    .where(eq(webhookAttempts.seq, webhookMessages.seq));
}

const renew = statement((db, number: string, seq: number) =>
  db.execute(sql`
    with renewed as (
      update ${webhookMessages} set ${set(webhookMessages, {
        status: 'pending',
        redelivered: true,
        nextAttemptAt: sql`clock_timestamp()`,
        expiresAt: sql`clock_timestamp() + interval '72 hours'`,
      })} where ${webhookMessages.seq} = ${seq} and ${webhookMessages.webhookNumber} = ${number}
        and ${webhookMessages.webhookNumber} in (
          select ${webhooks.webhookNumber} from ${webhooks} where ${webhooks.deletedAt} is null)
      returning ${webhookMessages.webhookNumber}
    )
    update ${webhooks} set ${set(webhooks, { restsUntil: '-infinity' })} from renewed
    where ${webhooks.webhookNumber} = renewed.webhook_number`),
);
