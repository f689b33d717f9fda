/** The message system of the reference partner: keeps what it is given, in the built-in service's own tables. */
import type { Sql } from '../../db/connect.ts';
import { json, retrying, sameRequest } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import { createNotification } from '../notification/built-in.ts';
import type { MessageGateway, ReadyMessage } from './notification-contract.ts';

/** Nothing goes out: a message is accepted, and can be looked at. */
export function createOutbox(sql: Sql): MessageGateway {
  return {
    effects: { send: (message) => send(sql, message) },
    questions: createNotification(sql).questions,
  };
}

async function send(sql: Sql, message: ReadyMessage): Promise<{ notificationNumber: string }> {
  const hash = hashOf(message);
  const [row] = await retrying(() => accept(sql, message, hash));
  sameRequest(message.effectKey, row?.hash ?? null, hash);
  return { notificationNumber: row?.notificationNumber ?? '' };
}

const accept = (sql: Sql, message: ReadyMessage, hash: string) => sql<
  { notificationNumber: string; hash: string }[]
>`
  with accepted as (
    insert into notifications (effect_key, request_hash, case_number, sequence, template, channel, recipient,
      locale, text, status)
    values (${message.effectKey}, ${hash}, ${message.caseNumber}, ${message.sequence}, ${message.template},
      ${message.channel}, ${json(sql, message.recipient)}, ${message.locale}, ${message.text}, 'kept')
    on conflict (effect_key) do update set asked = notifications.asked + 1
    returning seq, asked, request_hash
  ), kept as (
    insert into notification_deliveries (seq, attempt, result) select seq, 1, 'kept' from accepted where asked = 1
  )
  select 'N-' || seq as "notificationNumber", request_hash as hash from accepted`;
