import type { Fragment, Sql } from '../../db/connect.ts';
import { writtenForms } from '../notification/phone.ts';
import type { InboundMessage, MessageCase } from './index.ts';

const named = /\bC-\d{6,12}\b/g;

/** A line of the timeline that says that a rating was asked for. Whoever's outbox the message stands in, this one is ours. */
export const isInvitation = (sql: Sql): Fragment =>
  sql`kind = 'effectDone' and subject = 'message rateUs'`;

/** The sender's open cases: of the person who called, or whose customer it is. */
export async function caseOf(
  sql: Sql,
  { channel, sender, subject, text }: InboundMessage,
  phoneCountry: string,
): Promise<MessageCase | null> {
  const mentioned = `${subject ?? ''} ${text}`.match(named)?.slice(0, 10) ?? [];
  const isSender =
    channel === 'sms'
      ? sql`phone_digits(phone) = any(${writtenForms(sender, phoneCountry)}::text[])`
      : sql`lower(mail) = ${sender}`;
  const [found] = await sql<MessageCase[]>`
    with senders as (select person_id from persons where ${isSender}),
    theirs as (
      select c.case_number, seq,
        (select task_id from tasks t where t.case_number = c.case_number and closed_at is null
          and name in ('recordCallback', 'recordFollowUp') order by opened_at limit 1) as task_id,
        asked.*
      from cases c left join customers using (customer_number)
      left join lateral (select cycle || '/' || (detail->>'sequence') as invitation, recorded_at as invited_at
        from case_events e where e.case_number = c.case_number and ${isInvitation(sql)} order by e.seq desc limit 1) asked on true
      where is_open and (contact_id in (select person_id from senders)
        or customers.person_id in (select person_id from senders))
    )
    select case_number as "caseNumber", task_id as "ratingTask", invitation,
      exists (select from inbound_messages i where i.case_number = t.case_number and i.status = 'prompted'
        and i.settled_at > coalesce(invited_at, '-infinity')) as "wasPrompted"
    from theirs t
    order by case_number = any(${mentioned}::text[]) desc, task_id is not null desc, invitation is not null desc, seq desc
    limit 1`;
  return found ?? null;
}
