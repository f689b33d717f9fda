import { and, desc, eq, notExists, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { constraintOf } from '../../db/failures.ts';
import { cases, scheduleOccurrences, schedules } from '../../db/schema.ts';
import { excluded, names, row, set, statement } from '../../db/statement.ts';
import type { OccurrenceDue } from '../../domain/schedule.ts';

/** What became of one nominal time of a schedule. */
export interface Occurrence {
  nominalAt: string;
  /** `buffered` waits for the schedule's open case to end; `refused` could not be opened. */
  result: 'opened' | 'skipped' | 'buffered' | 'refused';
  /** The case that was opened, or the open one that it was left out for; null when there is none. */
  caseNumber: string | null;
  /** Why it was not opened. */
  detail: string | null;
  recordedAt: string;
}
export type OccurrenceResult = Pick<Occurrence, 'result' | 'caseNumber' | 'detail'>;

export interface OccurrenceStore {
  occurrence(scheduleNumber: string, nominalAt: string): Promise<Occurrence | null>;
  /** Keeps the first result for good; only what was buffered may be recorded anew. Gives what stands. Of two that would wait, the
   *  later one is skipped. */
  recordOccurrence(
    scheduleNumber: string,
    nominalAt: string,
    result: OccurrenceResult,
  ): Promise<Occurrence>;
  /** The latest nominal times first. */
  occurrences(scheduleNumber: string, limit: number): Promise<Occurrence[]>;
  /** The case that was opened under this key, whatever is recorded of it; null when there is none. */
  caseUnder(scope: string, key: string): Promise<string | null>;
  /** Waiting occurrences of schedules without an open case, the longest due first. */
  ready(limit: number): Promise<OccurrenceDue[]>;
}

/** What became of each occurrence of a schedule, once and for good (N22). */
export function createOccurrences(client: Sql): OccurrenceStore {
  const db = drizzle(client);
  const occurrence: OccurrenceStore['occurrence'] = async (scheduleNumber, nominalAt) =>
    (await occurrenceAt(db, scheduleNumber, nominalAt))[0] ?? null;
  return {
    occurrence,
    async recordOccurrence(scheduleNumber, nominalAt, result) {
      await record(db, scheduleNumber, nominalAt, result).catch((error) => {
        if (constraintOf(error) !== 'schedule_occurrences_buffered') throw error;
        const detail = 'another occurrence waits already';
        return record(db, scheduleNumber, nominalAt, { ...result, result: 'skipped', detail });
      });
      const kept = await occurrence(scheduleNumber, nominalAt);
      if (!kept) throw new Error(`${scheduleNumber} ${nominalAt} was not kept`);
      return kept;
    },
    occurrences: (scheduleNumber, limit) => latest(db, scheduleNumber, limit),
    caseUnder: async (scope, key) => (await caseUnder(db, scope, key))[0]?.caseNumber ?? null,
    ready: (limit) => ready(db, limit),
  };
}

const { scheduleNumber, nominalAt, result, caseNumber, detail, recordedAt } = scheduleOccurrences;
const shown = { nominalAt, result, caseNumber, detail, recordedAt };

const record = statement((db, schedule: string, at: string, became: OccurrenceResult) =>
  db.execute(sql`
    insert into ${scheduleOccurrences} ${row(scheduleOccurrences, {
      scheduleNumber: schedule,
      nominalAt: at,
      result: became.result,
      caseNumber: became.caseNumber,
      detail: became.detail,
    })}
    on conflict (${names(scheduleNumber, nominalAt)}) do update set ${set(scheduleOccurrences, {
      result: excluded(result),
      caseNumber: excluded(caseNumber),
      detail: excluded(detail),
      recordedAt: sql`clock_timestamp()`,
    })}
    where ${result} = 'buffered' and ${excluded(result)} <> 'buffered'`),
);

const occurrenceAt = statement((db, schedule: string, at: string) =>
  db
    .select(shown)
    .from(scheduleOccurrences)
    .where(and(eq(scheduleNumber, schedule), eq(nominalAt, at))),
);

const latest = statement((db, schedule: string, limit: number) =>
  db
    .select(shown)
    .from(scheduleOccurrences)
    .where(eq(scheduleNumber, schedule))
    .orderBy(desc(nominalAt))
    .limit(limit),
);

const caseUnder = statement((db, scope: string, key: string) =>
  db
    .select({ caseNumber: cases.caseNumber })
    .from(cases)
    .where(and(eq(cases.scope, scope), eq(cases.idempotencyKey, key))),
);

const ready = statement((db, limit: number) => {
  const openCase = db
    .select({ caseNumber: cases.caseNumber })
    .from(cases)
    .where(and(eq(cases.flow, schedules.flow), eq(cases.twinKey, scheduleNumber), cases.isOpen));
  return db
    .select({ scheduleNumber, nominalAt })
    .from(scheduleOccurrences)
    .innerJoin(schedules, eq(schedules.scheduleNumber, scheduleNumber))
    .where(and(eq(result, 'buffered'), notExists(openCase)))
    .orderBy(nominalAt)
    .limit(limit);
});
