/** What becomes of a message: by itself, by a person, or by the sweep that comes back to it. */
import { sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { caseEvents, cases, inboundMessages, tasks } from '../../db/schema.ts';
import { object, row, rows, set, statement } from '../../db/statement.ts';
import { isInvitation } from './case-of.ts';
import type { ByHand, InboundMessage, SettledMessage } from './index.ts';
import { seqOf, shown } from './reads.ts';

const { seq, status, caseNumber, rating, receivedAt, settledAt, settledBy, triedAt } =
  inboundMessages;

/** Says what became of a message, unless a person has said it. */
export const settle = statement((db, number: string, as: SettledMessage) =>
  db.execute(sql`
    update ${inboundMessages} set ${set(inboundMessages, {
      status: as.status,
      caseNumber: sql`coalesce(${as.caseNumber ?? null}, ${caseNumber})`,
      rating: sql`coalesce(${as.rating ?? null}, ${rating})`,
      settledAt: sql`clock_timestamp()`,
    })} where ${seq} = ${seqOf(number)} and ${settledBy} is null`),
);

/** One statement, so that a message that is settled has its line, and of two people at once one settles it. */
export const settleByHand = statement((db, how: ByHand) => {
  const { reason, by, at } = how;
  const isDismissed = how.caseNumber === null;
  return db.execute(sql`
    with settled as (
      update ${inboundMessages} set ${set(inboundMessages, {
        status: isDismissed ? 'dismissed' : 'assigned',
        settledAt: at,
        settledBy: by.id,
        settledRole: by.role,
        settleReason: isDismissed ? reason : null,
        caseNumber: sql`coalesce(${how.caseNumber}, ${caseNumber})`,
        rating: sql`coalesce(${how.rating}, ${rating})`,
      })} where ${seq} = ${seqOf(how.inboundNumber)} and ${status} = 'unmatched'
      returning ${seq}, ${rating}
    )
    insert into ${caseEvents} ${row(caseEvents, {
      eventKey: sql`'inbound/IN-' || seq`,
      caseNumber: how.caseNumber,
      kind: isDismissed ? 'inboundDismissed' : 'noted',
      at,
      actorId: by.id,
      actorRole: by.role,
      reason,
      subject: sql`'IN-' || seq`,
      detail: sql`jsonb_strip_nulls(${object({ rating: sql`rating` })})`,
    })} from settled`);
});

/** Gives out what is to be settled once more; ratings that nobody will ask for any more are `late`. */
export async function unsettled(
  db: Db,
  olderThanMs: number,
  limit: number,
): Promise<InboundMessage[]> {
  await outdate(db);
  return giveOut(db, olderThanMs, limit);
}

const outdate = statement((db) =>
  db.execute(sql`
    update ${inboundMessages} set ${set(inboundMessages, {
      status: 'late',
      settledAt: sql`clock_timestamp()`,
    })} where ${status} = 'waiting' and (
      not exists (select from ${cases} where ${cases.caseNumber} = ${caseNumber} and ${cases.isOpen})
      or exists (select from ${caseEvents} where ${caseEvents.caseNumber} = ${caseNumber} and ${isInvitation}
        and ${caseEvents.recordedAt} > ${settledAt}))`),
);

const giveOut = statement((db, olderThanMs: number, limit: number) =>
  rows(
    db,
    shown,
    (answer) => sql`
    with due as (
      select ${seq} from ${inboundMessages}
      where (${status} = 'received'
          and ${receivedAt} < clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond')
        or (${status} = 'waiting' and exists (select from ${tasks} where ${tasks.caseNumber} = ${caseNumber}
          and ${tasks.closedAt} is null and ${tasks.name} = 'recordCallback'))
      order by ${triedAt} nulls first, ${seq} limit ${limit} for update skip locked
    )
    update ${inboundMessages} set ${set(inboundMessages, { triedAt: sql`clock_timestamp()` })}
    where ${seq} in (select seq from due)
    returning ${answer}`,
  ),
);
