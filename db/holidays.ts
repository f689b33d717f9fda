import type { Sql } from './connect.ts';

/** A day that is not what its weekday says. */
export interface Holiday {
  /** `YYYY-MM-DD`. */
  day: string;
  name: string;
  /** A `workday` is worked although its weekday is not. */
  kind: 'holiday' | 'workday';
}

export interface HolidayCalendar {
  territory: string;
  version: number;
  days: Holiday[];
}

export interface HolidayStore {
  /** A territory's holidays as of a version, or of the latest when undefined; null while there is no such version. */
  calendar(territory: string, version?: number): Promise<HolidayCalendar | null>;
  /** Every territory with the years that it has holidays for: a year without any is a year that nobody has entered. */
  years(): Promise<{ territory: string; years: number[] }[]>;
}

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
