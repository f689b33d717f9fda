import { and, eq, gt, ne, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import {
  effects,
  faultyParts,
  partMovements,
  partReservations,
  partSaleLines,
  partSales,
  stock,
} from '../../db/schema.ts';
import { param, row, set, statement } from '../../db/statement.ts';
import { sumLines } from '../../domain/loan.ts';
import type { PartsEffects } from './index.ts';
import { officeFor, reservedLines } from './stores.ts';

type Request<Name extends 'issueSale' | 'takeBackSold' | 'receiveHandedOver'> = Parameters<
  PartsEffects[Name]
>[0];

/** Hands out what is reserved under a key, for good: it leaves the shelf and belongs to the customer. */
export async function issueSale(db: Db, request: Request<'issueSale'>): Promise<void> {
  const hash = hashOf(request);
  const [issued] = await retrying(() => insertSale(db, request, hash));
  if (!issued && !(await wasDone(db, request.effectKey, hash)))
    throw new ServiceFailure('ReservationGone', `${request.reservationKey} is not reserved`);
}

// The effect's row depends on the reservation, so that a refused issue leaves nothing behind.
const insertSale = statement((db, request: Request<'issueSale'>, hash: string) => {
  const { effectKey, reservationKey, caseNumber, terms, receivedBy } = request;
  return db.execute(sql`
    with taken as (
      update ${partReservations} set ${set(partReservations, { status: 'issued' })}
      where ${partReservations.reservationKey} = ${reservationKey} and ${partReservations.status} = 'reserved'
      returning ${partReservations.lines}
    ), done as (
      insert into ${effects} ${row(effects, { effectKey, requestHash: hash })} from taken
    ), sale as (
      insert into ${partSales} ${row(partSales, { reservationKey, effectKey, caseNumber, terms, receivedBy })} from taken
    ), sold as (
      ${reservedLines} from taken, jsonb_array_elements(lines) as line
    ), lines as (
      insert into ${partSaleLines} ${row(partSaleLines, {
        reservationKey,
        partNumber: sql`part_number`,
        location: sql`location`,
        issued: sql`quantity`,
      })} from sold
    ), totals as (
      update ${stock} set ${set(stock, {
        onHand: sql`${stock.onHand} - quantity`,
        reserved: sql`${stock.reserved} - quantity`,
      })} from sold where ${stock.location} = sold.location and ${stock.partNumber} = sold.part_number
    ), moved as (
      insert into ${partMovements} ${row(partMovements, {
        effectKey,
        reference: reservationKey,
        kind: 'sell',
        location: sql`location`,
        partNumber: sql`part_number`,
        onHandDelta: sql`-quantity`,
        reservedDelta: sql`-quantity`,
      })} from sold
    )
    select from taken`);
});

/** Puts everything that a case was sold back on the shelves it came from, except what stays with the customer: the latest first. Of two
 *  at once the later waits, and takes back what is left. */
export async function takeBackSold(db: Db, request: Request<'takeBackSold'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await retrying(() => putBack(db, request, hash));
  if (!done) await wasDone(db, request.effectKey, hash);
}

const putBack = statement((db, request: Request<'takeBackSold'>, hash: string) => {
  const { effectKey, caseNumber } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    kept as (
      select * from jsonb_to_recordset(${param(sumLines(request.kept))}::jsonb) as k ("partNumber" text, quantity int)
    ), lines_now as (
      select ${partSales.reservationKey}, ${partSaleLines.partNumber}, ${partSaleLines.location}, ${partSales.issuedAt},
        ${partSaleLines.issued} - ${partSaleLines.returned} as quantity
      from fresh, ${partSaleLines} join ${partSales} on ${partSales.reservationKey} = ${partSaleLines.reservationKey}
      where ${partSales.caseNumber} = ${caseNumber}
      for update of ${partSaleLines}
    ), held as (
      select *, sum(quantity) over (partition by part_number order by issued_at, reservation_key) as upto from lines_now
    ), back as (
      select held.reservation_key, part_number, location,
        least(held.quantity, greatest(0, upto - coalesce(kept.quantity, 0)))::int as quantity
      from held left join kept on kept."partNumber" = part_number
    ), lines as (
      update ${partSaleLines} set ${set(partSaleLines, { returned: sql`${partSaleLines.returned} + quantity` })} from back
      where ${partSaleLines.reservationKey} = back.reservation_key and ${partSaleLines.partNumber} = back.part_number
        and quantity > 0
    ), totals as (
      update ${stock} set ${set(stock, { onHand: sql`${stock.onHand} + quantity` })}
      from (select location, part_number, sum(quantity)::int as quantity from back group by 1, 2) summed
      where ${stock.location} = summed.location and ${stock.partNumber} = summed.part_number
    ), moved as (
      insert into ${partMovements} ${row(partMovements, {
        effectKey,
        reference: caseNumber,
        kind: 'returnSold',
        location: sql`location`,
        partNumber: sql`part_number`,
        onHandDelta: sql`sum(quantity)::int`,
      })} from back where quantity > 0 group by location, part_number
    )
    select from fresh`);
});

/** Old parts that the customer does not want to keep, into the faulty-parts store of the territory's office. */
export async function receiveHandedOver(
  db: Db,
  request: Request<'receiveHandedOver'>,
): Promise<void> {
  const hash = hashOf(request);
  const [done] = await insertHandedOver(db, request, hash);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const insertHandedOver = statement((db, request: Request<'receiveHandedOver'>, hash: string) => {
  const { effectKey, caseNumber, territory, disposal } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    office as (${officeFor(territory)}),
    handed as (
      select distinct "partNumber" as part_number, serial
      from fresh, jsonb_to_recordset(${param(request.lines)}::jsonb) as l ("partNumber" text, "oldPartSerials" jsonb),
        jsonb_array_elements_text("oldPartSerials") as serial
    ), kept as (
      insert into ${faultyParts} ${row(faultyParts, {
        effectKey,
        partNumber: sql`part_number`,
        oldPartSerial: sql`serial`,
        disposal,
        location: sql`location`,
        caseNumber,
      })} from handed, office
    )
    select from fresh`);
});

/** The stock issue that a bill is matched to. */
export const soldTo = statement((db, caseNumber: string) => {
  const quantity = sql<number>`sum(${partSaleLines.issued} - ${partSaleLines.returned})::int`;
  return db
    .select({ partNumber: partSaleLines.partNumber, quantity })
    .from(partSaleLines)
    .innerJoin(partSales, eq(partSales.reservationKey, partSaleLines.reservationKey))
    .where(and(eq(partSales.caseNumber, caseNumber), ne(partSales.terms, 'rework')))
    .groupBy(partSaleLines.partNumber)
    .having(gt(quantity, 0))
    .orderBy(partSaleLines.partNumber);
});
