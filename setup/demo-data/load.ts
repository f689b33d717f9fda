import { connect, type Sql } from '../../db/connect.ts';
import { json } from '../../db/effects.ts';
import { paidFaultCodes, paidKits, paidParts, paidStock, tariffParts, tariffs } from './billing.ts';
import { engineerShifts, engineers, providers } from './engineers.ts';
import { holidays, holidayVersions } from './holidays.ts';
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
  const sql = connect(databaseUrl, { max: 1 });
  try {
    await loadReference(sql);
    await loadAssets(sql);
    await loadStock(sql);
    await loadSchedules(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function loadReference(sql: Sql): Promise<void> {
  const tables: [string, Record<string, unknown>[]][] = [
    ['persons', persons],
    ['territories', territories],
    ['customers', customers],
    ['staff', staff],
    ['product_models', productModels],
    ['warranty_terms', warrantyTerms],
    ['skills', skills],
    ['fault_codes', faultCodes],
    ['fault_codes', paidFaultCodes],
    ['policies', policies],
    ['locations', locations],
    ['parts', parts],
    ['parts', paidParts],
    ['part_kits', partKits],
    ['part_kits', paidKits],
    ['tariffs', tariffs],
    ['tariff_parts', tariffParts],
    ['providers', providers],
    ['engineers', engineers],
    ['engineer_shifts', engineerShifts],
    ['on_call_duties', onCallDuties],
    ['holiday_versions', holidayVersions],
    ['holidays', holidays],
    ...storyReference,
  ];
  for (const [table, rows] of tables) {
    await sql`insert into ${sql(table)}
      select * from jsonb_populate_recordset(null::${sql(table)}, ${json(sql, rows)}) on conflict do nothing`;
  }
}

async function loadAssets(sql: Sql): Promise<void> {
  await sql`
    insert into assets (serial_number, product_model, customer_number, territory, installed_on, purchased_on, manufactured_on)
    select serial_number, product_model, customer_number, territory, day, day - 14, day - 60
    from (select *, (current_date - make_interval(months => "monthsOld"))::date as day
      from jsonb_to_recordset(${json(sql, [...assets, ...storyAssets])}::jsonb) as a (serial_number text, product_model text,
        customer_number text, territory text, "monthsOld" int)) aged
    on conflict do nothing`;
  await sql`
    insert into service_contracts (contract_number, customer_number, serial_number, package, starts_on, ends_on)
    select contract_number, customer_number, serial_number, package, current_date - 365, current_date + 365
    from jsonb_to_recordset(${json(sql, serviceContracts)}::jsonb) as c (contract_number text, customer_number text,
      serial_number text, package text)
    on conflict do nothing`;
}

/** Totals and ledger by one statement: a stock row that is there already gets nothing. */
async function loadStock(sql: Sql): Promise<void> {
  await sql`
    with arrived as (
      insert into stock (location, part_number, on_hand)
      select location, part_number, quantity
      from jsonb_to_recordset(${json(sql, [...openingStock, ...paidStock])}::jsonb) as o (location text, part_number text, quantity int)
      on conflict do nothing returning location, part_number, on_hand
    )
    insert into part_movements (effect_key, kind, location, part_number, on_hand_delta)
    select 'demo/opening', 'receive', location, part_number, on_hand from arrived where on_hand > 0`;
}

async function loadSchedules(sql: Sql): Promise<void> {
  for (const { key, terms } of schedules) {
    const { flow, request, ...timing } = terms;
    await sql`
      insert into schedules (schedule_number, scope, idempotency_key, body_hash, flow, request, customer_number,
        terms, created_by, created_at, changed_at)
      select schedule_number_of(nextval('schedule_numbers')), 'demo', ${key}, '', ${flow}, ${json(sql, request)},
        ${json(sql, request)}::jsonb->>'customerNumber', ${json(sql, timing)},
        ${json(sql, { id: 'system:demo', role: 'system' })}, now(), now()
      where not exists (select from schedules where scope = 'demo' and idempotency_key = ${key})`;
  }
}
