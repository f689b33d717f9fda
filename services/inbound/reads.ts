import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { inboundMessages } from '../../db/schema.ts';
import { object, statement } from '../../db/statement.ts';
import type { ArrivedMessage, Inbound, InboundMessage } from './index.ts';

const { seq, channel, sender, status, caseNumber, receivedAt, settledBy } = inboundMessages;

/** A message as it is shown. */
export const shown = {
  inboundNumber: sql<string>`'IN-' || ${seq}`,
  channel,
  sender,
  subject: inboundMessages.subject,
  text: inboundMessages.text,
  receivedAt,
  status,
  caseNumber,
  rating: inboundMessages.rating,
  settled: sql<InboundMessage['settled']>`case when ${settledBy} is not null then ${object({
    by: object({ id: settledBy, role: inboundMessages.settledRole }),
    at: inboundMessages.settledAt,
    reason: inboundMessages.settleReason,
  })} end`,
};

/** The place of a message by its number; 0, which none has, for what is no number. */
export const seqOf = (number: string): number => Number(/^IN-(\d{1,15})$/.exec(number)?.[1] ?? 0);

/** The message of a number; no row when there is none. */
export const messageOf = statement((db, number: string) =>
  db
    .select(shown)
    .from(inboundMessages)
    .where(eq(seq, seqOf(number))),
);

/** The message of a gateway's id, and whether it came with this hash. */
export const messageUnder = statement((db, arrived: ArrivedMessage, hash: string) =>
  db
    .select({ message: shown, isSame: sql<boolean>`${inboundMessages.requestHash} = ${hash}` })
    .from(inboundMessages)
    .where(and(eq(channel, arrived.channel), eq(inboundMessages.messageId, arrived.messageId))),
);

/** The number of the first message without a case that this sender sent within a day; null: it sent none. */
export const firstUnmatched = statement((db, message: InboundMessage) =>
  db
    .select({ number: sql<string | null>`'IN-' || min(${seq})` })
    .from(inboundMessages)
    .where(
      and(
        eq(channel, message.channel),
        eq(sender, message.sender),
        sql`(${status} in ('received', 'unmatched', 'dismissed') and ${caseNumber} is null or ${status} = 'assigned')`,
        sql`${receivedAt} > clock_timestamp() - interval '1 day'`,
      ),
    ),
);

type Filter = Parameters<Inbound['list']>[0];

/** Messages, the latest first, from the one before a place on; one more than the page holds. */
export const messagesBefore = statement((db, filter: Filter, before: number | undefined) =>
  db
    .select(shown)
    .from(inboundMessages)
    .where(
      and(
        statusIs(filter.status),
        filter.caseNumber === undefined ? undefined : eq(caseNumber, filter.caseNumber),
        before === undefined ? undefined : lt(seq, before),
      ),
    )
    .orderBy(desc(seq))
    .limit(filter.limit + 1),
);

function statusIs(asked: Filter['status']): SQL | undefined {
  if (asked === undefined) return undefined;
  if (asked === 'open') return sql`${status} in ('received', 'unmatched')`;
  if (asked === 'settled') return sql`${status} not in ('received', 'unmatched', 'waiting')`;
  return eq(status, asked);
}
