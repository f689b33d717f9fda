import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Sql } from '../../db/connect.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await createDatabase();
  sql = connect(database.url, { max: 2 });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

test.each([
  [[]],
  [['plain', 'with space', '']],
  [['a,b', '{c}', '"d"', 'back\\slash', 'NULL', 'zwei\nZeilen', '中文']],
])('a list of texts comes back as it was sent: %j', async (list) => {
  const [row] = await sql<{ list: string[]; length: number }[]>`
    select ${list}::text[] as list, cardinality(${list}::text[]) as length`;
  expect(row).toEqual({ list, length: list.length });
});

test('sessions that are ended while they begin are refused calls at once, and no more', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const pool = connect(database.url, { max: 20 });
  const refusals = new Set<unknown>();
  for (let round = 0; round < 20 && !refusals.has('CONNECT_TIMEOUT'); round++) {
    const calls = Array.from({ length: 20 }, () =>
      pool`select 1`.catch((error) => refusals.add(error.code)),
    );
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.catch(() => undefined);
    await Promise.all(calls);
  }
  await pool.end({ timeout: 5 });
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  expect([...refusals]).not.toContain('CONNECT_TIMEOUT'); // the driver, unpatched, is silent from then on
});
