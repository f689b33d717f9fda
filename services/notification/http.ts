/** The notification service of a partner. Names and addresses are looked up here, in our own database: the engine knows none (D9). */
import { eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { inboundMessages, partnerMessages, persons } from '../../db/schema.ts';
import { excluded, names, row, rows, set, statement } from '../../db/statement.ts';
import { createPartnerClient } from '../partner/client.ts';
import type { PartnerAddress } from '../partner/exchange.ts';
import {
  type MessageGateway,
  notificationContract,
  type ReadyMessage,
} from '../partner/notification-contract.ts';
import type { StatusLinks } from '../status-links/index.ts';
import { addresseeOf } from './addressee.ts';
import type { Channels, NotificationService, SendRequest } from './index.ts';
import { carriesLink, render, withLink } from './render.ts';

/** Each message goes out ready, the customer's link in it; one that nobody can be told is refused as `UnknownRecipient`, as by the
 *  built-in service. */
export function createHttpNotification(
  client: Sql,
  settings: PartnerAddress,
  links: StatusLinks | null = null,
): NotificationService {
  const db = drizzle(client);
  const gateway = createPartnerClient<MessageGateway>(
    notificationContract,
    'notification',
    settings,
  );
  return {
    effects: {
      send: async (request) => gateway.effects.send(await firstRendered(db, request, links)),
    },
    questions: gateway.questions,
  };
}

/** What a partner can reach people by is the partner's to know. */
const any: Channels = { sms: true, mail: true, links: null };

async function ready(db: Db, request: SendRequest): Promise<ReadyMessage> {
  const addressee = await addresseeOf(db, request, any);
  if (!addressee)
    throw new ServiceFailure('UnknownRecipient', `nobody to tell about ${request.caseNumber}`);
  const { channel, personId, locale, timeZone, values } = addressee;
  const text = render(request.template, locale, { ...values, ...request.params }, timeZone);
  const name = values.recipientName ? String(values.recipientName) : null;
  return { ...request, channel, locale, text, name, ...(await addressOf(db, request, personId)) };
}

interface Kept {
  hash: string;
  message: ReadyMessage;
  linked: boolean;
}

/** One key, one body: a retry sends what the first attempt sent, although name, phone or language changed meanwhile. */
async function firstRendered(
  db: Db,
  request: SendRequest,
  links: StatusLinks | null,
): Promise<ReadyMessage> {
  const hash = hashOf(request);
  const first =
    (await keptUnder(db, request.effectKey))[0] ?? (await keep(db, request, hash, links));
  sameRequest(request.effectKey, first.hash, hash);
  if (!links || !first.linked) return first.message;
  await links.allow(first.message.caseNumber); // the link's row stands before the link is out
  return withLink(first.message, links);
}

const kept = {
  hash: partnerMessages.requestHash,
  message: sql<ReadyMessage>`${partnerMessages.message}`,
  linked: partnerMessages.linked,
};

const keptUnder = statement((db, effectKey: string) =>
  db.select(kept).from(partnerMessages).where(eq(partnerMessages.effectKey, effectKey)),
);

/** Of two at once both send what the first one kept. */
async function keep(
  db: Db,
  request: SendRequest,
  hash: string,
  links: StatusLinks | null,
): Promise<Kept> {
  const message = await ready(db, request);
  const linked = links !== null && carriesLink(request);
  const [first] = await retrying(() => insertKept(db, { hash, message, linked }));
  if (!first) throw new Error('an upsert gives one row');
  return first;
}

const insertKept = statement((db, { hash, message, linked }: Kept) => {
  const { effectKey } = message;
  return rows(
    db,
    kept,
    (answer) => sql`
    insert into ${partnerMessages}
      ${row(partnerMessages, { effectKey, requestHash: hash, message, linked })}
    on conflict (${names(partnerMessages.effectKey)})
      do update set ${set(partnerMessages, { effectKey: excluded(partnerMessages.effectKey) })}
    returning ${answer}`,
  );
});

type Address = Pick<ReadyMessage, 'phone' | 'mail'>;

async function addressOf(
  db: Db,
  { recipient }: SendRequest,
  personId: string | null,
): Promise<Address> {
  const [address] =
    recipient.kind === 'sender'
      ? await senderOf(db, recipient.inboundNumber)
      : await personOf(db, personId);
  return address ?? { phone: null, mail: null };
}

const senderOf = statement((db, inboundNumber: string) => {
  const { channel, sender, seq } = inboundMessages;
  return db
    .select({
      phone: sql<string | null>`case ${channel} when 'sms' then '+' || ${sender} end`,
      mail: sql<string | null>`case ${channel} when 'mail' then ${sender} end`,
    })
    .from(inboundMessages)
    .where(sql`'IN-' || ${seq} = ${inboundNumber}`);
});

const personOf = statement((db, personId: string | null) =>
  db
    .select({ phone: persons.phone, mail: persons.mail })
    .from(persons)
    .where(sql`${persons.personId} = ${personId}`),
);
