import { desc, eq, lte } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { parts, tariffParts, tariffs } from '../../db/schema.ts';
import { list, object, statement, value } from '../../db/statement.ts';

/** The latest tariff published by that day. */
export const tariffOn = statement((db, day: string) =>
  db
    .select({
      version: tariffs.version,
      publishedOn: tariffs.publishedOn,
      currency: tariffs.currency,
      visitMinor: tariffs.visitMinor,
      laborMinuteMinor: tariffs.laborMinuteMinor,
      parts: value(partsOf(db)),
    })
    .from(tariffs)
    .where(lte(tariffs.publishedOn, day))
    .orderBy(desc(tariffs.version))
    .limit(1),
);

function partsOf(db: Db) {
  const { partNumber, unitPriceMinor } = tariffParts;
  const title = object({ en: parts.titleEn, zh: parts.titleZh });
  return db
    .select({ value: list({ partNumber, title, unitPriceMinor }, partNumber) })
    .from(tariffParts)
    .innerJoin(parts, eq(parts.partNumber, partNumber))
    .where(eq(tariffParts.version, tariffs.version));
}
