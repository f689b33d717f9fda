import type { Sql } from '../../db/connect.ts';
import { gate, json, retrying, wasDone } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { type PartLine, sumLines } from '../../domain/loan.ts';
import type { PartsEffects } from './index.ts';

type Request<Name extends 'issueSale' | 'takeBackSold' | 'receiveHandedOver'> = Parameters<
  PartsEffects[Name]
>[0];

/** Hands out what is reserved under a key, for good: it leaves the shelf and belongs to the customer. */
export async function issueSale(sql: Sql, request: Request<'issueSale'>): Promise<void> {
  const hash = hashOf(request);
  const { effectKey, reservationKey, caseNumber, terms, receivedBy } = request;
  const [issued] = await retrying(
    () => sql`
    with taken as (
      update part_reservations set status = 'issued' where reservation_key = ${reservationKey} and status = 'reserved'
      returning lines
    ), done as (
      insert into effects (effect_key, request_hash) select ${effectKey}, ${hash} from taken
    ), sale as (
      insert into part_sales (reservation_key, effect_key, case_number, terms, received_by)
      select ${reservationKey}, ${effectKey}, ${caseNumber}, ${terms}, ${receivedBy} from taken
    ), sold as (
      select line->>'location' as location, line->>'partNumber' as part_number, (line->>'quantity')::int as quantity
      from taken, jsonb_array_elements(lines) as line
    ), lines as (
      insert into part_sale_lines (reservation_key, part_number, location, issued)
      select ${reservationKey}, part_number, location, quantity from sold
    ), totals as (
      update stock s set on_hand = s.on_hand - l.quantity, reserved = s.reserved - l.quantity
      from sold l where s.location = l.location and s.part_number = l.part_number
    ), moved as (
      insert into part_movements (effect_key, reference, kind, location, part_number, on_hand_delta, reserved_delta)
      select ${effectKey}, ${reservationKey}, 'sell', location, part_number, -quantity, -quantity from sold
    )
    select from taken`,
  );
  if (!issued && !(await wasDone(sql, effectKey, hash)))
    throw new ServiceFailure('ReservationGone', `${reservationKey} is not reserved`);
}

/** Puts everything that a case was sold back on the shelves it came from, except what stays with the customer: the latest first. Of two
 *  at once the later waits, and takes back what is left. */
export async function takeBackSold(sql: Sql, request: Request<'takeBackSold'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await retrying(
    () => sql`
    with fresh as (${gate(sql, request.effectKey, hash)}),
    kept as (
      select * from jsonb_to_recordset(${json(sql, sumLines(request.kept))}::jsonb) as k ("partNumber" text, quantity int)
    ), lines_now as (
      select l.reservation_key, part_number, location, issued_at, issued - returned as quantity
      from fresh, part_sale_lines l join part_sales using (reservation_key) where case_number = ${request.caseNumber}
      for update of l
    ), held as (
      select *, sum(quantity) over (partition by part_number order by issued_at, reservation_key) as upto from lines_now
    ), back as (
      select h.reservation_key, part_number, location,
        least(h.quantity, greatest(0, upto - coalesce(k.quantity, 0)))::int as quantity
      from held h left join kept k on k."partNumber" = part_number
    ), lines as (
      update part_sale_lines l set returned = l.returned + b.quantity from back b
      where l.reservation_key = b.reservation_key and l.part_number = b.part_number and b.quantity > 0
    ), totals as (
      update stock s set on_hand = s.on_hand + b.quantity
      from (select location, part_number, sum(quantity)::int as quantity from back group by 1, 2) b
      where s.location = b.location and s.part_number = b.part_number
    ), moved as (
      insert into part_movements (effect_key, reference, kind, location, part_number, on_hand_delta)
      select ${request.effectKey}, ${request.caseNumber}, 'returnSold', location, part_number, sum(quantity)::int
      from back where quantity > 0 group by location, part_number
    )
    select from fresh`,
  );
  if (!done) await wasDone(sql, request.effectKey, hash);
}

/** Old parts that the customer does not want to keep, into the faulty-parts store of the territory's office. */
export async function receiveHandedOver(
  sql: Sql,
  request: Request<'receiveHandedOver'>,
): Promise<void> {
  const hash = hashOf(request);
  const [done] = await sql`
    with fresh as (${gate(sql, request.effectKey, hash)}),
    office as (
      select location from locations order by (kind = 'fieldOffice' and territory = ${request.territory}) desc nulls last,
        (kind = 'centralStore') desc, location limit 1
    ), kept as (
      insert into faulty_parts (effect_key, part_number, old_part_serial, disposal, location, case_number)
      select distinct ${request.effectKey}, "partNumber", serial, ${request.disposal}, location, ${request.caseNumber}
      from fresh, office,
        jsonb_to_recordset(${json(sql, request.lines)}::jsonb) as l ("partNumber" text, "oldPartSerials" jsonb),
        jsonb_array_elements_text("oldPartSerials") as serial
    )
    select from fresh`;
  if (!done) await wasDone(sql, request.effectKey, hash);
}

/** The stock issue that a bill is matched to. */
export const soldTo = (sql: Sql, caseNumber: string): Promise<PartLine[]> => sql<PartLine[]>`
  select part_number as "partNumber", sum(issued - returned)::int as quantity
  from part_sale_lines join part_sales using (reservation_key)
  where case_number = ${caseNumber} and terms <> 'rework' group by 1 having sum(issued - returned) > 0 order by 1`;
