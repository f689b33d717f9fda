import type { Sql } from '../../db/connect.ts';
import type { HolidayCalendar, HolidayStore } from './index.ts';

/** The store of holidays by territory; versions are immutable. */
export function createHolidays(sql: Sql): HolidayStore {
  return {
    async calendar(territory, version) {
      const [found] = await sql<HolidayCalendar[]>`
        select v.territory, v.version, (select coalesce(jsonb_agg(jsonb_build_object('day', day, 'name', name,
          'kind', kind) order by day), '[]') from (
            select distinct on (day) day, name, kind from holidays h
            where h.territory = v.territory and h.version <= v.version order by day, h.version desc
          ) latest where kind <> 'ordinary') as days
        from holiday_versions v where v.territory = ${territory}
          and (${version ?? null}::int is null or v.version = ${version ?? null})
        order by v.version desc limit 1`;
      return found ?? null;
    },
    years: () => sql<{ territory: string; years: number[] }[]>`
      select territory, (select coalesce(jsonb_agg(distinct extract(year from day)::int), '[]')
        from (select distinct on (day) day, kind from holidays h where h.territory = t.territory
          order by day, version desc) latest where kind <> 'ordinary') as years
      from territories t order by territory`,
  };
}
