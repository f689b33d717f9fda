import type { Sql } from '../../db/connect.ts';
import { gate, json, retrying, sameRequest, wasDone } from '../../db/effects.ts';
import { codeOf, constraintOf, isContention, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { sumLines } from '../../domain/loan.ts';
import type { ReserveRequest, ReserveResult } from './index.ts';

type Lines = Extract<ReserveResult, { reserved: true }>['lines'];
interface Kept {
  status: 'reserved' | 'short' | 'released' | 'issued';
  hash: string | null;
  lines: Lines;
  shortages: Extract<ReserveResult, { reserved: false }>['shortages'];
}

// Two that take the last part at once: the total's check refuses the second, which then looks again.
const takenMeanwhile = (error: unknown): boolean =>
  isContention(error) ||
  (codeOf(error) === '23514' && constraintOf(error) === 'stock_not_oversold');

/** Reserves all lines or none, each at one location: the territory's field office, the central store, then the fullest. */
export async function reserve(sql: Sql, request: ReserveRequest): Promise<ReserveResult> {
  const asked = { ...request, lines: sumLines(request.lines) };
  const hash = hashOf(asked);
  const [fresh] = await retrying(() => insertReservation(sql, asked, hash), takenMeanwhile);
  const kept = fresh ?? (await keptReservation(sql, request.effectKey));
  if (kept?.hash === null)
    throw new ServiceFailure('ReservationGone', `${request.effectKey} was released before`);
  sameRequest(request.effectKey, kept?.hash ?? null, hash);
  if (!kept || kept.shortages.length > 0) {
    const office = await officeOf(sql, request.territory);
    return { reserved: false, shortages: kept?.shortages ?? [], office };
  }
  return { reserved: true, reservationKey: request.effectKey, lines: kept.lines };
}

/** Reserves what a partner had reserved under that key; a shortage that was said under it before is over. */
export async function takeOver(sql: Sql, request: ReserveRequest): Promise<void> {
  const asked = { ...request, lines: sumLines(request.lines) };
  const key = request.effectKey;
  const office = await officeOf(sql, request.territory);
  const lines = asked.lines.map((line) => ({ ...line, location: office }));
  await retrying(
    () => sql`
    with kept as (
      insert into part_reservations as r (reservation_key, request_hash, case_number, status, lines)
      values (${key}, ${hashOf(asked)}, ${request.caseNumber}, 'reserved', ${json(sql, lines)})
      on conflict (reservation_key) do update set status = 'reserved', lines = excluded.lines, shortages = '[]'
      where r.status = 'short'
      returning lines
    ), taken as (
      select line->>'partNumber' as part_number, (line->>'quantity')::int as quantity
      from kept, jsonb_array_elements(lines) as line
    ), totals as (
      insert into stock as s (location, part_number, on_hand, reserved)
      select ${office}, part_number, quantity, quantity from taken
      on conflict (location, part_number) do update
      set on_hand = s.on_hand + excluded.on_hand, reserved = s.reserved + excluded.reserved
    )
    insert into part_movements (effect_key, reference, kind, location, part_number, on_hand_delta, reserved_delta)
    select ${key}, ${key}, kind, ${office}, part_number, arrived * quantity, held * quantity
    from taken, (values ('receive', 1, 0), ('reserve', 0, 1)) as moves (kind, arrived, held)`,
  );
}

/** The territory's field office, or the central store where it has none. */
async function officeOf(sql: Sql, territory: string): Promise<string> {
  const [found] = await sql<{ location: string }[]>`
    select location from locations where territory = ${territory} or kind = 'centralStore'
    order by (kind = 'fieldOffice') desc, location limit 1`;
  if (!found) throw new ServiceFailure('UnknownLocation', `no store serves ${territory}`);
  return found.location;
}

const insertReservation = (sql: Sql, request: ReserveRequest, hash: string) => sql<Kept[]>`
  with asked as (
    select * from jsonb_to_recordset(${json(sql, request.lines)}::jsonb) as a ("partNumber" text, quantity int)
  ), offers as (
    select a."partNumber", a.quantity, s.location, s.on_hand - s.reserved as free,
      row_number() over (partition by a."partNumber" order by (s.on_hand - s.reserved >= a.quantity) desc,
        (l.kind = 'fieldOffice' and l.territory = ${request.territory}) desc, (l.kind = 'centralStore') desc,
        s.on_hand - s.reserved desc, s.location) as place
    from asked a join stock s on s.part_number = a."partNumber" join locations l using (location)
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
    insert into part_reservations (reservation_key, request_hash, case_number, status, lines, shortages)
    select ${request.effectKey}, ${hash}, ${request.caseNumber}, case when whole then 'reserved' else 'short' end,
      case when whole then lines else '[]' end, shortages from answer
    on conflict (reservation_key) do nothing
    returning status, request_hash as hash, lines, shortages
  ), taken as (
    select line->>'location' as location, line->>'partNumber' as part_number, (line->>'quantity')::int as quantity
    from kept, jsonb_array_elements(lines) as line
  ), totals as (
    update stock s set reserved = s.reserved + t.quantity from taken t
    where s.location = t.location and s.part_number = t.part_number
  ), moved as (
    insert into part_movements (effect_key, reference, kind, location, part_number, reserved_delta)
    select ${request.effectKey}, ${request.effectKey}, 'reserve', location, part_number, quantity from taken
  )
  select * from kept`;

async function keptReservation(sql: Sql, key: string): Promise<Kept | undefined> {
  const [kept] = await sql<Kept[]>`
    select status, request_hash as hash, lines, shortages from part_reservations where reservation_key = ${key}`;
  return kept;
}

/** Gives back what is still reserved under the key; a reserve that arrives later finds it barred (D3, I4). */
export async function release(
  sql: Sql,
  request: { effectKey: string; reservationKey: string },
): Promise<void> {
  const hash = hashOf(request);
  const [done] = await retrying(
    () => sql`
    with fresh as (${gate(sql, request.effectKey, hash)}),
    gone as (
      insert into part_reservations as r (reservation_key, status) select ${request.reservationKey}, 'released' from fresh
      on conflict (reservation_key) do update set status = 'released' where r.status in ('reserved', 'short')
      returning lines
    ), given as (
      select line->>'location' as location, line->>'partNumber' as part_number, (line->>'quantity')::int as quantity
      from gone, jsonb_array_elements(lines) as line
    ), totals as (
      update stock s set reserved = s.reserved - g.quantity from given g
      where s.location = g.location and s.part_number = g.part_number
    ), moved as (
      insert into part_movements (effect_key, reference, kind, location, part_number, reserved_delta)
      select ${request.effectKey}, ${request.reservationKey}, 'release', location, part_number, -quantity from given
    )
    select from fresh`,
  );
  if (!done) await wasDone(sql, request.effectKey, hash);
}
