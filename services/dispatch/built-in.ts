import type { Fragment, Sql } from '../../db/connect.ts';
import { book, cancel, finish, reassign } from './booking.ts';
import type { DispatchService, Engineer } from './index.ts';
import { onCall } from './on-call.ts';
import { type Resource, rank } from './rank.ts';

/** The dispatch service on our own database; an exclusion constraint keeps an engineer from being booked twice (I5). */
export function createDispatch(sql: Sql): DispatchService {
  return {
    effects: {
      async rank(request) {
        const [needed] = await sql<{ certificate: string | null }[]>`
        select certificate from skills where skill = ${request.skill}`;
        const resources = await resourcesFor(sql, request.skill, request.at);
        return rank(resources, { ...request, certificate: needed?.certificate ?? null });
      },
      onCall: (request) => onCall(sql, request),
      book: (request) => book(sql, request),
      cancel: (request) => cancel(sql, request),
      reassign: (request) => reassign(sql, request),
      finish: (request) => finish(sql, request),
    },
    questions: {
      async getEngineer(engineerNumber) {
        const [engineer] = await sql<Engineer[]>`
        select ${engineerColumns(sql)} from engineers where engineer_number = ${engineerNumber}`;
        return engineer ?? null;
      },
    },
  };
}

const engineerColumns = (sql: Sql): Fragment => sql`
  engineer_number as "engineerNumber", staff_number as "staffNumber", provider, territory, skills, certificates`;

const resourcesFor = (sql: Sql, skill: string | null, at: string) => sql<Resource[]>`
  select ${engineerColumns(sql)}, time_zone as "timeZone",
    (select coalesce(jsonb_agg(jsonb_build_object('weekday', weekday, 'opens', opens, 'closes', closes)), '[]')
      from engineer_shifts s where s.engineer_number = e.engineer_number) as shifts,
    (select coalesce(jsonb_agg(jsonb_build_object('start', iso(lower(period)), 'end', iso(upper(period)))), '[]')
      from appointments a where a.engineer_number = e.engineer_number and a.status = 'booked'
        and upper(period) > ${at}::timestamptz) as busy
  from engineers e where ${skill}::text is null or ${skill} = any(skills)`;
