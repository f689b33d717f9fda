/** Invariants of what is told to customers and subscribers (I6, I7). */
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  notificationDeliveries,
  notifications,
  webhookAttempts,
  webhookMessages,
} from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

const earlier = alias(notifications, 'earlier');
const taken = sql`${notificationDeliveries.result} in ('sent', 'kept', 'delivered')`;

/** Each message was attempted, and taken once per key: by its gateway, or by the outbox where none is set up. One whose turn has come
 *  does not lie about. */
const messagesDelivered = checker(
  'I6',
  sql`
  select ${notifications.effectKey} as subject, count(${notificationDeliveries.delivery}) || ' attempts, '
    || count(*) filter (where ${taken}) || ' taken, ' || ${notifications.status} as detail
  from ${notifications} left join ${notificationDeliveries} using (${names(notifications.seq)}) group by ${notifications.seq}
  having (count(${notificationDeliveries.delivery}) = 0 and ${notifications.status} not in ('pending', 'queued'))
    or count(*) filter (where ${taken}) <> (${notifications.status} in ('sent', 'kept', 'delivered'))::int
  union all
  select 'N-' || ${notifications.seq}, 'nobody has sent it since ' || iso(${notifications.nextAttemptAt}) from ${notifications}
  where ${notifications.status} = 'pending' and ${notifications.nextAttemptAt} < clock_timestamp() - interval '10 minutes'
    and coalesce(${notifications.leasedUntil}, '-infinity') < clock_timestamp() - interval '10 minutes'
    and not exists (select from ${notifications} ${earlier} where ${earlier.caseNumber} = ${notifications.caseNumber}
      and ${earlier.status} = 'pending' and ${earlier.seq} < ${notifications.seq})
  union all
  select 'WD-' || ${webhookMessages.seq}, count(${webhookAttempts.attempt}) filter (where ${webhookAttempts.result} = 'sent')
    || ' times taken, ' || ${webhookMessages.status}
  from ${webhookMessages} left join ${webhookAttempts} using (${names(webhookMessages.seq)}) group by ${webhookMessages.seq}
  having ${webhookMessages.status} = 'sent' and count(*) filter (where ${webhookAttempts.result} = 'sent') = 0`,
);

/** The messages of one workflow went out in its order: a child has its own. What leaves and what stays are two lines; to a
 *  subscriber the events of one case go in theirs. */
const messagesInOrder = checker(
  'I7',
  sql`
  select effect_key as subject, sequence || ' after ' || before as detail from (
    select ${notifications.effectKey}, ${notifications.sequence}, lag(${notifications.sequence}) over (
      partition by regexp_replace(${notifications.effectKey}, '/[^/]*$', ''), ${notificationDeliveries.result} = 'sent'
      order by ${notificationDeliveries.delivery}) as before
    from ${notifications} join ${notificationDeliveries} using (${names(notifications.seq)}) where ${taken}
  ) sent where before > sequence
  union all
  select 'WD-' || seq, 'event ' || event_seq || ' after ' || before from (
    select seq, event_seq, lag(event_seq) over (partition by webhook_number, case_number order by first_sent, seq) as before
    from (
      select ${webhookMessages.seq}, ${webhookMessages.eventSeq}, ${webhookMessages.webhookNumber}, ${webhookMessages.caseNumber},
        (select min(${webhookAttempts.at}) from ${webhookAttempts}
          where ${webhookAttempts.seq} = ${webhookMessages.seq} and ${webhookAttempts.result} = 'sent') as first_sent
      from ${webhookMessages} where not ${webhookMessages.redelivered}
    ) event where first_sent is not null
  ) event where before > event_seq`,
);

/** Invariants of messages, by their id. */
export const messageCheckers = {
  I6: messagesDelivered,
  I7: messagesInOrder,
} as const satisfies Record<string, Checker>;
