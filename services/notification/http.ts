/** The notification service of a partner. Names and addresses are looked up here, in our own database: the engine knows none (D9). */
import type { Sql } from '../../db/connect.ts';
import { json, retrying, sameRequest } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
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
  sql: Sql,
  settings: PartnerAddress,
  links: StatusLinks | null = null,
): NotificationService {
  const gateway = createPartnerClient<MessageGateway>(
    notificationContract,
    'notification',
    settings,
  );
  return {
    effects: {
      send: async (request) => gateway.effects.send(await firstRendered(sql, request, links)),
    },
    questions: gateway.questions,
  };
}

/** What a partner can reach people by is the partner's to know. */
const any: Channels = { sms: true, mail: true, links: null };

async function ready(sql: Sql, request: SendRequest): Promise<ReadyMessage> {
  const addressee = await addresseeOf(sql, request, any);
  if (!addressee)
    throw new ServiceFailure('UnknownRecipient', `nobody to tell about ${request.caseNumber}`);
  const { channel, personId, locale, timeZone, values } = addressee;
  const text = render(request.template, locale, { ...values, ...request.params }, timeZone);
  const name = values.recipientName ? String(values.recipientName) : null;
  return { ...request, channel, locale, text, name, ...(await addressOf(sql, request, personId)) };
}

interface Kept {
  hash: string;
  message: ReadyMessage;
  linked: boolean;
}

/** One key, one body: a retry sends what the first attempt sent, although name, phone or language changed meanwhile. */
async function firstRendered(
  sql: Sql,
  request: SendRequest,
  links: StatusLinks | null,
): Promise<ReadyMessage> {
  const hash = hashOf(request);
  const first =
    (await keptUnder(sql, request.effectKey)) ?? (await keep(sql, request, hash, links));
  sameRequest(request.effectKey, first.hash, hash);
  if (!links || !first.linked) return first.message;
  await links.allow(first.message.caseNumber); // the link's row stands before the link is out
  return withLink(first.message, links);
}

async function keptUnder(sql: Sql, effectKey: string): Promise<Kept | undefined> {
  const [kept] = await sql<Kept[]>`
    select request_hash as hash, message, linked from partner_messages where effect_key = ${effectKey}`;
  return kept;
}

/** Of two at once both send what the first one kept. */
async function keep(
  sql: Sql,
  request: SendRequest,
  hash: string,
  links: StatusLinks | null,
): Promise<Kept> {
  const { effectKey } = request;
  const message = await ready(sql, request);
  const kept = await retrying(
    () => sql<[Kept]>`
      insert into partner_messages (effect_key, request_hash, message, linked)
      values (${effectKey}, ${hash}, ${json(sql, message)}, ${links !== null && carriesLink(request)})
      on conflict (effect_key) do update set effect_key = excluded.effect_key
      returning request_hash as hash, message, linked`,
  );
  return kept[0];
}

type Address = Pick<ReadyMessage, 'phone' | 'mail'>;

async function addressOf(
  sql: Sql,
  { recipient }: SendRequest,
  personId: string | null,
): Promise<Address> {
  const [address] =
    recipient.kind === 'sender'
      ? await sql<Address[]>`
          select case channel when 'sms' then '+' || sender end as phone, case channel when 'mail' then sender end as mail
          from inbound_messages where 'IN-' || seq = ${recipient.inboundNumber}`
      : await sql<Address[]>`select phone, mail from persons where person_id = ${personId}`;
  return address ?? { phone: null, mail: null };
}
