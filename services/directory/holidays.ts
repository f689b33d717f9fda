import { and, desc, eq, lte, ne, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { holidays, holidayVersions, territories } from '../../db/schema.ts';
import { list, statement, value } from '../../db/statement.ts';
import type { Holiday, HolidayStore } from './index.ts';

/** The store of holidays by territory; versions are immutable. */
export function createHolidays(client: Sql): HolidayStore {
  const db = drizzle(client);
  return {
    calendar: async (territory, version) =>
      (await calendar(db, territory, version ?? null))[0] ?? null,
    years: () => years(db),
  };
}

const calendar = statement((db, territory: string, version: number | null) => {
  const upTo = lte(holidays.version, holidayVersions.version);
  const latest = latestDays(db, holidayVersions.territory, upTo);
  const days = db
    .select({
      value: list(
        { day: latest.day, name: latest.name, kind: sql<Holiday['kind']>`${latest.kind}` },
        latest.day,
      ),
    })
    .from(latest)
    .where(ne(latest.kind, 'ordinary'));
  return db
    .select({
      territory: holidayVersions.territory,
      version: holidayVersions.version,
      days: value(days),
    })
    .from(holidayVersions)
    .where(
      and(
        eq(holidayVersions.territory, territory),
        sql`(${version}::int is null or ${holidayVersions.version} = ${version})`,
      ),
    )
    .orderBy(desc(holidayVersions.version))
    .limit(1);
});

const years = statement((db) => {
  const latest = latestDays(db, territories.territory, undefined);
  const found = db
    .select({
      value: sql<
        number[]
      >`coalesce(jsonb_agg(distinct extract(year from ${latest.day})::int), '[]')`,
    })
    .from(latest)
    .where(ne(latest.kind, 'ordinary'));
  return db
    .select({ territory: territories.territory, years: value(found) })
    .from(territories)
    .orderBy(territories.territory);
});

// The latest word on each day of a territory.
const latestDays = (db: Db, territory: PgColumn, upTo: SQL | undefined) =>
  db
    .selectDistinctOn([holidays.day], {
      day: holidays.day,
      name: holidays.name,
      kind: holidays.kind,
    })
    .from(holidays)
    .where(and(eq(holidays.territory, territory), upTo))
    .orderBy(holidays.day, desc(holidays.version))
    .as('latest');
