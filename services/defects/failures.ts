import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, type Page, pageOf } from '../../db/cursor.ts';
import { sameRequest } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import { defectKey, type Trend } from '../../domain/recurrence.ts';
import type { DefectsEffects, FailureFilter, FailureRecord } from './index.ts';

/** A page of failure records, newest first. */
export async function failures(sql: Sql, filter: FailureFilter): Promise<Page<FailureRecord>> {
  const before = decodeCursor('failure-records', filter.cursor, isNumber)?.[0];
  const rows = await failuresBefore(sql, filter, before);
  return pageOf(rows, filter.limit, (last) => encodeCursor('failure-records', [last.seq]));
}

const failuresBefore = (sql: Sql, filter: FailureFilter, before: number | undefined) => sql<
  FailureRecord[]
>`
  select seq, f.case_number as "caseNumber", f.cycle, f.product_model as "productModel",
    serial_number as "serialNumber", f.fault_code as "faultCode", cause_code as "causeCode",
    remedy_code as "remedyCode", failed_at as "failedAt", recorded_at as "recordedAt",
    case when latest.confirmed then 'closed' else 'open' end as state
  from failure_records f left join lateral (
    select effective and f.failed_at < in_place_at as confirmed
    from corrective_actions a join effect_checks using (case_number, cycle)
    where a.fault_code = f.fault_code and f.product_model = any(affected_models) order by checked_at desc limit 1
  ) latest on true
  where true
  ${filter.productModel === undefined ? sql`` : sql`and f.product_model = ${filter.productModel}`}
  ${filter.faultCode === undefined ? sql`` : sql`and f.fault_code = ${filter.faultCode}`}
  ${before === undefined ? sql`` : sql`and seq < ${before}`}
  order by seq desc limit ${filter.limit + 1}`;

type Recording = Parameters<DefectsEffects['recordFailure']>[0];

/** One record per case and cycle, and what it and its like say together. */
export async function recordFailure(sql: Sql, request: Recording): Promise<Trend> {
  const hash = hashOf(request);
  await sql`
    insert into failure_records (case_number, cycle, effect_key, request_hash, product_model, serial_number,
      fault_code, cause_code, remedy_code, failed_at)
    values (${request.caseNumber}, ${request.cycle}, ${request.effectKey}, ${hash}, ${request.productModel},
      ${request.serialNumber}, ${request.faultCode}, ${request.causeCode}, ${request.remedyCode}, ${request.failedAt})
    on conflict do nothing`;
  // Read by a statement of its own: of many that record at once, the last one sees all.
  const [known] = await sql<{ hash: string }[]>`
    select request_hash as hash from failure_records where effect_key = ${request.effectKey}`;
  sameRequest(request.effectKey, known?.hash ?? null, hash);
  return trendOf(sql, request);
}

/** Failures that a report which was closed has dealt with do not count again, nor any while one is at work. */
async function trendOf(sql: Sql, request: Recording): Promise<Trend> {
  const { productModel, faultCode, failedAt, windowMs } = request;
  const key = defectKey(productModel, faultCode);
  const [trend] = await sql<Trend[]>`
    select coalesce(jsonb_agg(distinct serial_number), '[]') as serials, (
      select case_number from cases where flow = 'defectReport' and twin_key = ${key} and is_open
      union all
      select case_number from corrective_actions a
      where fault_code = ${faultCode} and ${productModel} = any(affected_models)
        and not exists (select from effect_checks e where e.case_number = a.case_number and e.cycle = a.cycle)
      limit 1) as report
    from failure_records
    where product_model = ${productModel} and fault_code = ${faultCode}
      and failed_at > ${failedAt}::timestamptz - ${windowMs} * interval '1 millisecond'
      and failed_at > coalesce((select max(closed_at) from cases
        where flow = 'defectReport' and twin_key = ${key} and status = 'closed'), '-infinity')`;
  return trend ?? { serials: [], report: null };
}
