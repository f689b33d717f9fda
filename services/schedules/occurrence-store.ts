import type { Sql } from '../../db/connect.ts';
import { constraintOf } from '../../db/failures.ts';
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
  /** Keeps the first result for good; only what was buffered may be told anew. Gives what stands. Of two that would wait, the
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
export function createOccurrences(sql: Sql): OccurrenceStore {
  const occurrence: OccurrenceStore['occurrence'] = async (scheduleNumber, nominalAt) => {
    const [row] = await sql<Occurrence[]>`${columns(sql)}
      where schedule_number = ${scheduleNumber} and nominal_at = ${nominalAt}`;
    return row ?? null;
  };
  return {
    occurrence,
    async recordOccurrence(scheduleNumber, nominalAt, result) {
      await record(sql, scheduleNumber, nominalAt, result).catch((error) => {
        if (constraintOf(error) !== 'schedule_occurrences_buffered') throw error;
        const detail = 'another occurrence waits already';
        return record(sql, scheduleNumber, nominalAt, { ...result, result: 'skipped', detail });
      });
      const kept = await occurrence(scheduleNumber, nominalAt);
      if (!kept) throw new Error(`${scheduleNumber} ${nominalAt} was not kept`);
      return kept;
    },
    occurrences: (scheduleNumber, limit) => sql<Occurrence[]>`${columns(sql)}
      where schedule_number = ${scheduleNumber} order by nominal_at desc limit ${limit}`,
    async caseUnder(scope, key) {
      const [row] = await sql<{ caseNumber: string }[]>`
        select case_number as "caseNumber" from cases where scope = ${scope} and idempotency_key = ${key}`;
      return row?.caseNumber ?? null;
    },
    ready: (limit) => sql<OccurrenceDue[]>`
      select schedule_number as "scheduleNumber", nominal_at as "nominalAt" from schedule_occurrences o
      join schedules s using (schedule_number)
      where result = 'buffered' and not exists (select from cases c
        where c.flow = s.flow and c.twin_key = o.schedule_number and c.is_open)
      order by nominal_at limit ${limit}`,
  };
}

const record = (
  sql: Sql,
  scheduleNumber: string,
  nominalAt: string,
  { result, caseNumber, detail }: OccurrenceResult,
) => sql`
  insert into schedule_occurrences as o (schedule_number, nominal_at, result, case_number, detail)
  values (${scheduleNumber}, ${nominalAt}, ${result}, ${caseNumber}, ${detail})
  on conflict (schedule_number, nominal_at) do update set result = ${result}, case_number = ${caseNumber},
    detail = ${detail}, recorded_at = clock_timestamp()
  where o.result = 'buffered' and ${result} <> 'buffered'`;

const columns = (sql: Sql) => sql`
  select nominal_at as "nominalAt", result, case_number as "caseNumber", detail, recorded_at as "recordedAt"
  from schedule_occurrences`;
