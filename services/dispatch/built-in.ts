import { and, eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { appointments, engineerShifts, engineers, skills } from '../../db/schema.ts';
import { list, statement, value } from '../../db/statement.ts';
import { book, cancel, finish, reassign } from './booking.ts';
import type { DispatchService } from './index.ts';
import { onCall } from './on-call.ts';
import { rank } from './rank.ts';

/** The dispatch service on our own database; an exclusion constraint keeps an engineer from being booked twice (I5). */
export function createDispatch(sql: Sql): DispatchService {
  const db = drizzle(sql);
  return {
    effects: {
      async rank(request) {
        const [needed] = await certificateFor(db, request.skill);
        const resources = await resourcesFor(db, request.skill, request.at);
        return rank(resources, { ...request, certificate: needed?.certificate ?? null });
      },
      onCall: (request) => onCall(db, request),
      book: (request) => book(db, request),
      cancel: (request) => cancel(db, request),
      reassign: (request) => reassign(db, request),
      finish: (request) => finish(db, request),
    },
    questions: {
      getEngineer: async (engineerNumber) => (await getEngineer(db, engineerNumber))[0] ?? null,
    },
  };
}

const engineer = {
  engineerNumber: engineers.engineerNumber,
  staffNumber: engineers.staffNumber,
  provider: engineers.provider,
  territory: engineers.territory,
  skills: engineers.skills,
  certificates: engineers.certificates,
};

const getEngineer = statement((db, engineerNumber: string) =>
  db.select(engineer).from(engineers).where(eq(engineers.engineerNumber, engineerNumber)),
);

const certificateFor = statement((db, skill: string | null) =>
  db
    .select({ certificate: skills.certificate })
    .from(skills)
    .where(sql`${skills.skill} = ${skill}`),
);

const resourcesFor = statement((db, skill: string | null, at: string) =>
  db
    .select({
      ...engineer,
      timeZone: engineers.timeZone,
      shifts: value(shifts(db)),
      busy: value(visitsAfter(db, at)),
    })
    .from(engineers)
    .where(sql`${skill}::text is null or ${skill} = any(${engineers.skills})`),
);

const shifts = (db: Db) => {
  const { weekday, opens, closes } = engineerShifts;
  return db
    .select({ value: list({ weekday, opens, closes }, weekday) })
    .from(engineerShifts)
    .where(eq(engineerShifts.engineerNumber, engineers.engineerNumber));
};

const visitsAfter = (db: Db, at: string) => {
  const { engineerNumber, period, status } = appointments;
  const start = sql<string>`iso(lower(${period}))`;
  const end = sql<string>`iso(upper(${period}))`;
  return db
    .select({ value: list({ start, end }, period) })
    .from(appointments)
    .where(
      and(
        eq(engineerNumber, engineers.engineerNumber),
        eq(status, 'booked'),
        sql`upper(${period}) > ${at}::timestamptz`,
      ),
    );
};
