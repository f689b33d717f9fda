import { getViewSelectedFields } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryFigures, exclusions, functions, triggers } from '../../db/schema.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../support/database.ts';
import {
  description,
  namesBeyond,
  neededByTables,
  statementsOfSchema,
  statementsToCome,
} from '../support/db/description.ts';

let migrated: TestDatabase;
let described: TestDatabase;
let ofMigrations: postgres.Sql;
let ofSchema: postgres.Sql;
const one = (url: string) => postgres(url, { max: 1, onnotice: () => undefined });

beforeAll(async () => {
  migrated = await createDatabase();
  described = await createEmptyDatabase();
  ofMigrations = one(migrated.url);
  ofSchema = one(described.url);
  const statements = [...(await neededByTables(ofMigrations)), ...(await statementsOfSchema())];
  for (const statement of statements) await ofSchema.unsafe(statement);
});
afterAll(async () => {
  await Promise.all([ofMigrations.end(), ofSchema.end()]);
  await Promise.all([migrated.drop(), described.drop()]);
});

test('the schema says of every table what the migrations made', async () => {
  expect(await description(ofSchema)).toEqual(await description(ofMigrations));
});

test('what the schema can only name is there under these names', async () => {
  const columns = Object.values(getViewSelectedFields(deliveryFigures));
  expect(await namesBeyond(ofMigrations)).toEqual({
    triggers,
    exclusions,
    functions,
    figures: columns.map((column) => `${column.name} ${column.getSQLType()}`),
  });
});

test('there is no migration to come: the schema is that of the latest snapshot', async () => {
  expect(await statementsToCome()).toEqual([]);
});

test.each([
  ['a column', 'alter table cases rename assignee to assigned'],
  ['a type', 'alter table quotes alter total_minor type numeric'],
  ['null', 'alter table tasks alter role drop not null'],
  ['a default', "alter table cases alter status set default 'open'"],
  ['what generates a column', 'alter table cases alter is_open drop expression'],
  ['a check', 'alter table stock drop constraint stock_not_oversold'],
  ['a key', 'alter table case_events drop constraint case_events_event_key_key'],
  ['a reference', 'alter table tasks drop constraint tasks_case_number_fkey'],
  ['the name of a constraint', 'alter table cases rename constraint cases_idempotency to once'],
  ['an index', 'drop index cases_open_due'],
  ['a sequence', 'alter sequence case_numbers increment by 2'],
  ['the name of a trigger', 'alter trigger quotes_immutable on quotes rename to quotes_fixed'],
  ['an exclusion', 'alter table appointments drop constraint one_visit_at_a_time'],
  ['a function', 'alter function phone_digits(text) rename to digits'],
])('a database in which %s is another is told from that of the schema', async (_, change) => {
  const before = [await description(ofMigrations), await namesBeyond(ofMigrations)];
  await ofMigrations.unsafe('start transaction');
  await ofMigrations.unsafe(change);
  const after = [await description(ofMigrations), await namesBeyond(ofMigrations)];
  await ofMigrations.unsafe('rollback');
  expect(after).not.toEqual(before);
});
