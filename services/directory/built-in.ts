import { desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import {
  assets,
  customers,
  faultCodes,
  persons,
  policies,
  productModels,
  staff,
} from '../../db/schema.ts';
import { param, statement } from '../../db/statement.ts';
import type { Role } from '../../domain/case.ts';
import { assetOf, assetsOf } from './assets.ts';
import type { DirectoryStore } from './index.ts';
import { unknownReferences } from './references.ts';
import { tariffOn } from './tariff.ts';

/** The store of what we know before anybody calls. */
export function createDirectory(client: Sql): DirectoryStore {
  const db = drizzle(client);
  return {
    customer: async (number) => (await customerOf(db, number))[0] ?? null,
    asset: async (number) => (await assetOf(db, number))[0] ?? null,
    assetsOf: (customerNumber, named, limit) => assetsOf(db, customerNumber, named, limit),
    staff: async (number) => (await staffOf(db, number))[0] ?? null,
    staffInRole: (role) => staffInRole(db, role),
    policyFor: async (productClass) => (await policyFor(db, productClass))[0] ?? null,
    faultCode: async (code) => (await faultCodeOf(db, code))[0] ?? null,
    tariffOn: async (day) => (await tariffOn(db, day))[0] ?? null,
    productModel: async (model) => (await modelOf(db, model))[0] ?? null,
    notOfModel: async (model, serialNumbers) =>
      (await notOfModel(db, model, serialNumbers)).map((row) => row.number),
    unknown: (references) => unknownReferences(db, references),
  };
}

const customerOf = statement((db, number: string) =>
  db
    .select({
      customerNumber: customers.customerNumber,
      kind: customers.kind,
      arrears: customers.arrears,
      territory: customers.territory,
      contact: {
        name: persons.name,
        phone: persons.phone,
        mail: persons.mail,
        address: persons.address,
        locale: persons.locale,
      },
    })
    .from(customers)
    .innerJoin(persons, eq(persons.personId, customers.personId))
    .where(eq(customers.customerNumber, number)),
);

const staffOf = statement((db, number: string) => staffWhere(db, eq(staff.staffNumber, number)));
const staffInRole = statement((db, role: Role) => staffWhere(db, eq(staff.role, role)));

const staffWhere = (db: Db, condition: SQL) =>
  db
    .select({
      staffNumber: staff.staffNumber,
      name: sql<string>`coalesce(${persons.name}, '')`,
      role: staff.role,
      territories: staff.territories,
    })
    .from(staff)
    .innerJoin(persons, eq(persons.personId, staff.personId))
    .where(condition)
    .orderBy(staff.staffNumber);

const policyFor = statement((db, productClass: string) =>
  db
    .select({ name: policies.name, version: policies.version, body: policies.body })
    .from(policies)
    .where(eq(policies.productClass, productClass))
    .orderBy(desc(policies.version), policies.name)
    .limit(1),
);

const faultCodeOf = statement((db, code: string) =>
  db
    .select({
      faultCode: faultCodes.faultCode,
      title: { en: faultCodes.titleEn, zh: faultCodes.titleZh },
      skill: faultCodes.skill,
      productClass: faultCodes.productClass,
    })
    .from(faultCodes)
    .where(eq(faultCodes.faultCode, code)),
);

const modelOf = statement((db, model: string) =>
  db
    .select({
      productModel: productModels.productModel,
      productClass: productModels.productClass,
    })
    .from(productModels)
    .where(eq(productModels.productModel, model)),
);

const notOfModel = statement((db, model: string, serialNumbers: string[]) =>
  db.execute<{ number: string }>(sql`
    select number from unnest(${param(serialNumbers)}::text[]) as number
    where not exists (select from ${assets} where ${assets.serialNumber} = number and ${assets.productModel} = ${model})`),
);
