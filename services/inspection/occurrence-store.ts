import type { Sql } from '../../db/connect.ts';
import { constraintOf } from '../../db/failures.ts';

/** What became of one nominal time of a plan. */
export interface Occurrence {
  nominalAt: string;
  /** `buffered` waits for the plan's open round to end; `refused` could not be opened. */
  result: 'opened' | 'skipped' | 'buffered' | 'refused';
  /** The round that was opened, or the open one that it was left out for; null when there is none. */
  caseNumber: string | null;
  /** Why it was not opened. */
  detail: string | null;
  recordedAt: string;
}
export type OccurrenceResult = Pick<Occurrence, 'result' | 'caseNumber' | 'detail'>;

export interface OccurrenceStore {
  occurrence(planNumber: string, nominalAt: string): Promise<Occurrence | null>;
  /** Keeps the first result for good; only what was buffered may be told anew. Gives what stands. Of two that would wait, the
   *  later one is skipped. */
  recordOccurrence(
    planNumber: string,
    nominalAt: string,
    result: OccurrenceResult,
  ): Promise<Occurrence>;
  /** The latest nominal times first. */
  occurrences(planNumber: string, limit: number): Promise<Occurrence[]>;
  /** The round that was opened under this key, whatever is recorded of it; null when there is none. */
  roundUnder(scope: string, key: string): Promise<string | null>;
  /** Waiting occurrences of plans without an open round, the longest due first. */
  ready(limit: number): Promise<{ planNumber: string; nominalAt: string }[]>;
}

/** What became of each occurrence of a plan, once and for good (N22). */
export function createOccurrences(sql: Sql): OccurrenceStore {
  const occurrence: OccurrenceStore['occurrence'] = async (planNumber, nominalAt) => {
    const [row] = await sql<Occurrence[]>`${columns(sql)}
      where plan_number = ${planNumber} and nominal_at = ${nominalAt}`;
    return row ?? null;
  };
  return {
    occurrence,
    async recordOccurrence(planNumber, nominalAt, result) {
      await record(sql, planNumber, nominalAt, result).catch((error) => {
        if (constraintOf(error) !== 'inspection_occurrences_buffered') throw error;
        const detail = 'another occurrence waits already';
        return record(sql, planNumber, nominalAt, { ...result, result: 'skipped', detail });
      });
      const kept = await occurrence(planNumber, nominalAt);
      if (!kept) throw new Error(`${planNumber} ${nominalAt} was not kept`);
      return kept;
    },
    occurrences: (planNumber, limit) => sql<Occurrence[]>`${columns(sql)}
      where plan_number = ${planNumber} order by nominal_at desc limit ${limit}`,
    async roundUnder(scope, key) {
      const [row] = await sql<{ caseNumber: string }[]>`
        select case_number as "caseNumber" from cases where scope = ${scope} and idempotency_key = ${key}`;
      return row?.caseNumber ?? null;
    },
    ready: (limit) => sql<{ planNumber: string; nominalAt: string }[]>`
      select plan_number as "planNumber", nominal_at as "nominalAt" from inspection_occurrences o
      where result = 'buffered' and not exists (select from cases c
        where c.flow = 'scheduledInspection' and c.twin_key = o.plan_number and c.is_open)
      order by nominal_at limit ${limit}`,
  };
}

const record = (
  sql: Sql,
  planNumber: string,
  nominalAt: string,
  { result, caseNumber, detail }: OccurrenceResult,
) => sql`
  insert into inspection_occurrences as o (plan_number, nominal_at, result, case_number, detail)
  values (${planNumber}, ${nominalAt}, ${result}, ${caseNumber}, ${detail})
  on conflict (plan_number, nominal_at) do update set result = ${result}, case_number = ${caseNumber},
    detail = ${detail}, recorded_at = clock_timestamp()
  where o.result = 'buffered' and ${result} <> 'buffered'`;

const columns = (sql: Sql) => sql`
  select nominal_at as "nominalAt", result, case_number as "caseNumber", detail, recorded_at as "recordedAt"
  from inspection_occurrences`;
