import type { Sql } from '../../db/connect.ts';
import type { BackOff, Line, Outbox, Outcome } from '../delivery/index.ts';
import { post, troubleOf } from '../delivery/post.ts';
import { verdict } from '../delivery/verdict.ts';
import { type Addresses, ForbiddenTarget } from './addresses.ts';
import { sign } from './sign.ts';

/** An event on its way to one subscriber, under the attempt that was begun. */
export interface OutgoingEvent {
  seq: number;
  attempt: number;
  webhookNumber: string;
  url: string;
  secret: string;
  messageId: string;
  body: string;
}

/** What subscribers are to be told: to each of them in order per case. One that fails is left alone for a while, and holds up no other. */
export function createWebhookOutbox(sql: Sql): Outbox<OutgoingEvent> {
  return {
    claim: (limit, leaseMs) => claim(sql, limit, leaseMs),
    settle: (item, outcome, backOff) => settle(sql, item, outcome, backOff),
  };
}

// A subscriber that failed is tried with one event, so that its silence takes up one of the attempts that all share; with another one
// each time, since it may be the event that it stumbles over.
const claim = (sql: Sql, limit: number, leaseMs: number) => sql<OutgoingEvent[]>`
  with candidates as (
    select m.seq, m.attempts, m.leased_until, m.next_attempt_at, webhook_number, w.url, w.secret, w.failures
    from webhook_messages m join webhooks w using (webhook_number)
    where status = 'pending' and next_attempt_at <= clock_timestamp() and w.rests_until <= clock_timestamp()
      and (leased_until is null or leased_until <= clock_timestamp())
      and not exists (select from webhook_messages earlier where earlier.status = 'pending'
        and earlier.webhook_number = m.webhook_number and earlier.case_number = m.case_number and earlier.seq < m.seq)
      and (w.failures = 0 or webhook_number not in (
        select webhook_number from webhook_messages where status = 'pending' and leased_until > clock_timestamp()))
    order by next_attempt_at, m.seq limit ${limit} for update of m skip locked
  ), due as (
    select * from (
      select *, row_number() over (partition by webhook_number order by next_attempt_at, seq) as place from candidates
    ) placed where failures = 0 or place = 1
  ), lost as (
    insert into webhook_attempts (seq, attempt, result)
    select seq, attempts, 'unknown' from due where leased_until is not null on conflict do nothing
  )
  update webhook_messages m set attempts = m.attempts + 1,
    leased_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
  from due where m.seq = due.seq
  returning m.seq, m.attempts as attempt, m.webhook_number as "webhookNumber", url, secret,
    'evt-' || event_seq as "messageId", body`;

// A failure of a subscriber that rests already began before the rest: it says nothing new.
async function settle(
  sql: Sql,
  { seq, attempt, webhookNumber }: OutgoingEvent,
  outcome: Outcome,
  backOff: BackOff,
): Promise<void> {
  const { status, detail, waitMs } = verdict(outcome, attempt, backOff);
  const failed = outcome.result === 'tryAgain';
  await sql`
    with settled as (
      update webhook_messages set leased_until = null,
        status = case when ${status} = 'pending' and expires_at <= clock_timestamp() then 'expired' else ${status} end,
        next_attempt_at = clock_timestamp() + ${waitMs}::float8 * interval '1 millisecond'
      where seq = ${seq} and attempts = ${attempt} and status = 'pending' returning seq
    ), subscriber as (
      update webhooks set failures = case when ${failed} then failures + 1 else 0 end,
        rests_until = case when ${failed} then clock_timestamp() + least(${backOff.firstMs}::float8 * power(2, least(failures, 30)),
          ${backOff.mostMs}::float8) * interval '1 millisecond' else '-infinity' end
      where webhook_number = ${webhookNumber} and (not ${failed} or rests_until <= clock_timestamp())
    )
    insert into webhook_attempts (seq, attempt, result, detail)
    select seq, ${attempt}, ${status === 'sent' ? 'sent' : 'failed'}, ${detail} from settled`;
}

const timeoutMs = 15_000;

/** Signs anew with each attempt, and judges the target's addresses at the moment of the connection. */
export function createWebhookSender(addresses: Addresses): Line<OutgoingEvent>['send'] {
  return async ({ url, secret, messageId, body }) => {
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = {
      'webhook-id': messageId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(secret, messageId, timestamp, body),
    };
    try {
      await addresses.check(url);
      const { lookup } = addresses;
      return outcomeOf(await post({ url, headers, body, timeoutMs, lookup }));
    } catch (error) {
      if (error instanceof ForbiddenTarget) return { result: 'refused', detail: error.message };
      return { result: 'tryAgain', detail: troubleOf(error) };
    }
  };
}

/** 410 says that nobody listens there any more; anything else but 2xx may be mended. A redirect is not followed. */
function outcomeOf({ status, retryAfterMs }: Awaited<ReturnType<typeof post>>): Outcome {
  if (status >= 200 && status < 300) return { result: 'sent' };
  const detail = `answered ${status}`;
  return status === 410
    ? { result: 'refused', detail }
    : { result: 'tryAgain', detail, afterMs: retryAfterMs };
}
