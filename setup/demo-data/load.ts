import { sql } from 'drizzle-orm';
import { connect } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import * as tables from '../../db/schema.ts';
import { names, param, row, statement } from '../../db/statement.ts';
import { paidFaultCodes, paidKits, paidParts, paidStock, tariffParts, tariffs } from './billing.ts';
import { engineerShifts, engineers, providers } from './engineers.ts';
import { holidays, holidayVersions } from './holidays.ts';
import { insertOf } from './insert.ts';
import {
  assets,
  faultCodes,
  productModels,
  serviceContracts,
  skills,
  warrantyTerms,
} from './machines.ts';
import { onCallDuties } from './on-call.ts';
import { customers, persons, staff, territories } from './people.ts';
import { policies } from './policies.ts';
import { schedules } from './schedules.ts';
import { locations, openingStock, partKits, parts } from './stock.ts';
import { storyAssets, storyReference } from './story-data.ts';

/** Something real to call about after the first start. What is there already stays as it is. */
export async function loadDemoData(databaseUrl: string): Promise<void> {
  const client = connect(databaseUrl, { max: 1 });
  const db = drizzle(client);
  try {
    for (const insert of [...reference, ...storyReference, ...machinery]) await insert(db);
    await insertStock(db);
    for (const schedule of schedules) await insertSchedule(db, schedule);
  } finally {
    await client.end({ timeout: 5 });
  }
}

const reference = [
  insertOf(tables.persons, persons),
  insertOf(tables.territories, territories),
  insertOf(tables.customers, customers),
  insertOf(tables.staff, staff),
  insertOf(tables.productModels, productModels),
  insertOf(tables.warrantyTerms, warrantyTerms),
  insertOf(tables.skills, skills),
  insertOf(tables.faultCodes, [...faultCodes, ...paidFaultCodes]),
  insertOf(tables.policies, policies),
  insertOf(tables.locations, locations),
  insertOf(tables.parts, [...parts, ...paidParts]),
  insertOf(tables.partKits, [...partKits, ...paidKits]),
  insertOf(tables.tariffs, tariffs),
  insertOf(tables.tariffParts, tariffParts),
  insertOf(tables.providers, providers),
  insertOf(tables.engineers, engineers),
  insertOf(tables.engineerShifts, engineerShifts),
  insertOf(tables.onCallDuties, onCallDuties),
  insertOf(tables.holidayVersions, holidayVersions),
  insertOf(tables.holidays, holidays),
];

const monthsAgo = (months: number, days: number) =>
  sql`(current_date - make_interval(months => ${months}))::date - ${days}::int`;
const machinery = [
  insertOf(
    tables.assets,
    [...assets, ...storyAssets].map(({ monthsOld, ...machine }) => ({
      ...machine,
      installedOn: monthsAgo(monthsOld, 0),
      purchasedOn: monthsAgo(monthsOld, 14),
      manufacturedOn: monthsAgo(monthsOld, 60),
    })),
  ),
  insertOf(
    tables.serviceContracts,
    serviceContracts.map((contract) => ({
      ...contract,
      startsOn: sql`current_date - 365`,
      endsOn: sql`current_date + 365`,
    })),
  ),
];

/** Totals and ledger by one statement: a stock row that is there already gets nothing. */
const insertStock = statement((db) => {
  const { location, partNumber, onHand } = tables.stock;
  return db.execute(sql`
    with arrived as (
      insert into ${tables.stock} (${names(location, partNumber, onHand)})
      select location, "partNumber", quantity
      from jsonb_to_recordset(${param([...openingStock, ...paidStock])}::jsonb) as o (location text, "partNumber" text, quantity int)
      on conflict do nothing returning ${location}, ${partNumber}, ${onHand}
    )
    insert into ${tables.partMovements} ${row(tables.partMovements, {
      effectKey: 'demo/opening',
      kind: 'receive',
      location: sql`location`,
      partNumber: sql`part_number`,
      onHandDelta: sql`on_hand`,
    })} from arrived where on_hand > 0`);
});

const insertSchedule = statement(
  (db, { key, customerNumber, terms }: (typeof schedules)[number]) => {
    const { flow, request, ...timing } = terms;
    return db.execute(sql`
    insert into ${tables.schedules} ${row(tables.schedules, {
      scheduleNumber: sql`schedule_number_of(nextval('schedule_numbers'))`,
      scope: 'demo',
      idempotencyKey: key,
      bodyHash: '',
      flow,
      request,
      customerNumber,
      terms: timing,
      createdBy: { id: 'system:demo', role: 'system' },
      createdAt: sql`now()`,
      changedAt: sql`now()`,
    })} where not exists (select from ${tables.schedules}
      where ${tables.schedules.scope} = 'demo' and ${tables.schedules.idempotencyKey} = ${key})`);
  },
);
