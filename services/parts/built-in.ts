import { and, eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { retrying } from '../../db/effects.ts';
import { constraintOf, ServiceFailure } from '../../db/failures.ts';
import { gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import { faultyParts, partKits, partMovements, parts, stock } from '../../db/schema.ts';
import { excluded, list, names, param, row, set, statement, value } from '../../db/statement.ts';
import { sumLines } from '../../domain/loan.ts';
import type { BuiltInParts, PartsEffects, PartsQuestions } from './index.ts';
import { getLoan, listLoans } from './loan-reads.ts';
import { extendLoan, issueLoan, returnLoan, writeOffLoan } from './loans.ts';
import { release, reserve, takeOver } from './reserve.ts';
import { issueSale, receiveHandedOver, soldTo, takeBackSold } from './sales.ts';
import { officeFor } from './stores.ts';

/** The parts service on our own database: an append-only ledger, with the totals kept by the same statements (I1, I2). */
export function createParts(sql: Sql): BuiltInParts {
  const db = drizzle(sql);
  return {
    effects: effectsOn(db),
    questions: questionsOn(db),
    takeOver: (request) => takeOver(db, request).catch(unknownReference),
  };
}

const effectsOn = (db: Db): PartsEffects => ({
  reserve: (request) => reserve(db, request),
  release: (request) => release(db, request),
  receive: (request) => receive(db, request),
  issueLoan: (request) => issueLoan(db, request),
  returnLoan: (request) => returnLoan(db, request),
  writeOffLoan: (request) => writeOffLoan(db, request),
  extendLoan: (request) => extendLoan(db, request),
  receiveOldParts: (request) => receiveOldParts(db, request),
  issueSale: (request) => issueSale(db, request),
  takeBackSold: (request) => takeBackSold(db, request),
  receiveHandedOver: (request) => receiveHandedOver(db, request).catch(unknownReference),
  soldTo: ({ caseNumber }) => soldTo(db, caseNumber),
});

const questionsOn = (db: Db): PartsQuestions => ({
  getPart: async (partNumber) => (await getPart(db, partNumber))[0] ?? null,
  getLoan: async (loanNumber) => (await getLoan(db, loanNumber))[0] ?? null,
  listLoans: (filter) => listLoans(db, filter),
  kitFor: (productModel, faultCode) => kitFor(db, productModel, faultCode),
  unknownParts: async (partNumbers) =>
    (await unknownParts(db, partNumbers)).map((row) => row.number),
});

type Request<Name extends 'receive' | 'receiveOldParts'> = Parameters<PartsEffects[Name]>[0];

async function receive(db: Db, request: Request<'receive'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await retrying(() => insertArrived(db, request, hash)).catch(unknownReference);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const insertArrived = statement((db, request: Request<'receive'>, hash: string) => {
  const { effectKey, location } = request;
  const arrived = { location, partNumber: sql`"partNumber"` };
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    arrived as (
      select * from fresh,
        jsonb_to_recordset(${param(sumLines(request.lines))}::jsonb) as l ("partNumber" text, quantity int)
    ), totals as (
      insert into ${stock} ${row(stock, { ...arrived, onHand: sql`quantity` })} from arrived
      on conflict (${names(stock.location, stock.partNumber)})
        do update set ${set(stock, { onHand: sql`${stock.onHand} + ${excluded(stock.onHand)}` })}
    ), moved as (
      insert into ${partMovements}
        ${row(partMovements, { ...arrived, effectKey, kind: 'receive', onHandDelta: sql`quantity` })} from arrived
    )
    select from fresh`);
});

async function receiveOldParts(db: Db, request: Request<'receiveOldParts'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await insertOldParts(db, request, hash).catch(unknownReference);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const insertOldParts = statement((db, request: Request<'receiveOldParts'>, hash: string) => {
  const { effectKey, caseNumber, territory, slipNumber } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    office as (${officeFor(territory)}),
    kept as (
      insert into ${faultyParts} ${row(faultyParts, {
        effectKey,
        partNumber: sql`"partNumber"`,
        oldPartSerial: sql`serial`,
        slipNumber,
        location: sql`location`,
        caseNumber,
      })} from fresh, office,
        jsonb_to_recordset(${param(request.lines)}::jsonb) as l ("partNumber" text, "oldPartSerials" jsonb),
        jsonb_array_elements_text("oldPartSerials") as serial
    )
    select from fresh`);
});

function unknownReference(error: unknown): never {
  const constraint = constraintOf(error) ?? '';
  if (constraint.endsWith('_part_number_fkey'))
    throw new ServiceFailure('UnknownPart', 'a part number is not on record');
  if (constraint.endsWith('_location_fkey'))
    throw new ServiceFailure('UnknownLocation', 'the location is not on record');
  throw error;
}

const getPart = statement((db, partNumber: string) =>
  db
    .select({
      partNumber: parts.partNumber,
      title: { en: parts.titleEn, zh: parts.titleZh },
      unitPriceMinor: parts.unitPriceMinor,
      currency: parts.currency,
      stock: value(levels(db)),
    })
    .from(parts)
    .where(eq(parts.partNumber, partNumber)),
);

const levels = (db: Db) => {
  const { location, onHand, reserved, onLoan } = stock;
  return db
    .select({ value: list({ location, onHand, reserved, onLoan }, location) })
    .from(stock)
    .where(eq(stock.partNumber, parts.partNumber));
};

const kitFor = statement((db, productModel: string, faultCode: string) =>
  db
    .select({ partNumber: partKits.partNumber, quantity: partKits.quantity })
    .from(partKits)
    .where(and(eq(partKits.productModel, productModel), eq(partKits.faultCode, faultCode)))
    .orderBy(partKits.partNumber),
);

const unknownParts = statement((db, partNumbers: string[]) =>
  db.execute<{ number: string }>(sql`
    select distinct number from unnest(${param(partNumbers)}::text[]) as number
    where not exists (select from ${parts} where ${parts.partNumber} = number)`),
);
