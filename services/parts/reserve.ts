import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, isContention, ServiceFailure } from '../../db/failures.ts';
import { gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import { locations, partMovements, partReservations, stock } from '../../db/schema.ts';
import { excluded, names, param, row, rows, set, statement } from '../../db/statement.ts';
import { sumLines } from '../../domain/loan.ts';
import type { ReserveRequest, ReserveResult } from './index.ts';
import { officeOf, reservedLines } from './stores.ts';

// Two that take the last part at once: the total's check refuses the second, which then looks again.
const takenMeanwhile = (error: unknown): boolean =>
  isContention(error) ||
  (codeOf(error) === '23514' && constraintOf(error) === 'stock_not_oversold');

/** Reserves all lines or none, each at one location: the territory's field office, the central store, then the fullest. */
export async function reserve(db: Db, request: ReserveRequest): Promise<ReserveResult> {
  const asked = { ...request, lines: sumLines(request.lines) };
  const hash = hashOf(asked);
  const [fresh] = await retrying(() => insertReservation(db, asked, hash), takenMeanwhile);
  const kept = fresh ?? (await keptReservation(db, request.effectKey))[0];
  if (kept?.hash === null)
    throw new ServiceFailure('ReservationGone', `${request.effectKey} was released before`);
  sameRequest(request.effectKey, kept?.hash ?? null, hash);
  if (!kept || kept.shortages.length > 0) {
    const office = await officeOf(db, request.territory);
    return { reserved: false, shortages: kept?.shortages ?? [], office };
  }
  return { reserved: true, reservationKey: request.effectKey, lines: kept.lines };
}

/** Reserves what a partner had reserved under that key; a shortage that was said under it before is over. */
export async function takeOver(db: Db, request: ReserveRequest): Promise<void> {
  const asked = { ...request, lines: sumLines(request.lines) };
  const office = await officeOf(db, request.territory);
  await retrying(() => insertTaken(db, asked, hashOf(asked), office));
}

const insertTaken = statement((db, request: ReserveRequest, hash: string, office: string) => {
  const { effectKey: key, caseNumber } = request;
  const lines = request.lines.map((line) => ({ ...line, location: office }));
  return db.execute(sql`
    with kept as (
      insert into ${partReservations}
        ${row(partReservations, { reservationKey: key, requestHash: hash, caseNumber, status: 'reserved', lines })}
      on conflict (${names(partReservations.reservationKey)})
        do update set ${set(partReservations, { status: 'reserved', lines: excluded(partReservations.lines), shortages: [] })}
        where ${partReservations.status} = 'short'
      returning ${partReservations.lines}
    ), taken as (
      ${reservedLines} from kept, jsonb_array_elements(lines) as line
    ), totals as (
      insert into ${stock} ${row(stock, { location: sql`location`, partNumber: sql`part_number`, onHand: sql`quantity`, reserved: sql`quantity` })}
      from taken
      on conflict (${names(stock.location, stock.partNumber)}) do update set ${set(stock, {
        onHand: sql`${stock.onHand} + ${excluded(stock.onHand)}`,
        reserved: sql`${stock.reserved} + ${excluded(stock.reserved)}`,
      })}
    )
    insert into ${partMovements} ${row(partMovements, {
      effectKey: key,
      reference: key,
      kind: sql`kind`,
      location: sql`location`,
      partNumber: sql`part_number`,
      onHandDelta: sql`arrived * quantity`,
      reservedDelta: sql`held * quantity`,
    })} from taken, (values ('receive', 1, 0), ('reserve', 0, 1)) as moves (kind, arrived, held)`);
});

const answer = {
  hash: partReservations.requestHash,
  lines: partReservations.lines,
  shortages: partReservations.shortages,
};

const insertReservation = statement((db, request: ReserveRequest, hash: string) => {
  const { effectKey, caseNumber, territory } = request;
  return rows(
    db,
    answer,
    (kept) => sql`
  with asked as (
    select * from jsonb_to_recordset(${param(request.lines)}::jsonb) as a ("partNumber" text, quantity int)
  ), offers as (
    select "partNumber", quantity, ${stock.location}, ${stock.onHand} - ${stock.reserved} as free,
      row_number() over (partition by "partNumber" order by (${stock.onHand} - ${stock.reserved} >= quantity) desc,
        (${locations.kind} = 'fieldOffice' and ${locations.territory} = ${territory}) desc,
        (${locations.kind} = 'centralStore') desc, ${stock.onHand} - ${stock.reserved} desc, ${stock.location}) as place
    from asked join ${stock} on ${stock.partNumber} = "partNumber"
      join ${locations} on ${locations.location} = ${stock.location}
  ), chosen as (
    select a.*, o.location, coalesce(o.free >= a.quantity, false) as whole,
      a.quantity - coalesce((select max(free) from offers m where m."partNumber" = a."partNumber"), 0) as missing
    from asked a left join offers o on o."partNumber" = a."partNumber" and o.place = 1
  ), answer as (
    select coalesce(bool_and(whole), true) as whole,
      coalesce(jsonb_agg(jsonb_build_object('partNumber', "partNumber", 'quantity', quantity,
        'location', location) order by "partNumber"), '[]') as lines,
      coalesce(jsonb_agg(jsonb_build_object('partNumber', "partNumber", 'quantity', missing)
        order by "partNumber") filter (where not whole), '[]') as shortages
    from chosen
  ), kept as (
    insert into ${partReservations} ${row(partReservations, {
      reservationKey: effectKey,
      requestHash: hash,
      caseNumber,
      status: sql`case when whole then 'reserved' else 'short' end`,
      lines: sql`case when whole then lines else '[]' end`,
      shortages: sql`shortages`,
    })} from answer
    on conflict (${names(partReservations.reservationKey)}) do nothing
    returning *
  ), taken as (
    ${reservedLines} from kept, jsonb_array_elements(lines) as line
  ), totals as (
    update ${stock} set ${set(stock, { reserved: sql`${stock.reserved} + quantity` })} from taken
    where ${stock.location} = taken.location and ${stock.partNumber} = taken.part_number
  ), moved as (
    insert into ${partMovements} ${row(partMovements, {
      effectKey,
      reference: effectKey,
      kind: 'reserve',
      location: sql`location`,
      partNumber: sql`part_number`,
      reservedDelta: sql`quantity`,
    })} from taken
  )
  select ${kept} from kept as ${partReservations}`,
  );
});

const keptReservation = statement((db, key: string) =>
  db.select(answer).from(partReservations).where(eq(partReservations.reservationKey, key)),
);

interface Release {
  effectKey: string;
  reservationKey: string;
}

/** Gives back what is still reserved under the key; a reserve that arrives later finds it barred (D3, I4). */
export async function release(db: Db, request: Release): Promise<void> {
  const hash = hashOf(request);
  const [done] = await retrying(() => giveBack(db, request, hash));
  if (!done) await wasDone(db, request.effectKey, hash);
}

const giveBack = statement((db, { effectKey, reservationKey }: Release, hash: string) =>
  db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    gone as (
      insert into ${partReservations} ${row(partReservations, { reservationKey, status: 'released' })} from fresh
      on conflict (${names(partReservations.reservationKey)}) do update set ${set(partReservations, { status: 'released' })}
        where ${partReservations.status} in ('reserved', 'short')
      returning ${partReservations.lines}
    ), given as (
      ${reservedLines} from gone, jsonb_array_elements(lines) as line
    ), totals as (
      update ${stock} set ${set(stock, { reserved: sql`${stock.reserved} - quantity` })} from given
      where ${stock.location} = given.location and ${stock.partNumber} = given.part_number
    ), moved as (
      insert into ${partMovements} ${row(partMovements, {
        effectKey,
        reference: reservationKey,
        kind: 'release',
        location: sql`location`,
        partNumber: sql`part_number`,
        reservedDelta: sql`-quantity`,
      })} from given
    )
    select from fresh`),
);
