import { and, asc, eq, sql } from 'drizzle-orm';
import { onCallDuties } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';
import type { OnCallRequest } from './index.ts';

/** The ladder that stands at the asked instant: who has the fault's skill first, then everybody else, each in the roster's order. */
export const onCall = statement((db, { territory, productClass, skill, at }: OnCallRequest) => {
  const { staffNumber, position, skills, period } = onCallDuties;
  const rung = sql<number>`(row_number() over (
    order by (${skill}::text is null or ${skill} = any(${skills})) desc, ${position}))::int`.as(
    'rung',
  );
  return db
    .select({ staffNumber, rung })
    .from(onCallDuties)
    .where(
      and(
        eq(onCallDuties.territory, territory),
        eq(onCallDuties.productClass, productClass),
        sql`${period} @> ${at}::timestamptz`,
      ),
    )
    .orderBy(asc(rung));
});
