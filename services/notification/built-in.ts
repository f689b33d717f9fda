import type { Sql } from '../../db/connect.ts';
import { json, retrying, sameRequest } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { type Addressee, addresseeOf } from './addressee.ts';
import {
  type Channels,
  type Notification,
  type NotificationQuestions,
  type NotificationService,
  noChannels,
  type SendRequest,
} from './index.ts';
import { carriesLink, render, withLink } from './render.ts';

/** The notification service on our own database: an outbox that a message enters once per effect key, by one statement (I6, I7). */
export function createNotification(sql: Sql, channels = noChannels): NotificationService {
  return {
    effects: { send: (request) => send(sql, request, channels) },
    questions: { list: (filter) => list(sql, filter, channels) },
  };
}

async function send(
  sql: Sql,
  request: SendRequest,
  channels: Channels,
): Promise<{ notificationNumber: string }> {
  const hash = hashOf(request);
  const addressee = await addresseeOf(sql, request, channels);
  if (!addressee)
    throw new ServiceFailure('UnknownRecipient', `nobody to tell about ${request.caseNumber}`);
  const { locale, timeZone, values } = addressee;
  const text = render(request.template, locale, { ...values, ...request.params }, timeZone);
  const { links } = channels;
  const tokenHash = links && carriesLink(request) ? links.hashOf(request.caseNumber) : null;
  const [row] = await retrying(() => accept(sql, request, { ...addressee, text, hash, tokenHash }));
  sameRequest(request.effectKey, row?.hash ?? null, hash);
  return { notificationNumber: row?.notificationNumber ?? '' };
}

interface Accepted extends Addressee {
  text: string;
  hash: string;
  /** Of the link that goes with it; null: none does. */
  tokenHash: string | null;
}

// Asked for again, it is counted and stays as it was accepted. What no gateway takes is done with once it is accepted.
const accept = (sql: Sql, request: SendRequest, message: Accepted) =>
  sql<{ notificationNumber: string; hash: string }[]>`
    with accepted as (
      insert into notifications (effect_key, request_hash, case_number, sequence, template, channel, recipient,
        person_id, locale, text, linked, status)
      values (${request.effectKey}, ${message.hash}, ${request.caseNumber}, ${request.sequence}, ${request.template},
        ${message.channel}, ${json(sql, request.recipient)}, ${message.personId}, ${message.locale}, ${message.text},
        ${message.tokenHash !== null}, ${message.leaves ? 'pending' : 'kept'})
      on conflict (effect_key) do update set asked = notifications.asked + 1
      returning seq, asked, status, request_hash
    ), kept as (
      insert into notification_deliveries (seq, attempt, result)
      select seq, 1, 'kept' from accepted where asked = 1 and status = 'kept'
    ), link as (
      insert into status_links (token_hash, case_number)
      select ${message.tokenHash}, case_number from cases
      where case_number = ${request.caseNumber} and ${message.tokenHash}::text is not null
      on conflict do nothing
    )
    select 'N-' || seq as "notificationNumber", request_hash as hash from accepted`;

async function list(
  sql: Sql,
  filter: Parameters<NotificationQuestions['list']>[0],
  { links }: Channels,
): Promise<Notification[]> {
  const { caseNumber, after, limit } = filter;
  const afterSeq = /^N-\d{1,15}$/.test(after ?? '') ? Number(after?.slice(2)) : 0;
  const rows = await sql<(Notification & { linked: boolean })[]>`
    select 'N-' || seq as "notificationNumber", effect_key as "effectKey", case_number as "caseNumber", sequence,
      template, channel, recipient, locale, text, linked, created_at as "createdAt",
      case status when 'delivered' then 'kept' when 'queued' then 'pending' else status end as status,
      (select coalesce(jsonb_agg(jsonb_build_object('attempt', attempt, 'at', iso(at),
        'result', case result when 'delivered' then 'kept' else result end, 'detail', detail) order by attempt), '[]')
        from notification_deliveries d where d.seq = n.seq) as deliveries
    from notifications n where seq > ${afterSeq}
    ${caseNumber === undefined ? sql`` : sql`and case_number = ${caseNumber}`}
    order by seq limit ${limit}`;
  return rows.map(({ linked, ...row }) => (linked && links ? withLink(row, links) : row));
}
