/** How each register is compared with a file and written: the parts of the one statement that is an import (`statements.ts`). */
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  assets,
  customers,
  holidays,
  holidayVersions,
  imports,
  parts,
  persons,
} from '../../db/schema.ts';
import { names, row } from '../../db/statement.ts';
import type { ImportKind } from '../../domain/imports/registers.ts';
import { engineerRegister } from './engineers.ts';
import { put, type RegisterSql, verdict } from './register-sql.ts';

const { customerNumber, kind, arrears } = customers;
const { personId, name, phone, mail, address, locale } = persons;
const person = [name, phone, mail, address, locale];

const customerRegister: RegisterSql = {
  given: {
    customerNumber,
    kind,
    name,
    territory: customers.territory,
    arrears,
    phone,
    mail,
    address,
    locale,
  },
  judged: (kept) => sql`
    select j.*, ${verdict(customerNumber, [kind, customers.territory, arrears, ...person])}
    from given g left join ${customers} on ${customerNumber} = g."customerNumber"
    left join ${persons} on ${personId} = ${customers.personId}
    cross join lateral (select g."customerNumber" as ${names(customerNumber)},
      coalesce(${personId}, 'customer:' || g."customerNumber") as ${names(personId)},
      g.kind as ${names(kind)}, g.territory as ${names(customers.territory)}, g.name as ${names(name)},
      coalesce(${kept('arrears', arrears)}, false) as ${names(arrears)},
      ${kept('phone', phone)} as ${names(phone)}, ${kept('mail', mail)} as ${names(mail)},
      ${kept('address', address)} as ${names(address)},
      coalesce(${kept('locale', locale)}, 'zh-CN') as ${names(locale)}) j`,
  written: sql`, people as (
      ${put(persons, [personId], person)}
    ), kept as (
      ${put(customers, [customerNumber], [kind, customers.personId, arrears, customers.territory])}
    )`,
};

const { serialNumber, productModel, territory, installedOn, purchasedOn, manufacturedOn } = assets;
const dates = [installedOn, purchasedOn, manufacturedOn];
const machine = [productModel, assets.customerNumber, territory, ...dates];

const assetRegister: RegisterSql = {
  given: {
    serialNumber,
    productModel,
    customerNumber: assets.customerNumber,
    territory,
    installedOn,
    purchasedOn,
    manufacturedOn,
  },
  judged: (kept) => sql`
    select j.*, ${verdict(serialNumber, machine)}
    from given g left join ${assets} on ${serialNumber} = g."serialNumber"
    cross join lateral (select g."serialNumber" as ${names(serialNumber)},
      g."productModel" as ${names(productModel)}, g."customerNumber" as ${names(assets.customerNumber)},
      g.territory as ${names(territory)}, ${kept('installedOn', installedOn)} as ${names(installedOn)},
      ${kept('purchasedOn', purchasedOn)} as ${names(purchasedOn)},
      ${kept('manufacturedOn', manufacturedOn)} as ${names(manufacturedOn)}) j`,
  written: sql`, kept as (${put(assets, [serialNumber], machine)})`,
};

const { partNumber, titleEn, titleZh, unitPriceMinor, currency } = parts;

const partRegister: RegisterSql = {
  given: { partNumber, titleEn, titleZh, unitPriceMinor, currency },
  judged: () => sql`
    select j.*, ${verdict(partNumber, [titleEn, titleZh, unitPriceMinor, currency])}
    from given g left join ${parts} on ${partNumber} = g."partNumber"
    cross join lateral (select g."partNumber" as ${names(partNumber)}, g."titleEn" as ${names(titleEn)},
      g."titleZh" as ${names(titleZh)}, g."unitPriceMinor" as ${names(unitPriceMinor)},
      g.currency as ${names(currency)}) j`,
  written: sql`, kept as (${put(parts, [partNumber], [titleEn, titleZh, unitPriceMinor, currency])})`,
};

/** The latest word on a day. */
const latest = alias(holidays, 'latest');

/** A version for each territory that the file changes; what it says of a day holds from that version on. */
const holidayRegister: RegisterSql = {
  given: {
    territory: holidays.territory,
    day: holidays.day,
    name: holidays.name,
    kind: holidays.kind,
  },
  judged: (kept) => sql`
    select j.*, ${verdict(latest.day, [latest.name, latest.kind])}
    from given g left join lateral (select * from ${holidays}
      where ${holidays.territory} = g.territory and ${holidays.day} = g.day
      order by ${holidays.version} desc limit 1) ${latest} on true
    cross join lateral (select g.territory as ${names(holidays.territory)}, g.day as ${names(holidays.day)},
      g.name as ${names(holidays.name)},
      coalesce(${kept('kind', latest.kind)}, 'holiday') as ${names(holidays.kind)}) j`,
  written: sql`, versions as (
      insert into ${holidayVersions} ${row(holidayVersions, {
        territory: sql`due.territory`,
        version: sql`1 + coalesce((select max(${holidayVersions.version}) from ${holidayVersions}
          where ${holidayVersions.territory} = due.territory), 0)`,
        importNumber: sql`min(${imports.importNumber})`,
      })} from due, logged as ${imports} group by due.territory
      returning ${holidayVersions.territory}, ${holidayVersions.version}
    ), kept as (
      insert into ${holidays} ${row(holidays, {
        territory: sql`territory`,
        day: sql`day`,
        version: sql`version`,
        name: sql`name`,
        kind: sql`kind`,
      })} from due join versions using (territory)
    )`,
};

/** Every register by its kind. */
export const registersSql: Record<ImportKind, RegisterSql> = {
  customers: customerRegister,
  assets: assetRegister,
  parts: partRegister,
  engineers: engineerRegister,
  holidays: holidayRegister,
};
