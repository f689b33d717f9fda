/** The message system of the reference partner: keeps what it is given, in the built-in service's own tables. */
import { sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import { notificationDeliveries, notifications } from '../../db/schema.ts';
import { names, row, rows, set, statement } from '../../db/statement.ts';
import { createNotification } from '../notification/built-in.ts';
import type { MessageGateway, ReadyMessage } from './notification-contract.ts';

/** Nothing goes out: a message is accepted, and can be looked at. */
export function createOutbox(client: Sql): MessageGateway {
  const db = drizzle(client);
  return {
    effects: { send: (message) => send(db, message) },
    questions: createNotification(client).questions,
  };
}

async function send(db: Db, message: ReadyMessage): Promise<{ notificationNumber: string }> {
  const hash = hashOf(message);
  const [kept] = await retrying(() => accept(db, message, hash));
  sameRequest(message.effectKey, kept?.hash ?? null, hash);
  return { notificationNumber: kept?.notificationNumber ?? '' };
}

const accept = statement((db, message: ReadyMessage, requestHash: string) => {
  const { effectKey, caseNumber, sequence, template, channel, recipient, locale, text } = message;
  return rows(
    db,
    { notificationNumber: sql<string>`'N-' || seq`, hash: sql<string>`request_hash` },
    (answer) => sql`
    with accepted as (
      insert into ${notifications} ${row(notifications, {
        effectKey,
        requestHash,
        caseNumber,
        sequence,
        template,
        channel,
        recipient,
        locale,
        text,
        status: 'kept',
      })}
      on conflict (${names(notifications.effectKey)})
        do update set ${set(notifications, { asked: sql`${notifications.asked} + 1` })}
      returning ${notifications.seq}, ${notifications.asked}, ${notifications.requestHash}
    ), kept as (
      insert into ${notificationDeliveries}
        ${row(notificationDeliveries, { seq: sql`seq`, attempt: 1, result: 'kept' })}
      from accepted where asked = 1
    )
    select ${answer} from accepted`,
  );
});
