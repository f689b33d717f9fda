import type { Sql } from '../../db/connect.ts';
import type { BackOff, Outbox, Outcome } from '../delivery/index.ts';
import { verdict } from '../delivery/verdict.ts';
import type { StatusLinks } from '../status-links/index.ts';
import { type Locale, withLink } from './render.ts';

/** A message on its way out, under the attempt that was begun. */
export interface OutgoingMessage {
  seq: number;
  attempt: number;
  /** The same with each attempt: a receiver that keeps keys takes it once. */
  effectKey: string;
  caseNumber: string;
  locale: Locale;
  /** True for people of the house. */
  isInternal: boolean;
  text: string;
  linked: boolean;
  /** The phone or mail address as it is now; null when its person has none any more. */
  address: string | null;
}

/** What leaves by one channel: of each case the earliest message that is not settled, whatever channel that one takes (I7). */
export function createMessageOutbox(
  sql: Sql,
  channel: 'sms' | 'mail',
  links: StatusLinks | null,
): Outbox<OutgoingMessage> {
  return {
    async claim(limit, leaseMs) {
      const items = await claim(sql, channel, limit, leaseMs);
      return items.map((item) => (item.linked && links ? withLink(item, links) : item));
    },
    settle: (item, outcome, backOff) => settle(sql, item, outcome, backOff),
  };
}

/** Where a channel has no gateway any more: what nobody has taken for a lease's time expires one after another, so that its case's
 *  messages by other channels go on. The time is for workers beside this one that have the gateway already, or still. */
export function createClosedOutbox(sql: Sql, channel: 'sms' | 'mail'): Outbox<never> {
  return {
    async claim(_limit, leaseMs) {
      await expire(sql, channel, leaseMs);
      return [];
    },
    settle: async () => undefined,
  };
}

const next = (sql: Sql, channel: 'sms' | 'mail', dueForMs = 0) => sql`
  status = 'pending' and channel = ${channel}
  and next_attempt_at <= clock_timestamp() - ${dueForMs}::float8 * interval '1 millisecond'
  and (leased_until is null or leased_until <= clock_timestamp())
  and not exists (select from notifications earlier where earlier.status = 'pending'
    and earlier.case_number = n.case_number and earlier.seq < n.seq)`;

// A lease that ended belonged to a worker that fell silent: its attempt is written down as unknown.
const lost = (sql: Sql) => sql`
  insert into notification_deliveries (seq, attempt, result)
  select seq, attempts, 'unknown' from due where leased_until is not null on conflict do nothing`;

const claim = (sql: Sql, channel: 'sms' | 'mail', limit: number, leaseMs: number) => sql<
  OutgoingMessage[]
>`
  with due as (
    select seq, attempts, leased_until from notifications n where ${next(sql, channel)}
    order by next_attempt_at, seq limit ${limit} for update skip locked
  ), lost as (${lost(sql)})
  update notifications n set attempts = n.attempts + 1,
    leased_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
  from due where n.seq = due.seq
  returning n.seq, n.attempts as attempt, effect_key as "effectKey", case_number as "caseNumber", locale, text, linked,
    recipient->>'kind' in ('role', 'staff') as "isInternal",
    ${addressOf(sql, channel)} as address`;

const expire = (sql: Sql, channel: 'sms' | 'mail', dueForMs: number) => sql`
  with due as (
    select seq, attempts, leased_until from notifications n where ${next(sql, channel, dueForMs)}
    for update skip locked
  ), lost as (${lost(sql)}), expired as (
    update notifications n set status = 'expired', leased_until = null from due where n.seq = due.seq
  )
  insert into notification_deliveries (seq, attempt, result, detail)
  select seq, attempts + 1, 'failed', 'no gateway is set up any more' from due`;

const addressOf = (sql: Sql, channel: 'sms' | 'mail') => sql`
  coalesce((select ${sql(channel === 'sms' ? 'phone' : 'mail')} from persons p where p.person_id = n.person_id),
    (select ${channel === 'sms' ? '+' : ''} || sender from inbound_messages i
      where 'IN-' || i.seq = n.recipient->>'inboundNumber'))`;

/** Writes how an attempt ended, unless a later one has begun: by then it is that one's to say. */
async function settle(
  sql: Sql,
  { seq, attempt }: OutgoingMessage,
  outcome: Outcome,
  backOff: BackOff,
): Promise<void> {
  const { status, detail, waitMs } = verdict(outcome, attempt, backOff);
  await sql`
    with settled as (
      update notifications set leased_until = null,
        status = case when ${status} = 'pending' and expires_at <= clock_timestamp() then 'expired' else ${status} end,
        next_attempt_at = clock_timestamp() + ${waitMs}::float8 * interval '1 millisecond'
      where seq = ${seq} and attempts = ${attempt} and status = 'pending' returning seq
    )
    insert into notification_deliveries (seq, attempt, result, detail)
    select seq, ${attempt}, ${status === 'sent' ? 'sent' : 'failed'}, ${detail} from settled`;
}
