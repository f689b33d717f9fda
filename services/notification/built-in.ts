import { and, eq, gt, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { cases, notificationDeliveries, notifications, statusLinks } from '../../db/schema.ts';
import { list, names, row, rows, set, statement, value } from '../../db/statement.ts';
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
export function createNotification(client: Sql, channels = noChannels): NotificationService {
  const db = drizzle(client);
  return {
    effects: { send: (request) => send(db, request, channels) },
    questions: { list: (filter) => listed(db, filter, channels) },
  };
}

async function send(
  db: Db,
  request: SendRequest,
  channels: Channels,
): Promise<{ notificationNumber: string }> {
  const hash = hashOf(request);
  const addressee = await addresseeOf(db, request, channels);
  if (!addressee)
    throw new ServiceFailure('UnknownRecipient', `nobody to tell about ${request.caseNumber}`);
  const { locale, timeZone, values } = addressee;
  const text = render(request.template, locale, { ...values, ...request.params }, timeZone);
  const { links } = channels;
  const tokenHash = links && carriesLink(request) ? links.hashOf(request.caseNumber) : null;
  const [kept] = await retrying(() => accept(db, request, { ...addressee, text, hash, tokenHash }));
  sameRequest(request.effectKey, kept?.hash ?? null, hash);
  return { notificationNumber: kept?.notificationNumber ?? '' };
}

interface Accepted extends Addressee {
  text: string;
  hash: string;
  /** Of the link that goes with it; null: none does. */
  tokenHash: string | null;
}

// Asked for again, it is counted and stays as it was accepted. What no gateway takes is done with once it is accepted.
const accept = statement((db, request: SendRequest, message: Accepted) => {
  const { effectKey, caseNumber, sequence, template, recipient } = request;
  const { hash, tokenHash, channel, personId, locale, text, leaves } = message;
  return rows(
    db,
    { notificationNumber: sql<string>`'N-' || seq`, hash: sql<string>`request_hash` },
    (answer) => sql`
    with accepted as (
      insert into ${notifications} ${row(notifications, {
        effectKey,
        requestHash: hash,
        caseNumber,
        sequence,
        template,
        channel,
        recipient,
        personId,
        locale,
        text,
        linked: tokenHash !== null,
        status: leaves ? 'pending' : 'kept',
      })}
      on conflict (${names(notifications.effectKey)})
        do update set ${set(notifications, { asked: sql`${notifications.asked} + 1` })}
      returning ${notifications.seq}, ${notifications.asked}, ${notifications.status}, ${notifications.requestHash}
    ), kept as (
      insert into ${notificationDeliveries}
        ${row(notificationDeliveries, { seq: sql`seq`, attempt: 1, result: 'kept' })}
      from accepted where asked = 1 and status = 'kept'
    ), link as (
      insert into ${statusLinks}
        ${row(statusLinks, { tokenHash: sql`${tokenHash}`, caseNumber: sql`${cases.caseNumber}` })}
      from ${cases} where ${cases.caseNumber} = ${caseNumber} and ${tokenHash}::text is not null
      on conflict do nothing
    )
    select ${answer} from accepted`,
  );
});

type Filter = Parameters<NotificationQuestions['list']>[0];

async function listed(db: Db, filter: Filter, { links }: Channels): Promise<Notification[]> {
  const { after } = filter;
  const afterSeq = /^N-\d{1,15}$/.test(after ?? '') ? Number(after?.slice(2)) : 0;
  const found = await notificationsAfter(db, filter, afterSeq);
  return found.map(({ linked, ...line }) => (linked && links ? withLink(line, links) : line));
}

// `queued` and `delivered` are the words of an earlier build.
const notificationsAfter = statement((db, { caseNumber, limit }: Filter, afterSeq: number) => {
  const { seq, effectKey, sequence, template, channel, recipient, locale, text } = notifications;
  const { status, linked, createdAt } = notifications;
  return db
    .select({
      notificationNumber: sql<string>`'N-' || ${seq}`,
      effectKey,
      caseNumber: notifications.caseNumber,
      sequence,
      template,
      channel,
      recipient,
      locale,
      text,
      linked,
      createdAt,
      status: sql<
        Notification['status']
      >`case ${status} when 'delivered' then 'kept' when 'queued' then 'pending' else ${status} end`,
      deliveries: value(deliveriesOf(db)),
    })
    .from(notifications)
    .where(
      and(
        gt(seq, afterSeq),
        caseNumber === undefined ? undefined : eq(notifications.caseNumber, caseNumber),
      ),
    )
    .orderBy(seq)
    .limit(limit);
});

function deliveriesOf(db: Db) {
  const { attempt, at, detail, result: said } = notificationDeliveries;
  const result = sql<
    Notification['deliveries'][number]['result']
  >`case ${said} when 'delivered' then 'kept' else ${said} end`;
  return db
    .select({ value: list({ attempt, at, result, detail }, attempt) })
    .from(notificationDeliveries)
    .where(eq(notificationDeliveries.seq, notifications.seq));
}
