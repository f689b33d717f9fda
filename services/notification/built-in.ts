import type { Sql } from '../../db/connect.ts';
import { hashOf, json, retrying, sameRequest } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { type Addressee, addresseeOf } from './addressee.ts';
import type { Notification, NotificationService, SendRequest } from './index.ts';
import { render } from './render.ts';

/** The notification service on our own database: an outbox row and its delivery by one statement (I6, I7). */
export function createNotification(sql: Sql): NotificationService {
  return {
    send: (request) => send(sql, request),
    list: (filter) => list(sql, filter),
  };
}

const send = async (sql: Sql, request: SendRequest): Promise<Accepted> =>
  accept(sql, await compose(sql, request), hashOf(request));

type Accepted = { notificationNumber: string };

/** A message in its recipient's language, as it leaves. */
export type Composed = SendRequest & Pick<Addressee, 'channel' | 'locale'> & { text: string };

/** Writes a message for whoever gets it. Fails `UnknownRecipient`. */
export async function compose(
  sql: Sql,
  request: SendRequest,
): Promise<Composed & Pick<Addressee, 'phone' | 'mail'> & { name: string | null }> {
  const addressee = await addresseeOf(sql, request);
  if (!addressee)
    throw new ServiceFailure('UnknownRecipient', `nobody to tell about ${request.caseNumber}`);
  const { channel, phone, mail, locale, timeZone, values } = addressee;
  const text = render(request.template, locale, { ...values, ...request.params }, timeZone);
  const name = values.recipientName ? String(values.recipientName) : null;
  return { ...request, channel, phone, mail, name, locale, text };
}

/** Takes a composed message once per effect key; `hash` is that of what was asked. */
export async function accept(sql: Sql, message: Composed, hash: string): Promise<Accepted> {
  const [fresh] = await retrying(() => deliver(sql, message, hash));
  return fresh ?? sentBefore(sql, message.effectKey, hash);
}

// The built-in channel delivers into the log: accepted and delivered are one fact.
const deliver = (sql: Sql, message: Composed, hash: string) =>
  sql<Accepted[]>`
    with accepted as (
      insert into notifications (effect_key, request_hash, case_number, sequence, template, channel, recipient,
        locale, text, status)
      values (${message.effectKey}, ${hash}, ${message.caseNumber}, ${message.sequence}, ${message.template},
        ${message.channel}, ${json(sql, message.recipient)}, ${message.locale}, ${message.text}, 'delivered')
      on conflict (effect_key) do nothing returning seq
    ), delivered as (
      insert into notification_deliveries (seq, attempt, result) select seq, 1, 'delivered' from accepted
    )
    select 'N-' || seq as "notificationNumber" from accepted`;

async function sentBefore(sql: Sql, effectKey: string, hash: string): Promise<Accepted> {
  const [known] = await sql<(Accepted & { hash: string })[]>`
    select 'N-' || seq as "notificationNumber", request_hash as hash from notifications where effect_key = ${effectKey}`;
  sameRequest(effectKey, known?.hash ?? null, hash);
  return { notificationNumber: known?.notificationNumber ?? '' };
}

function list(
  sql: Sql,
  filter: Parameters<NotificationService['list']>[0],
): Promise<Notification[]> {
  const { caseNumber, after, limit } = filter;
  const afterSeq = /^N-\d{1,15}$/.test(after ?? '') ? Number(after?.slice(2)) : 0;
  return sql<Notification[]>`
    select 'N-' || seq as "notificationNumber", effect_key as "effectKey", case_number as "caseNumber", sequence,
      template, channel, recipient, locale, text, status, created_at as "createdAt",
      (select coalesce(jsonb_agg(jsonb_build_object('attempt', attempt, 'at', iso(at), 'result', result,
        'detail', detail) order by attempt), '[]')
        from notification_deliveries d where d.seq = n.seq) as deliveries
    from notifications n where seq > ${afterSeq}
    ${caseNumber === undefined ? sql`` : sql`and case_number = ${caseNumber}`}
    order by seq limit ${limit}`;
}
