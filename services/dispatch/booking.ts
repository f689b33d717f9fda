import { and, eq, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, isContention, ServiceFailure } from '../../db/failures.ts';
import { gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import { appointments, effects, engineers } from '../../db/schema.ts';
import { names, row, rows, set, statement, value } from '../../db/statement.ts';
import type { BookingResult, DispatchEffects } from './index.ts';

type Request<Name extends 'book' | 'cancel' | 'reassign' | 'finish'> = Parameters<
  DispatchEffects[Name]
>[0];

const { bookingKey: key, engineerNumber: engineer, period, status } = appointments;
const between = (start: string, end: string): SQL =>
  sql`tstzrange(${start}::timestamptz, ${end}::timestamptz)`;

/** Books, or says who holds the time. A refusal is not kept: the same key may be tried again. */
export async function book(db: Db, request: Request<'book'>): Promise<BookingResult> {
  const { effectKey, engineerNumber, start, end } = request;
  const hash = hashOf(request);
  return orHolder(db, { engineerNumber, start, end, bookingKey: effectKey }, async () => {
    const [fresh] = await insertVisit(db, request, hash);
    if (fresh) return { booked: true, start, end, engineerNumber, ...fresh };
    const kept = await liveAppointment(db, effectKey);
    sameRequest(effectKey, kept.hash, hash);
    return booked(kept);
  });
}

const insertVisit = statement((db, request: Request<'book'>, hash: string) => {
  const { effectKey, caseNumber, engineerNumber, start, end } = request;
  const staffNumber = db
    .select({ value: engineers.staffNumber })
    .from(engineers)
    .where(eq(engineers.engineerNumber, engineerNumber));
  return rows(
    db,
    { staffNumber: value(staffNumber) },
    (answer) => sql`
    insert into ${appointments} ${row(appointments, {
      bookingKey: effectKey,
      requestHash: hash,
      caseNumber,
      engineerNumber,
      period: between(start, end),
      status: 'booked',
    })} on conflict (${names(key)}) do nothing returning ${answer}`,
  );
});

/** Gives a visit to another engineer at the same time: one statement, so that it never belongs to nobody or to both. */
export async function reassign(db: Db, request: Request<'reassign'>): Promise<BookingResult> {
  const { effectKey, bookingKey, engineerNumber } = request;
  const hash = hashOf(request);
  const before = await liveAppointment(db, bookingKey);
  return orHolder(db, { ...before, engineerNumber, bookingKey }, async () => {
    const [done] = await giveVisit(db, request, hash);
    if (!done) await wasDone(db, effectKey, hash);
    return booked(await liveAppointment(db, bookingKey));
  });
}

const giveVisit = statement((db, request: Request<'reassign'>, hash: string) =>
  db.execute(sql`
    with fresh as (${gate(request.effectKey, hash)})
    update ${appointments} set ${set(appointments, { engineerNumber: request.engineerNumber })} from fresh
    where ${key} = ${request.bookingKey} and ${status} = 'booked' returning 1`),
);

/** Frees what is booked under the key; a booking that arrives later finds it barred (D3, I4). */
export async function cancel(db: Db, request: Request<'cancel'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await barVisit(db, request, hash);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const barVisit = statement((db, { effectKey, bookingKey }: Request<'cancel'>, hash: string) =>
  db.execute(sql`
    with fresh as (${gate(effectKey, hash)}), gone as (
      insert into ${appointments} ${row(appointments, { bookingKey, status: 'barred' })} from fresh
      on conflict (${names(key)})
        do update set ${set(appointments, { status: 'canceled' })} where ${status} = 'booked'
    )
    select from fresh`),
);

/** Ends a visit; its remaining time is free again. */
export async function finish(db: Db, request: Request<'finish'>): Promise<void> {
  const hash = hashOf(request);
  const [done] = await endVisit(db, request, hash);
  if (done || (await wasDone(db, request.effectKey, hash))) return;
  throw new ServiceFailure('BookingCanceled', `no visit is booked under ${request.bookingKey}`);
}

const endVisit = statement((db, request: Request<'finish'>, requestHash: string) => {
  const { effectKey, bookingKey, result, at } = request;
  return db.execute(sql`
    with ended as (
      update ${appointments} set ${set(appointments, { status: result, finishedAt: at })}
      where ${key} = ${bookingKey} and ${status} = 'booked' returning 1
    )
    insert into ${effects} ${row(effects, { effectKey, requestHash })} from ended returning 1`);
});

type Appointment = Awaited<ReturnType<typeof appointmentsUnder>>[number];

const booked = ({ start, end, engineerNumber, staffNumber }: Appointment): BookingResult => ({
  booked: true,
  start,
  end,
  engineerNumber,
  staffNumber,
});

/** The visit under a key, booked or done; fails `BookingCanceled` when there is none. */
async function liveAppointment(db: Db, bookingKey: string): Promise<Appointment> {
  const [kept] = await appointmentsUnder(db, bookingKey);
  if (!kept) throw new ServiceFailure('BookingCanceled', `no visit is booked under ${bookingKey}`);
  return kept;
}

const appointmentsUnder = statement((db, bookingKey: string) =>
  db
    .select({
      start: sql<string>`lower(${period})`,
      end: sql<string>`upper(${period})`,
      engineerNumber: engineers.engineerNumber,
      hash: appointments.requestHash,
      staffNumber: engineers.staffNumber,
    })
    .from(appointments)
    .innerJoin(engineers, eq(engineers.engineerNumber, engineer))
    .where(and(eq(key, bookingKey), notInArray(status, ['barred', 'canceled']))),
);

type Wanted = { engineerNumber: string; start: string; end: string; bookingKey: string };

/** Turns the database's refusal of a second visit at one time into the number of the case that holds it. */
async function orHolder(
  db: Db,
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
        const holder = isTaken(error) ? (await holders(db, wanted))[0]?.holder : undefined;
        if (!holder) throw error;
        return { booked: false, holder };
      }
    },
    (error) => isTaken(error) || isContention(error),
  ); // the holder has gone meanwhile: try again
}

const isTaken = (error: unknown): boolean => codeOf(error) === '23P01';

const holders = statement((db, { engineerNumber, start, end, bookingKey }: Wanted) =>
  db
    .select({ holder: appointments.caseNumber })
    .from(appointments)
    .where(
      and(
        eq(engineer, engineerNumber),
        eq(status, 'booked'),
        ne(key, bookingKey),
        sql`${period} && ${between(start, end)}`,
      ),
    )
    .orderBy(sql`lower(${period})`)
    .limit(1),
);
