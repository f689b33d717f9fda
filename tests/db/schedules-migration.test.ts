import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import { inspectionOf } from '../../domain/inspection-plan.ts';
import { createScheduleStore } from '../../services/schedules/schedule-rows.ts';
import { createEmptyDatabase } from '../support/database.ts';

const folder = new URL('../../db/migrations/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort();
const change = files.findIndex((name) => name.endsWith('_schedules.sql'));

const terms = {
  customerNumber: 'CU-1003',
  phase: 'middle',
  serialNumbers: null,
  calendar: null,
  interval: { every: 'P7D' },
  timeZone: 'UTC',
  overlap: 'skip',
  catchUpWindow: 'P28D',
  dueWithin: 'P21D',
  severity: 'low',
};
const nominalAt = '2026-11-02T01:00:00.000Z';

test('an inspection plan of before becomes a schedule: its number, its terms, and the rounds that it opened', async () => {
  const database = await createEmptyDatabase();
  const one = postgres(database.url, { max: 1, onnotice: () => undefined });
  const sql = connect(database.url);
  const migrate = async (names: string[]) => {
    for (const name of names) await one.unsafe(readFileSync(new URL(name, folder), 'utf8'));
  };
  try {
    await migrate(files.slice(0, change));
    await insertOld(one);
    await migrate(files.slice(change));

    const store = createScheduleStore(sql);
    const row = await store.get('IP-0001');
    expect(row).toMatchObject({
      version: 3,
      syncedVersion: 0,
      terms: { flow: 'scheduledInspection' },
    });
    const { flow: _, request: __, ...timing } = row?.terms ?? {};
    const { calendar, interval, timeZone, overlap, catchUpWindow } = terms;
    expect(timing).toEqual({ calendar, interval, timeZone, overlap, catchUpWindow });
    expect(row && inspectionOf(row.terms)).toEqual(terms);
    expect(await store.unsynced(10)).toMatchObject([{ scheduleNumber: 'IP-0001' }]);
    expect(await store.occurrences('IP-0001', 10)).toMatchObject([
      { nominalAt, result: 'opened', caseNumber: 'C-000001' },
    ]);
    expect(await store.caseUnder('schedules', `IP-0001/${nominalAt}`)).toBe('C-000001');
    expect(await sql`select plan from cases`).toEqual([
      { plan: { occurrence: { scheduleNumber: 'IP-0001', nominalAt, overlap: 'skip' } } },
    ]);
    expect(await sql`select schedule_number_of(nextval('schedule_numbers')) as next`).toEqual([
      { next: 'SC-0002' },
    ]);
  } finally {
    await Promise.all([one.end(), sql.end()]);
    await database.drop();
  }
});

async function insertOld(one: postgres.Sql): Promise<void> {
  const by = { id: 'ST-05', role: 'supervisor' };
  const occurrence = { planNumber: 'IP-0001', nominalAt, overlap: 'skip' };
  await one`insert into persons (person_id) values ('p')`;
  await one`
    insert into territories (territory, title_en, title_zh, time_zone) values ('south', 'South', '南', 'Asia/Shanghai')`;
  await one`
    insert into customers (customer_number, kind, person_id, territory) values ('CU-1003', 'enterprise', 'p', 'south')`;
  await one`
    insert into inspection_plans (plan_number, scope, idempotency_key, body_hash, customer_number, terms, version,
      synced_version, created_by, created_at, changed_at)
    values (inspection_plan_number_of(nextval('inspection_plan_numbers')), 'plans/ST-05', 'k', '', 'CU-1003',
      ${one.json(terms)}, 3, 3, ${one.json(by)}, now(), now())`;
  await one`
    insert into cases (case_number, seq, scope, idempotency_key, body_hash, flow, plan, view, severity, opened_by, opened_at)
    values ('C-000001', 1, 'plans', ${`IP-0001/${nominalAt}`}, '', 'scheduledInspection', ${one.json({ occurrence })},
      '{}', 'low', ${one.json(by)}, now())`;
  await one`
    insert into inspection_occurrences (plan_number, nominal_at, result, case_number)
    values ('IP-0001', ${nominalAt}, 'opened', 'C-000001')`;
}
