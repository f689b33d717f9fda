import { sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, listPage } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { hashOf } from '../../db/hash.ts';
import { inboundMessages } from '../../db/schema.ts';
import { names, row, statement } from '../../db/statement.ts';
import { phoneDigits } from '../notification/phone.ts';
import { caseOf } from './case-of.ts';
import type { ArrivedMessage, Inbound } from './index.ts';
import { firstUnmatched, messageOf, messagesBefore, messageUnder, seqOf } from './reads.ts';
import { settle, settleByHand, unsettled } from './settling.ts';

/** Messages that arrived, on our own database. `phoneCountry`: calling code of numbers that are written without one. */
export function createInbound(client: Sql, phoneCountry: string): Inbound {
  const db = drizzle(client);
  return {
    take: (message) => take(db, message, phoneCountry),
    caseOf: (message) => caseOf(db, message, phoneCountry),
    settle: async (number, as) => {
      await settle(db, number, as);
    },
    settleByHand: async (how) => {
      await settleByHand(db, how);
    },
    get: async (number) => (await messageOf(db, number))[0] ?? null,
    firstUnmatched: async (message) => (await firstUnmatched(db, message))[0]?.number ?? '',
    unsettled: (olderThanMs, limit) => unsettled(db, olderThanMs, limit),
    async list(filter) {
      const before = decodeCursor('inbound', filter.cursor, isNumber)?.[0];
      return listPage(await messagesBefore(db, filter, before), filter.limit, (last) =>
        encodeCursor('inbound', [seqOf(last.inboundNumber)]),
      );
    },
  };
}

async function take(
  db: Db,
  message: ArrivedMessage,
  phoneCountry: string,
): ReturnType<Inbound['take']> {
  const { channel, from } = message;
  const hash = hashOf(message);
  const sender = channel === 'sms' ? phoneDigits(from, phoneCountry) : from.toLowerCase();
  const [fresh] = await insertMessage(db, message, sender, hash);
  const [found] = await messageUnder(db, message, hash);
  if (!found) throw new Error('a message that was kept is gone');
  return { kind: fresh ? 'new' : found.isSame ? 'same' : 'other', message: found.message };
}

const insertMessage = statement(
  (db, { channel, messageId, subject, text }: ArrivedMessage, sender: string, hash: string) =>
    db.execute(sql`
    insert into ${inboundMessages}
      ${row(inboundMessages, { channel, messageId, requestHash: hash, sender, subject, text })}
    on conflict (${names(inboundMessages.channel, inboundMessages.messageId)}) do nothing returning 1`),
);
