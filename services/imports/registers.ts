/** How each register is compared with a file and written: fragments of the one statement that is an import (`store.ts`). */
import type { Fragment, Sql } from '../../db/connect.ts';
import type { ImportKind } from '../../domain/imports/registers.ts';
import { engineers } from './engineers.ts';
import type { RegisterSql } from './register-sql.ts';

const verdict = (sql: Sql, isNew: Fragment, isSame: Fragment) =>
  sql`case when ${isNew} then 'created' when ${isSame} then 'same' else 'changed' end as verdict`;

const customers: RegisterSql = {
  judged: (sql, kept) => sql`
    select j.*, ${verdict(
      sql,
      sql`c.customer_number is null`,
      sql`(j.kind, j.territory, j.arrears, j.name, j.phone, j.mail, j.address, j.locale)
        is not distinct from (c.kind, c.territory, c.arrears, p.name, p.phone, p.mail, p.address, p.locale)`,
    )}
    from given g left join customers c on c.customer_number = g."customerNumber"
    left join persons p on p.person_id = c.person_id
    cross join lateral (select g."customerNumber" as number,
      coalesce(p.person_id, 'customer:' || g."customerNumber") as person_id, g.kind, g.territory, g.name,
      coalesce(${kept('arrears', sql`g.arrears`, sql`c.arrears`)}, false) as arrears,
      ${kept('phone', sql`g.phone`, sql`p.phone`)} as phone, ${kept('mail', sql`g.mail`, sql`p.mail`)} as mail,
      ${kept('address', sql`g.address`, sql`p.address`)} as address,
      coalesce(${kept('locale', sql`g.locale`, sql`p.locale`)}, 'zh-CN') as locale) j`,
  written: (sql) => sql`, people as (
      insert into persons (person_id, name, phone, mail, address, locale)
      select person_id, name, phone, mail, address, locale from due
      on conflict (person_id) do update set name = excluded.name, phone = excluded.phone, mail = excluded.mail,
        address = excluded.address, locale = excluded.locale
    ), kept as (
      insert into customers (customer_number, kind, person_id, arrears, territory)
      select number, kind, person_id, arrears, territory from due
      on conflict (customer_number) do update set kind = excluded.kind, arrears = excluded.arrears,
        territory = excluded.territory
    )`,
};

const assets: RegisterSql = {
  judged: (sql, kept) => sql`
    select j.*, ${verdict(
      sql,
      sql`a.serial_number is null`,
      sql`(j.product_model, j.customer_number, j.territory, j.installed_on, j.purchased_on, j.manufactured_on)
        is not distinct from (a.product_model, a.customer_number, a.territory, a.installed_on, a.purchased_on,
          a.manufactured_on)`,
    )}
    from given g left join assets a on a.serial_number = g."serialNumber"
    cross join lateral (select g."serialNumber" as number, g."productModel" as product_model,
      g."customerNumber" as customer_number, g.territory,
      ${kept('installedOn', sql`g."installedOn"`, sql`a.installed_on`)} as installed_on,
      ${kept('purchasedOn', sql`g."purchasedOn"`, sql`a.purchased_on`)} as purchased_on,
      ${kept('manufacturedOn', sql`g."manufacturedOn"`, sql`a.manufactured_on`)} as manufactured_on) j`,
  written: (sql) => sql`, kept as (
      insert into assets (serial_number, product_model, customer_number, territory, installed_on, purchased_on,
        manufactured_on)
      select number, product_model, customer_number, territory, installed_on, purchased_on, manufactured_on from due
      on conflict (serial_number) do update set product_model = excluded.product_model,
        customer_number = excluded.customer_number, territory = excluded.territory,
        installed_on = excluded.installed_on, purchased_on = excluded.purchased_on,
        manufactured_on = excluded.manufactured_on
    )`,
};

const parts: RegisterSql = {
  judged: (sql) => sql`
    select g."partNumber" as number, g."titleEn" as title_en, g."titleZh" as title_zh,
      g."unitPriceMinor" as unit_price_minor, g.currency, ${verdict(
        sql,
        sql`p.part_number is null`,
        sql`(g."titleEn", g."titleZh", g."unitPriceMinor", g.currency)
          is not distinct from (p.title_en, p.title_zh, p.unit_price_minor, p.currency)`,
      )}
    from given g left join parts p on p.part_number = g."partNumber"`,
  written: (sql) => sql`, kept as (
      insert into parts (part_number, title_en, title_zh, unit_price_minor, currency)
      select number, title_en, title_zh, unit_price_minor, currency from due
      on conflict (part_number) do update set title_en = excluded.title_en, title_zh = excluded.title_zh,
        unit_price_minor = excluded.unit_price_minor, currency = excluded.currency
    )`,
};

/** A version for each territory that the file changes; what it says of a day holds from that version on. */
const holidays: RegisterSql = {
  judged: (sql, kept) => sql`
    select j.*, ${verdict(
      sql,
      sql`h.day is null`,
      sql`(j.name, j.kind) is not distinct from (h.name, h.kind)`,
    )}
    from given g left join lateral (select * from holidays o
      where o.territory = g.territory and o.day = g.day order by version desc limit 1) h on true
    cross join lateral (select g.territory, g.day, g.name,
      coalesce(${kept('kind', sql`g.kind`, sql`h.kind`)}, 'holiday') as kind) j`,
  written: (sql) => sql`, versions as (
      insert into holiday_versions (territory, version, import_number)
      select territory, coalesce((select max(version) from holiday_versions v
        where v.territory = due.territory), 0) + 1, min(logged.import_number)
      from due, logged group by territory
      returning territory, version
    ), kept as (
      insert into holidays (territory, day, version, name, kind)
      select territory, day, version, name, due.kind from due join versions using (territory)
    )`,
};

export const registersSql: Record<ImportKind, RegisterSql> = {
  customers,
  assets,
  parts,
  engineers,
  holidays,
};

/** The columns of `given`, as PostgreSQL reads them out of the file's rows. */
export const givenColumns = (sql: Sql, kind: ImportKind): Fragment => columns[kind](sql);

const columns: Record<ImportKind, (sql: Sql) => Fragment> = {
  customers: (
    sql,
  ) => sql`"customerNumber" text, kind text, name text, territory text, arrears boolean, phone text,
    mail text, address text, locale text`,
  assets: (
    sql,
  ) => sql`"serialNumber" text, "productModel" text, "customerNumber" text, territory text,
    "installedOn" date, "purchasedOn" date, "manufacturedOn" date`,
  parts: (sql) =>
    sql`"partNumber" text, "titleEn" text, "titleZh" text, "unitPriceMinor" int, currency text`,
  engineers: (
    sql,
  ) => sql`"engineerNumber" text, "staffNumber" text, name text, territory text, skills jsonb,
    "timeZone" text, provider text, certificates jsonb, shifts jsonb, phone text, locale text`,
  holidays: (sql) => sql`territory text, day date, name text, kind text`,
};
