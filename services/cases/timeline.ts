import { and, eq, gt, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, listPage, type Page } from '../../db/cursor.ts';
import { drizzle } from '../../db/drizzle.ts';
import { caseEvents } from '../../db/schema.ts';
import { names, row, statement } from '../../db/statement.ts';
import type { TimelineEvent } from '../../domain/case.ts';

/** A line of the timeline as it was recorded. */
export interface RecordedEvent extends TimelineEvent {
  seq: number;
  recordedAt: string;
  workflowId: string | null;
  runId: string | null;
  cycle: number | null;
}

export interface TimelineStore {
  /** In the order recorded. Fails `BadCursor`. */
  list(caseNumber: string, cursor: string | undefined, limit: number): Promise<Page<RecordedEvent>>;
  /** Adds a line that no workflow reports: a refusal, a logged reading (I14). Once per `eventKey`; `caseNumber` is null when it is about no case. */
  append(entry: Entry): Promise<void>;
}

interface Entry {
  eventKey: string;
  caseNumber: string | null;
  event: TimelineEvent;
}

/** The audit timeline's store: append-only, which the database itself enforces. */
export function createTimelineStore(client: Sql): TimelineStore {
  const db = drizzle(client);
  return {
    async list(caseNumber, cursor, limit) {
      const list = `timeline:${caseNumber}`;
      const after = decodeCursor(list, cursor, isNumber)?.[0] ?? 0;
      const rows = await eventsAfter(db, caseNumber, after, limit + 1);
      return listPage(rows, limit, (last) => encodeCursor(list, [last.seq]));
    },
    async append(entry) {
      await insertEvent(db, entry);
    },
  };
}

const insertEvent = statement((db, { eventKey, caseNumber, event }: Entry) => {
  const { kind, at, actor, reason, subject, updateId, detail } = event;
  return db.execute(sql`
    insert into ${caseEvents} ${row(caseEvents, {
      eventKey,
      caseNumber,
      kind,
      at,
      actorId: actor.id,
      actorRole: actor.role,
      reason,
      subject,
      updateId,
      detail,
    })} on conflict (${names(caseEvents.eventKey)}) do nothing`);
});

const eventsAfter = statement((db, caseNumber: string, after: number, limit: number) =>
  db
    .select({
      seq: caseEvents.seq,
      kind: caseEvents.kind,
      at: caseEvents.at,
      actor: { id: caseEvents.actorId, role: caseEvents.actorRole },
      reason: caseEvents.reason,
      subject: caseEvents.subject,
      updateId: caseEvents.updateId,
      detail: caseEvents.detail,
      recordedAt: caseEvents.recordedAt,
      workflowId: caseEvents.workflowId,
      runId: caseEvents.runId,
      cycle: caseEvents.cycle,
    })
    .from(caseEvents)
    .where(and(eq(caseEvents.caseNumber, caseNumber), gt(caseEvents.seq, after)))
    .orderBy(caseEvents.seq)
    .limit(limit),
);
