import { sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import {
  effects,
  faultyParts,
  partLoanLines,
  partLoans,
  partMovements,
  partReservations,
  partReturns,
  partWriteOffs,
  stock,
} from '../../db/schema.ts';
import { param, row, set, statement } from '../../db/statement.ts';
import { sumLines } from '../../domain/loan.ts';
import type { PartLoan, PartsEffects } from './index.ts';
import { getLoan } from './loan-reads.ts';
import { reservedLines } from './stores.ts';

type Request<Name extends 'issueLoan' | 'returnLoan' | 'writeOffLoan' | 'extendLoan'> = Parameters<
  PartsEffects[Name]
>[0];

/** Lends out what is reserved under a key; what is lent leaves the shelf. */
export async function issueLoan(db: Db, request: Request<'issueLoan'>): Promise<PartLoan> {
  const hash = hashOf(request);
  const [issued] = await retrying(() => insertLoan(db, request, hash)).catch((error) => {
    if (codeOf(error) === '23505') return []; // the key, or the loan number, has been used
    throw error;
  });
  if (!issued && !(await wasDone(db, request.effectKey, hash))) {
    throw new ServiceFailure('ReservationGone', `${request.reservationKey} is not reserved`);
  }
  return loanOf(db, request.loanNumber);
}

// The effect's row depends on the reservation, so that a refused issue leaves nothing behind.
const insertLoan = statement((db, request: Request<'issueLoan'>, hash: string) => {
  const { effectKey, reservationKey, loanNumber, caseNumber, borrower, issuedAt, dueAt } = request;
  return db.execute(sql`
  with taken as (
    update ${partReservations} set ${set(partReservations, { status: 'issued' })}
    where ${partReservations.reservationKey} = ${reservationKey} and ${partReservations.status} = 'reserved'
    returning ${partReservations.lines}
  ), done as (
    insert into ${effects} ${row(effects, { effectKey, requestHash: hash })} from taken
  ), loan as (
    insert into ${partLoans} ${row(partLoans, { loanNumber, caseNumber, reservationKey, borrower, issuedAt, dueAt })} from taken
    returning ${partLoans.loanNumber}
  ), lent as (
    ${reservedLines} from taken, jsonb_array_elements(lines) as line
  ), lines as (
    insert into ${partLoanLines} ${row(partLoanLines, {
      loanNumber,
      partNumber: sql`part_number`,
      location: sql`location`,
      issued: sql`quantity`,
    })} from lent
  ), totals as (
    update ${stock} set ${set(stock, {
      onHand: sql`${stock.onHand} - quantity`,
      reserved: sql`${stock.reserved} - quantity`,
      onLoan: sql`${stock.onLoan} + quantity`,
    })} from lent where ${stock.location} = lent.location and ${stock.partNumber} = lent.part_number
  ), moved as (
    insert into ${partMovements} ${row(partMovements, {
      effectKey,
      reference: reservationKey,
      kind: 'issue',
      location: sql`location`,
      partNumber: sql`part_number`,
      onHandDelta: sql`-quantity`,
      reservedDelta: sql`-quantity`,
      onLoanDelta: sql`quantity`,
    })} from lent
  )
  select from loan`);
});

/** Takes parts back: unused ones to the shelf, used ones against old part and slip into the faulty-parts store. */
export async function returnLoan(db: Db, request: Request<'returnLoan'>): Promise<PartLoan> {
  const short = request.lines.find((line) => line.oldPartSerials.length !== line.usedWithCore);
  if (short)
    throw new ServiceFailure('CoreMissing', `an old part of ${short.partNumber} is missing`);
  return changed(db, request, (hash) => insertReturn(db, request, hash));
}

const insertReturn = statement((db, request: Request<'returnLoan'>, hash: string) => {
  const { effectKey, loanNumber, slipNumber } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    asked as (
      select "partNumber", "usedWithCore" as used, "returnedUnused" as unused, "oldPartSerials" from fresh,
        jsonb_to_recordset(${param(request.lines)}::jsonb) as l ("partNumber" text, "usedWithCore" int,
          "returnedUnused" int, "oldPartSerials" jsonb)
    ), noted as (
      insert into ${partReturns} ${row(partReturns, {
        effectKey,
        loanNumber,
        partNumber: sql`"partNumber"`,
        usedWithCore: sql`used`,
        returnedUnused: sql`unused`,
        slipNumber,
      })} from asked
    ), cleared as (
      update ${partLoanLines} set ${set(partLoanLines, {
        usedWithCore: sql`${partLoanLines.usedWithCore} + used`,
        returnedUnused: sql`${partLoanLines.returnedUnused} + unused`,
      })} from asked where ${partLoanLines.loanNumber} = ${loanNumber} and ${partLoanLines.partNumber} = "partNumber"
      returning ${partLoanLines.partNumber}, ${partLoanLines.location}, used, unused, "oldPartSerials"
    ), faulty as (
      insert into ${faultyParts} ${row(faultyParts, {
        effectKey,
        partNumber: sql`part_number`,
        oldPartSerial: sql`serial`,
        slipNumber,
        location: sql`location`,
        caseNumber: sql`split_part(${loanNumber}, '/', 1)`,
      })} from cleared, jsonb_array_elements_text("oldPartSerials") as serial
    ), totals as (
      update ${stock} set ${set(stock, {
        onHand: sql`${stock.onHand} + unused`,
        onLoan: sql`${stock.onLoan} - used - unused`,
      })} from cleared where ${stock.location} = cleared.location and ${stock.partNumber} = cleared.part_number
    ), moved as (
      insert into ${partMovements} ${row(partMovements, {
        effectKey,
        reference: loanNumber,
        kind: sql`kind`,
        location: sql`location`,
        partNumber: sql`part_number`,
        onHandDelta: sql`to_shelf`,
        onLoanDelta: sql`-quantity`,
      })} from cleared,
        lateral (values ('returnUnused', unused, unused), ('returnUsed', used, 0)) as moves (kind, quantity, to_shelf)
      where quantity > 0
    )
    select from fresh`);
});

/** Writes parts off that will not come back; who pays is recorded. */
export const writeOffLoan = (db: Db, request: Request<'writeOffLoan'>): Promise<PartLoan> =>
  changed(db, request, (hash) => insertWriteOff(db, request, hash));

const insertWriteOff = statement((db, request: Request<'writeOffLoan'>, hash: string) => {
  const { effectKey, loanNumber, chargeTo, reason } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    asked as (
      select * from fresh,
        jsonb_to_recordset(${param(sumLines(request.lines))}::jsonb) as l ("partNumber" text, quantity int)
    ), noted as (
      insert into ${partWriteOffs} ${row(partWriteOffs, {
        effectKey,
        loanNumber,
        partNumber: sql`"partNumber"`,
        quantity: sql`quantity`,
        chargeTo,
        reason,
      })} from asked
    ), cleared as (
      update ${partLoanLines} set ${set(partLoanLines, { writtenOff: sql`${partLoanLines.writtenOff} + quantity` })}
      from asked where ${partLoanLines.loanNumber} = ${loanNumber} and ${partLoanLines.partNumber} = "partNumber"
      returning ${partLoanLines.partNumber}, ${partLoanLines.location}, quantity
    ), totals as (
      update ${stock} set ${set(stock, { onLoan: sql`${stock.onLoan} - quantity` })}
      from cleared where ${stock.location} = cleared.location and ${stock.partNumber} = cleared.part_number
    ), moved as (
      insert into ${partMovements} ${row(partMovements, {
        effectKey,
        reference: loanNumber,
        kind: 'writeOff',
        location: sql`location`,
        partNumber: sql`part_number`,
        onLoanDelta: sql`-quantity`,
      })} from cleared
    )
    select from fresh`);
});

/** Moves the day on which a loan is due; nothing else of it changes. */
export const extendLoan = (db: Db, request: Request<'extendLoan'>): Promise<PartLoan> =>
  changed(db, request, (hash) => moveDueDay(db, request, hash));

const moveDueDay = statement((db, request: Request<'extendLoan'>, hash: string) =>
  db.execute(sql`
    with fresh as (${gate(request.effectKey, hash)}),
    extended as (
      update ${partLoans} set ${set(partLoans, { dueAt: request.dueAt })} from fresh
      where ${partLoans.loanNumber} = ${request.loanNumber}
    )
    select from fresh`),
);

type Change = { effectKey: string; loanNumber: string };

async function changed(
  db: Db,
  request: Change,
  change: (hash: string) => Promise<unknown[]>,
): Promise<PartLoan> {
  const hash = hashOf(request);
  const [done] = await retrying(() => change(hash)).catch((error) =>
    refused(db, request.loanNumber, error),
  );
  if (!done) await wasDone(db, request.effectKey, hash);
  return loanOf(db, request.loanNumber);
}

const overReturns = [
  'loan_line_not_over_returned',
  'return_of_a_loan_line',
  'write_off_of_a_loan_line',
];
async function refused(db: Db, loanNumber: string, error: unknown): Promise<never> {
  if (!overReturns.includes(constraintOf(error) ?? '')) throw error;
  await loanOf(db, loanNumber);
  throw new ServiceFailure('OverReturn', `more than is outstanding of ${loanNumber}`);
}

async function loanOf(db: Db, loanNumber: string): Promise<PartLoan> {
  const [loan] = await getLoan(db, loanNumber);
  if (!loan) throw new ServiceFailure('UnknownLoan', `no loan ${loanNumber}`);
  return loan;
}
