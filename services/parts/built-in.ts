import type { Sql } from '../../db/connect.ts';
import { gate, json, retrying, wasDone } from '../../db/effects.ts';
import { constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { type PartLine, sumLines } from '../../domain/loan.ts';
import type { BuiltInParts, Part, PartLoan, PartsEffects, PartsQuestions } from './index.ts';
import { extendLoan, issueLoan, loans, returnLoan, writeOffLoan } from './loans.ts';
import { release, reserve, takeOver } from './reserve.ts';
import { issueSale, receiveHandedOver, soldTo, takeBackSold } from './sales.ts';

/** The parts service on our own database: an append-only ledger, with the totals kept by the same statements (I1, I2). */
export function createParts(sql: Sql): BuiltInParts {
  return {
    effects: effectsOn(sql),
    questions: questionsOn(sql),
    takeOver: (request) => takeOver(sql, request).catch(unknownReference),
  };
}

const effectsOn = (sql: Sql): PartsEffects => ({
  reserve: (request) => reserve(sql, request),
  release: (request) => release(sql, request),
  receive: (request) => receive(sql, request),
  issueLoan: (request) => issueLoan(sql, request),
  returnLoan: (request) => returnLoan(sql, request),
  writeOffLoan: (request) => writeOffLoan(sql, request),
  extendLoan: (request) => extendLoan(sql, request),
  receiveOldParts: (request) => receiveOldParts(sql, request),
  issueSale: (request) => issueSale(sql, request),
  takeBackSold: (request) => takeBackSold(sql, request),
  receiveHandedOver: (request) => receiveHandedOver(sql, request).catch(unknownReference),
  soldTo: ({ caseNumber }) => soldTo(sql, caseNumber),
});

const questionsOn = (sql: Sql): PartsQuestions => ({
  getPart: (partNumber) => getPart(sql, partNumber),
  async getLoan(loanNumber) {
    const [loan] = await loans(sql, sql`loan_number = ${loanNumber}`, 1);
    return loan ?? null;
  },
  listLoans: (filter) => listLoans(sql, filter),
  kitFor: (productModel, faultCode) => sql<PartLine[]>`
      select part_number as "partNumber", quantity from part_kits
      where product_model = ${productModel} and fault_code = ${faultCode} order by part_number`,
  async unknownParts(partNumbers) {
    const rows = await sql<{ number: string }[]>`
        select distinct number from unnest(${partNumbers}::text[]) as number
        where not exists (select from parts where part_number = number)`;
    return rows.map((row) => row.number);
  },
});

type Request<Name extends 'receive' | 'receiveOldParts'> = Parameters<PartsEffects[Name]>[0];

async function receive(sql: Sql, request: Request<'receive'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await retrying(
    () => sql`
    with fresh as (${gate(sql, request.effectKey, hash)}),
    arrived as (
      select "partNumber" as part_number, quantity from fresh,
        jsonb_to_recordset(${json(sql, sumLines(request.lines))}::jsonb) as l ("partNumber" text, quantity int)
    ), totals as (
      insert into stock as s (location, part_number, on_hand) select ${request.location}, part_number, quantity from arrived
      on conflict (location, part_number) do update set on_hand = s.on_hand + excluded.on_hand
    ), moved as (
      insert into part_movements (effect_key, kind, location, part_number, on_hand_delta)
      select ${request.effectKey}, 'receive', ${request.location}, part_number, quantity from arrived
    )
    select from fresh`,
  ).catch(unknownReference);
  if (!done) await wasDone(sql, request.effectKey, hash);
}

async function receiveOldParts(sql: Sql, request: Request<'receiveOldParts'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await sql`
    with fresh as (${gate(sql, request.effectKey, hash)}),
    office as (
      select location from locations order by (kind = 'fieldOffice' and territory = ${request.territory}) desc nulls last,
        (kind = 'centralStore') desc, location limit 1
    ), kept as (
      insert into faulty_parts (effect_key, part_number, old_part_serial, slip_number, location, case_number)
      select ${request.effectKey}, "partNumber", serial, ${request.slipNumber}, location, ${request.caseNumber}
      from fresh, office,
        jsonb_to_recordset(${json(sql, request.lines)}::jsonb) as l ("partNumber" text, "oldPartSerials" jsonb),
        jsonb_array_elements_text("oldPartSerials") as serial
    )
    select from fresh`.catch(unknownReference);
  if (!done) await wasDone(sql, request.effectKey, hash);
}

function unknownReference(error: unknown): never {
  const constraint = constraintOf(error) ?? '';
  if (constraint.endsWith('_part_number_fkey'))
    throw new ServiceFailure('UnknownPart', 'a part number is not on record');
  if (constraint.endsWith('_location_fkey'))
    throw new ServiceFailure('UnknownLocation', 'the location is not on record');
  throw error;
}

async function getPart(sql: Sql, partNumber: string): Promise<Part | null> {
  const [part] = await sql<Part[]>`
    select part_number as "partNumber", jsonb_build_object('en', title_en, 'zh', title_zh) as title,
      unit_price_minor as "unitPriceMinor", currency, (
        select coalesce(jsonb_agg(jsonb_build_object('location', location, 'onHand', on_hand, 'reserved', reserved,
          'onLoan', on_loan) order by location), '[]')
        from stock s where s.part_number = parts.part_number) as stock
    from parts where part_number = ${partNumber}`;
  return part ?? null;
}

function listLoans(
  sql: Sql,
  filter: Parameters<PartsQuestions['listLoans']>[0],
): Promise<PartLoan[]> {
  const { status, caseNumber, after } = filter;
  return loans(
    sql,
    sql`true
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    ${caseNumber === undefined ? sql`` : sql`and case_number = ${caseNumber}`}
    ${after === undefined ? sql`` : sql`and (issued_at, seq) < (select issued_at, seq from part_loans where loan_number = ${after})`}`,
    filter.limit,
  );
}
