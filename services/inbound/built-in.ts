import type { Fragment, Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, pageOf } from '../../db/cursor.ts';
import { hashOf } from '../../db/hash.ts';
import { phoneDigits } from '../notification/phone.ts';
import { caseOf, isInvitation } from './case-of.ts';
import type { ArrivedMessage, ByHand, Inbound, InboundMessage } from './index.ts';

/** Messages that arrived, on our own database. `phoneCountry`: calling code of numbers that are written without one. */
export function createInbound(sql: Sql, phoneCountry: string): Inbound {
  return {
    take: (message) => take(sql, message, phoneCountry),
    caseOf: (message) => caseOf(sql, message, phoneCountry),
    async settle(number, { status, caseNumber = null, rating = null }) {
      await sql`
        update inbound_messages set status = ${status}, case_number = coalesce(${caseNumber}, case_number),
          rating = coalesce(${rating}, rating), settled_at = clock_timestamp()
        where seq = ${seqOf(number)} and settled_by is null`;
    },
    settleByHand: (how) => settleByHand(sql, how),
    async get(number) {
      const [found] = await messagesWhere(sql, sql`seq = ${seqOf(number)}`, 1);
      return found ?? null;
    },
    async firstUnmatched({ channel, sender }) {
      const [first] = await sql<{ number: string }[]>`
        select 'IN-' || min(seq) as number from inbound_messages
        where channel = ${channel} and sender = ${sender} and (status in ('received', 'unmatched', 'dismissed')
            and case_number is null or status = 'assigned')
          and received_at > clock_timestamp() - interval '1 day'`;
      return first?.number ?? '';
    },
    unsettled: (olderThanMs, limit) => unsettled(sql, olderThanMs, limit),
    async list({ status, caseNumber, cursor, limit }) {
      const before = decodeCursor('inbound', cursor, isNumber)?.[0];
      const rows = await messagesWhere(
        sql,
        sql`true ${statusIs(sql, status)}
          ${caseNumber === undefined ? sql`` : sql`and case_number = ${caseNumber}`}
          ${before === undefined ? sql`` : sql`and seq < ${before}`} order by seq desc`,
        limit + 1,
      );
      return pageOf(rows, limit, (last) => encodeCursor('inbound', [seqOf(last.inboundNumber)]));
    },
  };
}

function statusIs(sql: Sql, status: Parameters<Inbound['list']>[0]['status']): Fragment {
  if (status === undefined) return sql``;
  if (status === 'open') return sql`and status in ('received', 'unmatched')`;
  if (status === 'settled') return sql`and status not in ('received', 'unmatched', 'waiting')`;
  return sql`and status = ${status}`;
}

const seqOf = (number: string): number => Number(/^IN-(\d{1,15})$/.exec(number)?.[1] ?? 0);

const columns = (sql: Sql): Fragment => sql`
  'IN-' || seq as "inboundNumber", channel, sender, subject, text, received_at as "receivedAt", status,
    case_number as "caseNumber", rating, case when settled_by is not null then jsonb_build_object('by',
      jsonb_build_object('id', settled_by, 'role', settled_role), 'at', iso(settled_at), 'reason', settle_reason) end as settled`;

const messagesWhere = (sql: Sql, condition: Fragment, limit: number) => sql<InboundMessage[]>`
  select ${columns(sql)} from inbound_messages where ${condition} limit ${limit}`;

async function take(
  sql: Sql,
  message: ArrivedMessage,
  phoneCountry: string,
): ReturnType<Inbound['take']> {
  const { channel, messageId, from, subject, text } = message;
  const hash = hashOf(message);
  const sender = channel === 'sms' ? phoneDigits(from, phoneCountry) : from.toLowerCase();
  const [fresh] = await sql`
    insert into inbound_messages (channel, message_id, request_hash, sender, subject, text)
    values (${channel}, ${messageId}, ${hash}, ${sender}, ${subject}, ${text})
    on conflict (channel, message_id) do nothing returning seq`;
  const known = sql`channel = ${channel} and message_id = ${messageId}`;
  const [found] = await messagesWhere(sql, known, 1);
  const [same] = await sql`select from inbound_messages where ${known} and request_hash = ${hash}`;
  if (!found) throw new Error('a message that was kept is gone');
  return { kind: fresh ? 'new' : same ? 'same' : 'other', message: found };
}

async function unsettled(sql: Sql, olderThanMs: number, limit: number): Promise<InboundMessage[]> {
  await sql`
    update inbound_messages m set status = 'late', settled_at = clock_timestamp()
    where status = 'waiting' and (not exists (select from cases c where c.case_number = m.case_number and is_open)
      or exists (select from case_events e where e.case_number = m.case_number and ${isInvitation(sql)}
        and e.recorded_at > m.settled_at))`;
  return sql<InboundMessage[]>`
    with due as (
      select seq from inbound_messages m
      where (status = 'received' and received_at < clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond')
        or (status = 'waiting' and exists (select from tasks t where t.case_number = m.case_number
          and closed_at is null and name = 'recordCallback'))
      order by tried_at nulls first, seq limit ${limit} for update skip locked
    )
    update inbound_messages set tried_at = clock_timestamp() where seq in (select seq from due)
    returning ${columns(sql)}`;
}

// One statement, so that a message that is settled has its line, and of two people at once one settles it.
async function settleByHand(
  sql: Sql,
  { inboundNumber, caseNumber, rating, reason, by, at }: ByHand,
): Promise<void> {
  const isDismissed = caseNumber === null;
  await sql`
    with settled as (
      update inbound_messages set status = ${isDismissed ? 'dismissed' : 'assigned'}, settled_at = ${at},
        settled_by = ${by.id}, settled_role = ${by.role}, settle_reason = ${isDismissed ? reason : null},
        case_number = coalesce(${caseNumber}, case_number), rating = coalesce(${rating}, rating)
      where seq = ${seqOf(inboundNumber)} and status = 'unmatched' returning seq, rating
    )
    insert into case_events (event_key, case_number, kind, at, actor_id, actor_role, reason, subject, detail)
    select 'inbound/IN-' || seq, ${caseNumber}::text, ${isDismissed ? 'inboundDismissed' : 'noted'}, ${at}, ${by.id},
      ${by.role}, ${reason}, 'IN-' || seq, jsonb_strip_nulls(jsonb_build_object('rating', rating)) from settled`;
}
