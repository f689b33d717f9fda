/** The notification service of a partner. Names and addresses are looked up here, in our own database: the engine knows none (D9). */
import type { Sql } from '../../db/connect.ts';
import { ServiceFailure } from '../../db/failures.ts';
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
    send: async (request) => gateway.send(await linked(await ready(sql, request), links)),
    list: gateway.list,
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

/** The link's row stands before the link is out. */
async function linked(message: ReadyMessage, links: StatusLinks | null): Promise<ReadyMessage> {
  if (!links || !carriesLink(message)) return message;
  await links.allow(message.caseNumber);
  return withLink(message, links);
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
