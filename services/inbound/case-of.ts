import { and, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { caseEvents, cases, customers, inboundMessages, persons, tasks } from '../../db/schema.ts';
import { param, statement } from '../../db/statement.ts';
import { invitation } from '../../domain/message.ts';
import { writtenForms } from '../notification/phone.ts';
import type { InboundMessage, MessageCase } from './index.ts';

const named = /\bC-\d{6,12}\b/g;

/** A line of the timeline that says that a rating was asked for. Whoever's outbox the message stands in, this one is ours. */
export const isInvitation: SQL = sql`${caseEvents.kind} = 'effectDone' and ${caseEvents.subject} = ${`message ${invitation}`}`;

/** The sender's open cases: of the person who called, or whose customer it is. */
export async function caseOf(
  db: Db,
  { channel, sender, subject, text }: InboundMessage,
  phoneCountry: string,
): Promise<MessageCase | null> {
  const mentioned = `${subject ?? ''} ${text}`.match(named)?.slice(0, 10) ?? [];
  const [found] =
    channel === 'sms'
      ? await caseOfPhone(db, writtenForms(sender, phoneCountry), mentioned)
      : await caseOfMail(db, sender, mentioned);
  return found ?? null;
}

const caseOfPhone = statement((db, forms: string[], mentioned: string[]) =>
  caseWhere(db, sql`phone_digits(${persons.phone}) = any(${param(forms)}::text[])`, mentioned),
);
const caseOfMail = statement((db, mail: string, mentioned: string[]) =>
  caseWhere(db, sql`lower(${persons.mail}) = ${mail}`, mentioned),
);

function caseWhere(db: Db, isSender: SQL, mentioned: string[]) {
  const senders = db
    .$with('senders')
    .as(db.select({ personId: persons.personId }).from(persons).where(isSender));
  const sender = db.select({ personId: senders.personId }).from(senders);
  const task = ratingTaskOf(db);
  const asked = invitationOf(db);
  return db
    .with(senders)
    .select({
      caseNumber: cases.caseNumber,
      ratingTask: task.taskId,
      invitation: asked.invitation,
      wasPrompted: sql<boolean>`exists (select from ${inboundMessages}
        where ${inboundMessages.caseNumber} = ${cases.caseNumber} and ${inboundMessages.status} = 'prompted'
          and ${inboundMessages.settledAt} > coalesce(${asked.invitedAt}, '-infinity'))`,
    })
    .from(cases)
    .leftJoin(customers, eq(customers.customerNumber, cases.customerNumber))
    .leftJoinLateral(task, sql`true`)
    .leftJoinLateral(asked, sql`true`)
    .where(
      and(cases.isOpen, or(inArray(cases.contactId, sender), inArray(customers.personId, sender))),
    )
    .orderBy(
      sql`${cases.caseNumber} = any(${param(mentioned)}::text[]) desc`,
      sql`${task.taskId} is not null desc`,
      sql`${asked.invitation} is not null desc`,
      desc(cases.seq),
    )
    .limit(1);
}

/** The open task of a case that a rating answers. */
const ratingTaskOf = (db: Db) =>
  db
    .select({ taskId: tasks.taskId })
    .from(tasks)
    .where(
      and(
        eq(tasks.caseNumber, cases.caseNumber),
        isNull(tasks.closedAt),
        sql`${tasks.name} in ('recordCallback', 'recordFollowUp')`,
      ),
    )
    .orderBy(tasks.openedAt)
    .limit(1)
    .as('task');

/** The last message of a case that asked for a rating. */
const invitationOf = (db: Db) =>
  db
    .select({
      invitation: sql<
        string | null
      >`${caseEvents.cycle} || '/' || (${caseEvents.detail}->>'sequence')`.as('invitation'),
      invitedAt: caseEvents.recordedAt,
    })
    .from(caseEvents)
    .where(and(eq(caseEvents.caseNumber, cases.caseNumber), isInvitation))
    .orderBy(desc(caseEvents.seq))
    .limit(1)
    .as('asked');
