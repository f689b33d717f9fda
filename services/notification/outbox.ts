import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import {
  inboundMessages,
  notificationDeliveries,
  notifications,
  persons,
} from '../../db/schema.ts';
import { row, rows, set, statement } from '../../db/statement.ts';
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
  client: Sql,
  channel: 'sms' | 'mail',
  links: StatusLinks | null,
): Outbox<OutgoingMessage> {
  const db = drizzle(client);
  return {
    async claim(limit, leaseMs) {
      const items = await claims[channel](db, limit, leaseMs);
      return items.map((item) => (item.linked && links ? withLink(item, links) : item));
    },
    settle: async (item, outcome, backOff) => {
      await settle(db, item, outcome, backOff);
    },
  };
}

/** Where a channel has no gateway any more: what nobody has taken for a lease's time expires one after another, so that its case's
 *  messages by other channels go on. The time is for workers beside this one that have the gateway already, or still. */
export function createClosedOutbox(client: Sql, channel: 'sms' | 'mail'): Outbox<never> {
  const db = drizzle(client);
  return {
    async claim(_limit, leaseMs) {
      await expire(db, channel, leaseMs);
      return [];
    },
    settle: async () => undefined,
  };
}

const earlier = alias(notifications, 'earlier');
const next = (channel: 'sms' | 'mail', dueForMs = 0) => sql`
  ${notifications.status} = 'pending' and ${notifications.channel} = ${channel}
  and ${notifications.nextAttemptAt} <= clock_timestamp() - ${dueForMs}::float8 * interval '1 millisecond'
  and (${notifications.leasedUntil} is null or ${notifications.leasedUntil} <= clock_timestamp())
  and not exists (select from ${notifications} as ${earlier} where ${earlier.status} = 'pending'
    and ${earlier.caseNumber} = ${notifications.caseNumber} and ${earlier.seq} < ${notifications.seq})`;

const due = sql`select ${notifications.seq}, ${notifications.attempts}, ${notifications.leasedUntil} from ${notifications}`;

// A lease that ended belonged to a worker that fell silent: its attempt is written down as unknown.
const lost = sql`insert into ${notificationDeliveries}
  ${row(notificationDeliveries, { seq: sql`seq`, attempt: sql`attempts`, result: 'unknown' })}
  from due where leased_until is not null on conflict do nothing`;

const claimOf = (channel: 'sms' | 'mail') =>
  statement((db, limit: number, leaseMs: number) => {
    const claimed = {
      seq: notifications.seq,
      attempt: notifications.attempts,
      effectKey: notifications.effectKey,
      caseNumber: notifications.caseNumber,
      locale: notifications.locale,
      text: notifications.text,
      linked: notifications.linked,
      isInternal: sql<boolean>`${notifications.recipient}->>'kind' in ('role', 'staff')`,
      address: addressOf(channel),
    };
    return rows(
      db,
      claimed,
      (answer) => sql`
      with due as (
        ${due} where ${next(channel)}
        order by ${notifications.nextAttemptAt}, ${notifications.seq} limit ${limit} for update skip locked
      ), lost as (${lost})
      update ${notifications} set ${set(notifications, {
        attempts: sql`${notifications.attempts} + 1`,
        leasedUntil: sql`clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'`,
      })} from due where ${notifications.seq} = due.seq
      returning ${answer}`,
    );
  });
const claims = { sms: claimOf('sms'), mail: claimOf('mail') };

const expire = statement((db, channel: 'sms' | 'mail', dueForMs: number) =>
  db.execute(sql`
    with due as (
      ${due} where ${next(channel, dueForMs)} for update skip locked
    ), lost as (${lost}), expired as (
      update ${notifications} set ${set(notifications, { status: 'expired', leasedUntil: null })}
      from due where ${notifications.seq} = due.seq
    )
    insert into ${notificationDeliveries} ${row(notificationDeliveries, {
      seq: sql`seq`,
      attempt: sql`attempts + 1`,
      result: 'failed',
      detail: 'no gateway is set up any more',
    })} from due`),
);

function addressOf(channel: 'sms' | 'mail') {
  const known = channel === 'sms' ? persons.phone : persons.mail;
  const prefix = sql.raw(channel === 'sms' ? `'+'` : `''`);
  return sql<string | null>`coalesce(
    (select ${known} from ${persons} where ${persons.personId} = ${notifications.personId}),
    (select ${prefix} || ${inboundMessages.sender} from ${inboundMessages}
      where 'IN-' || ${inboundMessages.seq} = ${notifications.recipient}->>'inboundNumber'))`;
}

/** Writes how an attempt ended, unless a later one has begun: by then it is that one's to say. */
const settle = statement((db, item: OutgoingMessage, outcome: Outcome, backOff: BackOff) => {
  const { seq, attempt } = item;
  const { status, detail, waitMs } = verdict(outcome, attempt, backOff);
  return db.execute(sql`
    with settled as (
      update ${notifications} set ${set(notifications, {
        leasedUntil: null,
        status: sql`case when ${status} = 'pending' and ${notifications.expiresAt} <= clock_timestamp()
          then 'expired' else ${status} end`,
        nextAttemptAt: sql`clock_timestamp() + ${waitMs}::float8 * interval '1 millisecond'`,
      })} where ${notifications.seq} = ${seq} and ${notifications.attempts} = ${attempt}
        and ${notifications.status} = 'pending'
      returning ${notifications.seq}
    )
    insert into ${notificationDeliveries} ${row(notificationDeliveries, {
      seq: sql`seq`,
      attempt,
      result: status === 'sent' ? 'sent' : 'failed',
      detail,
    })} from settled`);
});
