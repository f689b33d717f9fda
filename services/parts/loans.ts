import type { Fragment, Sql } from '../../db/connect.ts';
import { gate, json, retrying, wasDone } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { sumLines } from '../../domain/loan.ts';
import type { PartLoan, PartsEffects } from './index.ts';

type Request<Name extends 'issueLoan' | 'returnLoan' | 'writeOffLoan' | 'extendLoan'> = Parameters<
  PartsEffects[Name]
>[0];

/** Lends out what is reserved under a key; what is lent leaves the shelf. */
export async function issueLoan(sql: Sql, request: Request<'issueLoan'>): Promise<PartLoan> {
  const hash = hashOf(request);
  const [issued] = await retrying(() => insertLoan(sql, request, hash)).catch((error) => {
    if (codeOf(error) === '23505') return []; // the key, or the loan number, has been used
    throw error;
  });
  if (!issued && !(await wasDone(sql, request.effectKey, hash))) {
    throw new ServiceFailure('ReservationGone', `${request.reservationKey} is not reserved`);
  }
  return loanOf(sql, request.loanNumber);
}

// The effect's row depends on the reservation, so that a refused issue leaves nothing behind.
const insertLoan = (sql: Sql, request: Request<'issueLoan'>, hash: string) => sql`
  with taken as (
    update part_reservations set status = 'issued'
    where reservation_key = ${request.reservationKey} and status = 'reserved' returning lines
  ), done as (
    insert into effects (effect_key, request_hash) select ${request.effectKey}, ${hash} from taken
  ), loan as (
    insert into part_loans (loan_number, case_number, reservation_key, borrower, issued_at, due_at)
    select ${request.loanNumber}, ${request.caseNumber}, ${request.reservationKey}, ${request.borrower},
      ${request.issuedAt}::timestamptz, ${request.dueAt}::timestamptz from taken
    returning loan_number
  ), lent as (
    select line->>'location' as location, line->>'partNumber' as part_number, (line->>'quantity')::int as quantity
    from taken, jsonb_array_elements(lines) as line
  ), lines as (
    insert into part_loan_lines (loan_number, part_number, location, issued)
    select ${request.loanNumber}, part_number, location, quantity from lent
  ), totals as (
    update stock s set on_hand = s.on_hand - l.quantity, reserved = s.reserved - l.quantity,
      on_loan = s.on_loan + l.quantity
    from lent l where s.location = l.location and s.part_number = l.part_number
  ), moved as (
    insert into part_movements (effect_key, reference, kind, location, part_number, on_hand_delta, reserved_delta, on_loan_delta)
    select ${request.effectKey}, ${request.reservationKey}, 'issue', location, part_number, -quantity, -quantity, quantity from lent
  )
  select from loan`;

/** Takes parts back: unused ones to the shelf, used ones against old part and slip into the faulty-parts store. */
export async function returnLoan(sql: Sql, request: Request<'returnLoan'>): Promise<PartLoan> {
  const { effectKey, loanNumber, slipNumber, lines } = request;
  const short = lines.find((line) => line.oldPartSerials.length !== line.usedWithCore);
  if (short)
    throw new ServiceFailure('CoreMissing', `an old part of ${short.partNumber} is missing`);
  const asked = sql`
    select * from jsonb_to_recordset(${json(sql, lines)}::jsonb) as l ("partNumber" text, "usedWithCore" int,
      "returnedUnused" int, "oldPartSerials" jsonb)`;
  return changeLoan(
    sql,
    request,
    sql`
    asked as (${asked}),
    noted as (
      insert into part_returns (effect_key, loan_number, part_number, used_with_core, returned_unused, slip_number)
      select ${effectKey}, ${loanNumber}, "partNumber", "usedWithCore", "returnedUnused", ${slipNumber}
      from fresh, asked
    ), cleared as (
      update part_loan_lines l set used_with_core = l.used_with_core + a."usedWithCore",
        returned_unused = l.returned_unused + a."returnedUnused"
      from fresh, asked a where l.loan_number = ${loanNumber} and l.part_number = a."partNumber"
      returning l.part_number, l.location, a."usedWithCore" as used, a."returnedUnused" as unused, a."oldPartSerials"
    ), faulty as (
      insert into faulty_parts (effect_key, part_number, old_part_serial, slip_number, location, case_number)
      select ${effectKey}, c.part_number, serial, ${slipNumber}, c.location, split_part(${loanNumber}, '/', 1)
      from cleared c, jsonb_array_elements_text(c."oldPartSerials") as serial
    ), totals as (
      update stock s set on_hand = s.on_hand + c.unused, on_loan = s.on_loan - c.used - c.unused
      from cleared c where s.location = c.location and s.part_number = c.part_number
    ), moved as (
      insert into part_movements (effect_key, reference, kind, location, part_number, on_hand_delta, on_loan_delta)
      select ${effectKey}, ${loanNumber}, 'returnUnused', location, part_number, unused, -unused from cleared where unused > 0
      union all
      select ${effectKey}, ${loanNumber}, 'returnUsed', location, part_number, 0, -used from cleared where used > 0
    )`,
  );
}

/** Writes parts off that will not come back; who pays is recorded. */
export function writeOffLoan(sql: Sql, request: Request<'writeOffLoan'>): Promise<PartLoan> {
  const { effectKey, loanNumber, chargeTo, reason } = request;
  return changeLoan(
    sql,
    request,
    sql`
    asked as (
      select * from jsonb_to_recordset(${json(sql, sumLines(request.lines))}::jsonb) as l ("partNumber" text, quantity int)
    ), noted as (
      insert into part_write_offs (effect_key, loan_number, part_number, quantity, charge_to, reason)
      select ${effectKey}, ${loanNumber}, "partNumber", quantity, ${chargeTo}, ${reason} from fresh, asked
    ), cleared as (
      update part_loan_lines l set written_off = l.written_off + a.quantity
      from fresh, asked a where l.loan_number = ${loanNumber} and l.part_number = a."partNumber"
      returning l.part_number, l.location, a.quantity
    ), totals as (
      update stock s set on_loan = s.on_loan - c.quantity
      from cleared c where s.location = c.location and s.part_number = c.part_number
    ), moved as (
      insert into part_movements (effect_key, reference, kind, location, part_number, on_loan_delta)
      select ${effectKey}, ${loanNumber}, 'writeOff', location, part_number, -quantity from cleared
    )`,
  );
}

/** Moves the day on which a loan is due; nothing else of it changes. */
export function extendLoan(sql: Sql, request: Request<'extendLoan'>): Promise<PartLoan> {
  return changeLoan(
    sql,
    request,
    sql`
    extended as (
      update part_loans set due_at = ${request.dueAt}::timestamptz from fresh where loan_number = ${request.loanNumber}
    )`,
  );
}

type Change = { effectKey: string; loanNumber: string };

/** One statement: the gate, then the change, which reads from `fresh`. */
async function changeLoan(sql: Sql, request: Change, change: Fragment): Promise<PartLoan> {
  const hash = hashOf(request);
  const [done] = await retrying(
    () => sql`
    with fresh as (${gate(sql, request.effectKey, hash)}), ${change}
    select from fresh`,
  ).catch((error) => refused(sql, request.loanNumber, error));
  if (!done) await wasDone(sql, request.effectKey, hash);
  return loanOf(sql, request.loanNumber);
}

const overReturns = [
  'loan_line_not_over_returned',
  'return_of_a_loan_line',
  'write_off_of_a_loan_line',
];
async function refused(sql: Sql, loanNumber: string, error: unknown): Promise<never> {
  if (!overReturns.includes(constraintOf(error) ?? '')) throw error;
  await loanOf(sql, loanNumber);
  throw new ServiceFailure('OverReturn', `more than is outstanding of ${loanNumber}`);
}

/** A loan's lines from the database; the status is derived from them and never stored. */
export const loans = (sql: Sql, condition: Fragment, limit: number) => sql<PartLoan[]>`
  select loan_number as "loanNumber", case_number as "caseNumber", borrower, status,
    issued_at as "issuedAt", due_at as "dueAt", lines
  from part_loans join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('partNumber', part_number, 'location', location, 'issued', issued,
        'usedWithCore', used_with_core, 'returnedUnused', returned_unused, 'writtenOff', written_off,
        'outstanding', outstanding) order by part_number), '[]') as lines,
      case when coalesce(sum(outstanding), 0) = 0 then 'cleared' when sum(outstanding) = sum(issued) then 'issued'
        else 'partiallyCleared' end as status
    from part_loan_lines l where l.loan_number = part_loans.loan_number
  ) summed on true
  where ${condition} order by issued_at desc, seq desc limit ${limit}`;

async function loanOf(sql: Sql, loanNumber: string): Promise<PartLoan> {
  const [loan] = await loans(sql, sql`loan_number = ${loanNumber}`, 1);
  if (!loan) throw new ServiceFailure('UnknownLoan', `no loan ${loanNumber}`);
  return loan;
}
