import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { assets, productModels, serviceContracts, warrantyTerms } from '../../db/schema.ts';
import { list, object, param, statement, value } from '../../db/statement.ts';

/** The machine of a serial number. */
export const assetOf = statement((db, serialNumber: string) =>
  assetsWhere(db, eq(assets.serialNumber, serialNumber), 1),
);

/** A customer's machines in the order of their serials: those named, or all when null. */
export const assetsOf = statement(
  (db, customerNumber: string, named: string[] | null, limit: number) =>
    assetsWhere(
      db,
      and(
        eq(assets.customerNumber, customerNumber),
        sql`(${param(named)}::text[] is null or ${assets.serialNumber} = any(${param(named)}::text[]))`,
      ),
      limit,
    ),
);

const assetsWhere = (db: Db, condition: SQL | undefined, limit: number) =>
  db
    .select({
      serialNumber: assets.serialNumber,
      productModel: assets.productModel,
      productClass: productModels.productClass,
      customerNumber: assets.customerNumber,
      territory: assets.territory,
      installedOn: assets.installedOn,
      purchasedOn: assets.purchasedOn,
      manufacturedOn: assets.manufacturedOn,
      warrantyTerm: sql<Term | null>`${value(termOf(db))}`,
      contracts: value(contractsOf(db)),
    })
    .from(assets)
    .innerJoin(productModels, eq(productModels.productModel, assets.productModel))
    .where(condition)
    .orderBy(assets.serialNumber)
    .limit(limit);

const { months, basis } = warrantyTerms;
type Term = { months: number; basis: (typeof warrantyTerms.$inferSelect)['basis'] };
const termOf = (db: Db) =>
  db
    .select({ value: object({ months, basis }) })
    .from(warrantyTerms)
    .where(eq(warrantyTerms.productModel, assets.productModel));

// Contracts for this machine, or for everything of its customer.
function contractsOf(db: Db) {
  const { contractNumber, package: what, startsOn, endsOn } = serviceContracts;
  return db
    .select({ value: list({ contractNumber, package: what, startsOn, endsOn }, contractNumber) })
    .from(serviceContracts)
    .where(
      or(
        eq(serviceContracts.serialNumber, assets.serialNumber),
        and(
          isNull(serviceContracts.serialNumber),
          eq(serviceContracts.customerNumber, assets.customerNumber),
        ),
      ),
    );
}
