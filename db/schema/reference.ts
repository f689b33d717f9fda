import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { Role } from '../../domain/case.ts';
import { day, json, key, oneOf, references, texts } from './columns.ts';

export const persons = pgTable(
  'persons',
  {
    personId: text('person_id').primaryKey(),
    name: text('name'),
    phone: text('phone'),
    mail: text('mail'),
    address: text('address'),
    locale: text('locale', { enum: ['zh-CN', 'en'] })
      .default('zh-CN')
      .notNull(),
  },
  (t) => [
    oneOf(t.locale),
    index('persons_mail').on(sql`lower(mail)`),
    index('persons_phone').on(sql`phone_digits(phone)`),
  ],
);

export const territories = pgTable('territories', {
  territory: text('territory').primaryKey(),
  titleEn: text('title_en').notNull(),
  titleZh: text('title_zh').notNull(),
  timeZone: text('time_zone').notNull(),
});

export const customers = pgTable(
  'customers',
  {
    customerNumber: text('customer_number').primaryKey(),
    kind: text('kind', { enum: ['enterprise', 'individual'] }).notNull(),
    personId: text('person_id').notNull(),
    arrears: boolean('arrears').default(false).notNull(),
    territory: text('territory').notNull(),
  },
  (t) => [
    references(t.personId, persons.personId),
    references(t.territory, territories.territory),
    oneOf(t.kind),
  ],
);

export const staff = pgTable(
  'staff',
  {
    staffNumber: text('staff_number').primaryKey(),
    personId: text('person_id').notNull(),
    role: text('role').$type<Role>().notNull(),
    territories: texts('territories').notNull(),
  },
  (t) => [references(t.personId, persons.personId), index('staff_role').on(t.role, t.staffNumber)],
);

export const productModels = pgTable('product_models', {
  productModel: text('product_model').primaryKey(),
  productClass: text('product_class').notNull(),
  titleEn: text('title_en').notNull(),
  titleZh: text('title_zh').notNull(),
});

export const warrantyTerms = pgTable(
  'warranty_terms',
  {
    productModel: text('product_model').primaryKey(),
    months: integer('months').notNull(),
    basis: text('basis', { enum: ['installed', 'purchased', 'manufactured'] }).notNull(),
  },
  (t) => [
    references(t.productModel, productModels.productModel),
    check('warranty_terms_months_check', sql`months > 0`),
    oneOf(t.basis),
  ],
);

export const assets = pgTable(
  'assets',
  {
    serialNumber: text('serial_number').primaryKey(),
    productModel: text('product_model').notNull(),
    customerNumber: text('customer_number').notNull(),
    territory: text('territory').notNull(),
    installedOn: day('installed_on'),
    purchasedOn: day('purchased_on'),
    manufacturedOn: day('manufactured_on'),
  },
  (t) => [
    references(t.productModel, productModels.productModel),
    references(t.customerNumber, customers.customerNumber),
    references(t.territory, territories.territory),
    index('assets_customer').on(t.customerNumber),
  ],
);

export const serviceContracts = pgTable(
  'service_contracts',
  {
    contractNumber: text('contract_number').primaryKey(),
    customerNumber: text('customer_number').notNull(),
    serialNumber: text('serial_number'),
    package: text('package').notNull(),
    startsOn: day('starts_on').notNull(),
    endsOn: day('ends_on').notNull(),
  },
  (t) => [
    references(t.customerNumber, customers.customerNumber),
    references(t.serialNumber, assets.serialNumber),
  ],
);

export const skills = pgTable('skills', {
  skill: text('skill').primaryKey(),
  certificate: text('certificate'),
});

export const faultCodes = pgTable(
  'fault_codes',
  {
    faultCode: text('fault_code').primaryKey(),
    titleEn: text('title_en').notNull(),
    titleZh: text('title_zh').notNull(),
    skill: text('skill'),
    productClass: text('product_class').notNull(),
  },
  (t) => [references(t.skill, skills.skill)],
);

export const policies = pgTable(
  'policies',
  {
    name: text('name').notNull(),
    version: integer('version').notNull(),
    productClass: text('product_class').notNull(),
    body: json<unknown>('body').notNull(),
  },
  (t) => [key(t.name, t.version), check('policies_version_check', sql`version > 0`)],
);
