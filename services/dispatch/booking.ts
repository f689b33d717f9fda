import type { Sql } from '../../db/connect.ts';
import { gate, retrying, sameRequest, wasDone } from '../../db/effects.ts';
import { codeOf, constraintOf, isContention, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import type { BookingResult, DispatchEffects } from './index.ts';

type Request<Name extends 'book' | 'cancel' | 'reassign' | 'finish'> = Parameters<
  DispatchEffects[Name]
>[0];

interface Appointment {
  start: string;
  end: string;
  engineerNumber: string;
  staffNumber: string;
  status: string;
  hash: string | null;
}

/** Books, or says who holds the time. A refusal is not kept: the same key may be tried again. */
export async function book(sql: Sql, request: Request<'book'>): Promise<BookingResult> {
  const { effectKey, engineerNumber, start, end } = request;
  const hash = hashOf(request);
  return orHolder(sql, { engineerNumber, start, end, bookingKey: effectKey }, async () => {
    const [fresh] = await sql<{ staffNumber: string }[]>`
      insert into appointments (booking_key, request_hash, case_number, engineer_number, period, status)
      values (${effectKey}, ${hash}, ${request.caseNumber}, ${engineerNumber},
        tstzrange(${start}::timestamptz, ${end}::timestamptz), 'booked')
      on conflict (booking_key) do nothing returning (
        select staff_number from engineers where engineer_number = ${engineerNumber}) as "staffNumber"`;
    if (fresh) return { booked: true, start, end, engineerNumber, ...fresh };
    const kept = await liveAppointment(sql, effectKey);
    sameRequest(effectKey, kept.hash, hash);
    return booked(kept);
  });
}

/** Gives a visit to another engineer at the same time: one statement, so that it never belongs to nobody or to both. */
export async function reassign(sql: Sql, request: Request<'reassign'>): Promise<BookingResult> {
  const { effectKey, bookingKey, engineerNumber } = request;
  const hash = hashOf(request);
  const before = await liveAppointment(sql, bookingKey);
  return orHolder(sql, { ...before, engineerNumber, bookingKey }, async () => {
    const [done] = await sql`
      with fresh as (${gate(sql, effectKey, hash)})
      update appointments set engineer_number = ${engineerNumber} from fresh
      where booking_key = ${bookingKey} and status = 'booked' returning 1`;
    if (!done) await wasDone(sql, effectKey, hash);
    return booked(await liveAppointment(sql, bookingKey));
  });
}

/** Frees what is booked under the key; a booking that arrives later finds it barred (D3, I4). */
export async function cancel(sql: Sql, request: Request<'cancel'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await sql`
    with fresh as (${gate(sql, request.effectKey, hash)}), gone as (
      insert into appointments as a (booking_key, status) select ${request.bookingKey}, 'barred' from fresh
      on conflict (booking_key) do update set status = 'canceled' where a.status = 'booked'
    )
    select from fresh`;
  if (!done) await wasDone(sql, request.effectKey, hash);
}

/** Ends a visit; its remaining time is free again. */
export async function finish(sql: Sql, request: Request<'finish'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await sql`
    with ended as (
      update appointments set status = ${request.result}, finished_at = ${request.at}
      where booking_key = ${request.bookingKey} and status = 'booked' returning 1
    )
    insert into effects (effect_key, request_hash) select ${request.effectKey}, ${hash} from ended returning 1`;
  if (done || (await wasDone(sql, request.effectKey, hash))) return;
  throw new ServiceFailure('BookingCanceled', `no visit is booked under ${request.bookingKey}`);
}

const booked = ({ start, end, engineerNumber, staffNumber }: Appointment): BookingResult => ({
  booked: true,
  start,
  end,
  engineerNumber,
  staffNumber,
});

/** The visit under a key, booked or done; fails `BookingCanceled` when there is none. */
async function liveAppointment(sql: Sql, bookingKey: string): Promise<Appointment> {
  const [kept] = await sql<Appointment[]>`
    select lower(period) as start, upper(period) as end, engineer_number as "engineerNumber", status,
      request_hash as hash, staff_number as "staffNumber"
    from appointments join engineers using (engineer_number) where booking_key = ${bookingKey} and status not in ('barred', 'canceled')`;
  if (!kept) throw new ServiceFailure('BookingCanceled', `no visit is booked under ${bookingKey}`);
  return kept;
}

type Wanted = { engineerNumber: string; start: string; end: string; bookingKey: string };

/** Turns the database's refusal of a second visit at one time into the number of the case that holds it. */
async function orHolder(
  sql: Sql,
  wanted: Wanted,
  take: () => Promise<BookingResult>,
): Promise<BookingResult> {
  return retrying(
    async () => {
      try {
        return await take();
      } catch (error) {
        if (constraintOf(error) === 'appointments_engineer_number_fkey') {
          throw new ServiceFailure('UnknownEngineer', `no engineer ${wanted.engineerNumber}`);
        }
        const holder = isTaken(error) ? await holderOf(sql, wanted) : undefined;
        if (holder === undefined) throw error;
        return { booked: false, holder };
      }
    },
    (error) => isTaken(error) || isContention(error),
  ); // the holder has gone meanwhile: try again
}

const isTaken = (error: unknown): boolean => codeOf(error) === '23P01';

async function holderOf(
  sql: Sql,
  { engineerNumber, start, end, bookingKey }: Wanted,
): Promise<string | undefined> {
  const [found] = await sql<{ holder: string }[]>`
    select case_number as holder from appointments where engineer_number = ${engineerNumber} and status = 'booked'
      and booking_key <> ${bookingKey} and period && tstzrange(${start}::timestamptz, ${end}::timestamptz)
    order by lower(period) limit 1`;
  return found?.holder;
}
