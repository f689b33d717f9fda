import type { Fragment, Sql } from '../../db/connect.ts';
import type {
  Asset,
  Customer,
  DirectoryStore,
  FaultCode,
  PolicyRow,
  ProductModel,
  ReferenceKind,
  References,
  StaffMember,
} from './index.ts';
import { publishedTariff } from './tariff.ts';

const lookups = {
  customerNumber: { table: 'customers', column: 'customer_number' },
  serialNumber: { table: 'assets', column: 'serial_number' },
  partNumber: { table: 'parts', column: 'part_number' },
  engineerNumber: { table: 'engineers', column: 'engineer_number' },
  staffNumber: { table: 'staff', column: 'staff_number' },
  faultCode: { table: 'fault_codes', column: 'fault_code' },
  productModel: { table: 'product_models', column: 'product_model' },
  caseNumber: { table: 'cases', column: 'case_number' },
  location: { table: 'locations', column: 'location' },
  territory: { table: 'territories', column: 'territory' },
  provider: { table: 'providers', column: 'provider' },
  skill: { table: 'skills', column: 'skill' },
} as const satisfies Record<ReferenceKind, { table: string; column: string }>;
/** The store of what we know before anybody calls. */
export function createDirectory(sql: Sql): DirectoryStore {
  const staffWhere = (column: 'staff_number' | 'role', value: string) => sql<StaffMember[]>`
    select staff_number as "staffNumber", coalesce(name, '') as name, role, territories
    from staff join persons using (person_id) where ${sql(column)} = ${value} order by staff_number`;
  return {
    customer: async (number) => (await customers(sql, number))[0] ?? null,
    asset: async (number) => (await assetsWhere(sql, sql`serial_number = ${number}`))[0] ?? null,
    assetsOf: (customerNumber, named, limit) =>
      assetsWhere(
        sql,
        sql`customer_number = ${customerNumber}
          and (${named === null} or serial_number = any(${named ?? []}::text[]))
          order by serial_number limit ${limit}`,
      ),
    staff: async (number) => (await staffWhere('staff_number', number))[0] ?? null,
    staffInRole: (role) => staffWhere('role', role),
    async policyFor(productClass) {
      const [policy] = await sql<PolicyRow[]>`select name, version, body from policies
        where product_class = ${productClass} order by version desc, name limit 1`;
      return policy ?? null;
    },
    async faultCode(code) {
      const [found] = await sql<FaultCode[]>`
        select fault_code as "faultCode", jsonb_build_object('en', title_en, 'zh', title_zh) as title, skill,
          product_class as "productClass"
        from fault_codes where fault_code = ${code}`;
      return found ?? null;
    },
    tariffOn: (day) => publishedTariff(sql, day),
    async productModel(model) {
      const [found] = await sql<ProductModel[]>`select product_model as "productModel",
        product_class as "productClass" from product_models where product_model = ${model}`;
      return found ?? null;
    },
    async notOfModel(model, serialNumbers) {
      const rows = await sql<
        { number: string }[]
      >`select number from unnest(${serialNumbers}::text[]) as number
        where not exists (select from assets where serial_number = number and product_model = ${model})`;
      return rows.map((row) => row.number);
    },
    unknown: (references) => unknownReferences(sql, references),
  };
}

const customers = (sql: Sql, number: string) => sql<Customer[]>`
  select customer_number as "customerNumber", kind, arrears, territory, jsonb_build_object(
    'name', name, 'phone', phone, 'mail', mail, 'address', address, 'locale', locale) as contact
  from customers join persons using (person_id) where customer_number = ${number}`;

const assetsWhere = (sql: Sql, condition: Fragment) => sql<Asset[]>`
  select serial_number as "serialNumber", product_model as "productModel", product_class as "productClass",
    customer_number as "customerNumber", territory, installed_on as "installedOn",
    purchased_on as "purchasedOn", manufactured_on as "manufacturedOn",
    (select jsonb_build_object('months', months, 'basis', basis) from warranty_terms t
      where t.product_model = a.product_model) as "warrantyTerm",
    (select coalesce(jsonb_agg(jsonb_build_object('contractNumber', contract_number, 'package', package,
      'startsOn', starts_on, 'endsOn', ends_on) order by contract_number), '[]') from service_contracts c
      where c.serial_number = a.serial_number
        or (c.serial_number is null and c.customer_number = a.customer_number)) as contracts
  from assets a join product_models using (product_model) where ${condition}`;

async function unknownReferences(sql: Sql, references: References): Promise<References> {
  const asked = Object.entries(references).filter(([, numbers]) => numbers.length > 0) as [
    ReferenceKind,
    string[],
  ][];
  const found = await Promise.all(
    asked.map(async ([kind, numbers]) => {
      const { table, column } = lookups[kind];
      const rows = await sql<
        { number: string }[]
      >`select number from unnest(${numbers}::text[]) as number
      where not exists (select from ${sql(table)} where ${sql(column)} = number)`;
      return [kind, [...new Set(rows.map((row) => row.number))]] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, numbers]) => numbers.length > 0));
}
