import { desc, eq, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { locations } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';

/** The store that old parts of a territory go to: its field office, the central store, or any. */
export const officeFor = (territory: string): SQL => sql`
  select ${locations.location} from ${locations}
  order by (${locations.kind} = 'fieldOffice' and ${locations.territory} = ${territory}) desc nulls last,
    (${locations.kind} = 'centralStore') desc, ${locations.location} limit 1`;

/** The territory's field office, or the central store where it has none. Fails `UnknownLocation` without either. */
export async function officeOf(db: Db, territory: string): Promise<string> {
  const [found] = await officesOf(db, territory);
  if (!found) throw new ServiceFailure('UnknownLocation', `no store serves ${territory}`);
  return found.location;
}

const officesOf = statement((db, territory: string) =>
  db
    .select({ location: locations.location })
    .from(locations)
    .where(or(eq(locations.territory, territory), eq(locations.kind, 'centralStore')))
    .orderBy(desc(eq(locations.kind, 'fieldOffice')), locations.location)
    .limit(1),
);

/** Where each line of a reservation lies, out of one that has them as `lines`. */
export const reservedLines = sql`
  select line->>'location' as location, line->>'partNumber' as part_number, (line->>'quantity')::int as quantity`;
