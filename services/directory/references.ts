import { sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Db } from '../../db/drizzle.ts';
import {
  assets,
  cases,
  customers,
  engineers,
  faultCodes,
  locations,
  parts,
  productModels,
  providers,
  skills,
  staff,
  territories,
} from '../../db/schema.ts';
import { param, statement } from '../../db/statement.ts';
import type { ReferenceKind, References } from './index.ts';

const notIn = (column: PgColumn) =>
  statement((db, numbers: string[]) =>
    db.execute<{ number: string }>(sql`
      select number from unnest(${param(numbers)}::text[]) as number
      where not exists (select from ${column.table} where ${column} = number)`),
  );

const lookups = {
  customerNumber: notIn(customers.customerNumber),
  serialNumber: notIn(assets.serialNumber),
  partNumber: notIn(parts.partNumber),
  engineerNumber: notIn(engineers.engineerNumber),
  staffNumber: notIn(staff.staffNumber),
  faultCode: notIn(faultCodes.faultCode),
  productModel: notIn(productModels.productModel),
  caseNumber: notIn(cases.caseNumber),
  location: notIn(locations.location),
  territory: notIn(territories.territory),
  provider: notIn(providers.provider),
  skill: notIn(skills.skill),
} as const satisfies Record<ReferenceKind, ReturnType<typeof notIn>>;

/** Of the given numbers, those that nothing bears; kinds without any are left out. */
export async function unknownReferences(db: Db, references: References): Promise<References> {
  const asked = Object.entries(references).filter(([, numbers]) => numbers.length > 0) as [
    ReferenceKind,
    string[],
  ][];
  const found = await Promise.all(
    asked.map(async ([kind, numbers]) => {
      const unknown = await lookups[kind](db, numbers);
      return [kind, [...new Set(unknown.map((row) => row.number))]] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, numbers]) => numbers.length > 0));
}
