import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { webhookAttempts, webhookMessages, webhooks } from '../../db/schema.ts';
import { row, rows, set, statement } from '../../db/statement.ts';
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
export function createWebhookOutbox(client: Sql): Outbox<OutgoingEvent> {
  const db = drizzle(client);
  return {
    claim: (limit, leaseMs) => claim(db, limit, leaseMs),
    settle: async (item, outcome, backOff) => {
      await settle(db, item, outcome, backOff);
    },
  };
}

// A subscriber that failed is tried with one event, so that its silence takes up one of the attempts that all share; with another one
// each time, since it may be the event that it stumbles over.
const claim = statement((db, limit: number, leaseMs: number) => {
  const { seq, attempts, webhookNumber, caseNumber, status, eventSeq, body } = webhookMessages;
  const { leasedUntil, nextAttemptAt } = webhookMessages;
  const earlier = alias(webhookMessages, 'earlier');
  const busy = alias(webhookMessages, 'busy');
  const claimed = {
    seq,
    attempt: attempts,
    webhookNumber,
    url: sql<string>`url`,
    secret: sql<string>`secret`,
    messageId: sql<string>`'evt-' || ${eventSeq}`,
    body,
  };
  return rows(
    db,
    claimed,
    (answer) => sql`
    with candidates as (
      select ${seq}, ${attempts}, ${leasedUntil}, ${nextAttemptAt}, ${webhookNumber},
        ${webhooks.url}, ${webhooks.secret}, ${webhooks.failures}
      from ${webhookMessages} join ${webhooks} on ${webhooks.webhookNumber} = ${webhookNumber}
      where ${status} = 'pending' and ${nextAttemptAt} <= clock_timestamp() and ${webhooks.restsUntil} <= clock_timestamp()
        and (${leasedUntil} is null or ${leasedUntil} <= clock_timestamp())
        and not exists (select from ${webhookMessages} as ${earlier} where ${earlier.status} = 'pending'
          and ${earlier.webhookNumber} = ${webhookNumber} and ${earlier.caseNumber} = ${caseNumber}
          and ${earlier.seq} < ${seq})
        and (${webhooks.failures} = 0 or ${webhookNumber} not in (select ${busy.webhookNumber}
          from ${webhookMessages} as ${busy} where ${busy.status} = 'pending' and ${busy.leasedUntil} > clock_timestamp()))
      order by ${nextAttemptAt}, ${seq} limit ${limit} for update of ${webhookMessages} skip locked
    ), due as (
      select * from (
        select *, row_number() over (partition by webhook_number order by next_attempt_at, seq) as place from candidates
      ) placed where failures = 0 or place = 1
    ), lost as (
      insert into ${webhookAttempts}
        ${row(webhookAttempts, { seq: sql`seq`, attempt: sql`attempts`, result: 'unknown' })}
      from due where leased_until is not null on conflict do nothing
    )
    update ${webhookMessages} set ${set(webhookMessages, {
      attempts: sql`${attempts} + 1`,
      leasedUntil: sql`clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'`,
    })} from due where ${seq} = due.seq
    returning ${answer}`,
  );
});

// A failure of a subscriber that rests already began before the rest: it says nothing new.
const settle = statement((db, item: OutgoingEvent, outcome: Outcome, backOff: BackOff) => {
  const { seq, attempt, webhookNumber } = item;
  const { status, detail, waitMs } = verdict(outcome, attempt, backOff);
  const failed = outcome.result === 'tryAgain';
  return db.execute(sql`
    with settled as (
      update ${webhookMessages} set ${set(webhookMessages, {
        leasedUntil: null,
        status: sql`case when ${status} = 'pending' and ${webhookMessages.expiresAt} <= clock_timestamp()
          then 'expired' else ${status} end`,
        nextAttemptAt: sql`clock_timestamp() + ${waitMs}::float8 * interval '1 millisecond'`,
      })} where ${webhookMessages.seq} = ${seq} and ${webhookMessages.attempts} = ${attempt}
        and ${webhookMessages.status} = 'pending'
      returning ${webhookMessages.seq}
    ), subscriber as (
      update ${webhooks} set ${set(webhooks, {
        failures: sql`case when ${failed} then ${webhooks.failures} + 1 else 0 end`,
        restsUntil: sql`case when ${failed} then clock_timestamp() + least(
          ${backOff.firstMs}::float8 * power(2, least(${webhooks.failures}, 30)),
          ${backOff.mostMs}::float8) * interval '1 millisecond' else '-infinity' end`,
      })} where ${webhooks.webhookNumber} = ${webhookNumber}
        and (not ${failed} or ${webhooks.restsUntil} <= clock_timestamp())
    )
    insert into ${webhookAttempts} ${row(webhookAttempts, {
      seq: sql`seq`,
      attempt,
      result: status === 'sent' ? 'sent' : 'failed',
      detail,
    })} from settled`);
});

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
