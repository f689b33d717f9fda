import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, type Page, pageOf } from '../../db/cursor.ts';
import { json } from '../../db/effects.ts';
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
  /** Adds a line that no workflow tells: a refusal, a logged reading (I14). Once per `eventKey`; `caseNumber` is null when it is about no case. */
  append(entry: {
    eventKey: string;
    caseNumber: string | null;
    event: TimelineEvent;
  }): Promise<void>;
}

/** The audit timeline's store: append-only, which the database itself enforces. */
export function createTimelineStore(sql: Sql): TimelineStore {
  return {
    async list(caseNumber, cursor, limit) {
      const list = `timeline:${caseNumber}`;
      const after = decodeCursor(list, cursor, isNumber)?.[0] ?? 0;
      const rows = await eventsAfter(sql, caseNumber, after, limit + 1);
      return pageOf(rows, limit, (last) => encodeCursor(list, [last.seq]));
    },
    async append({ eventKey, caseNumber, event }) {
      await sql`
        insert into case_events (event_key, case_number, kind, at, actor_id, actor_role, reason, subject, update_id, detail)
        values (${eventKey}, ${caseNumber}, ${event.kind}, ${event.at}, ${event.actor.id}, ${event.actor.role},
          ${event.reason}, ${event.subject}, ${event.updateId}, ${json(sql, event.detail)})
        on conflict (event_key) do nothing`;
    },
  };
}

const eventsAfter = (sql: Sql, caseNumber: string, after: number, limit: number) => sql<
  RecordedEvent[]
>`
  select seq, kind, at, jsonb_build_object('id', actor_id, 'role', actor_role) as actor, reason, subject,
    update_id as "updateId", detail, recorded_at as "recordedAt", workflow_id as "workflowId",
    run_id as "runId", cycle
  from case_events where case_number = ${caseNumber} and seq > ${after} order by seq limit ${limit}`;
