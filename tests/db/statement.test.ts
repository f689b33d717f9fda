import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { codeOf } from '../../db/failures.ts';
import { caseEvents, engineers, persons } from '../../db/schema.ts';
import { object, row, rows, statement, statements } from '../../db/statement.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let client: Sql;
let db: Db;
beforeAll(async () => {
  database = await createDatabase();
  client = connect(database.url, { max: 1 });
  db = drizzle(client);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const note = statement((to, eventKey: string, at: string, detail: Record<string, unknown>) =>
  rows(
    to,
    { at: caseEvents.at, detail: caseEvents.detail, seq: caseEvents.seq },
    (line) => sql`
      insert into ${caseEvents}
        ${row(caseEvents, { eventKey, kind: 'reading', at, actorId: 'S-1', actorRole: 'system', detail })}
      returning ${line}`,
  ),
);

test('JSON and instants go and come as our client writes and reads them, and a list stays one', async () => {
  const detail = { texts: ['a', '"b"'], deep: { n: 1, none: null } };
  const [line] = await note(db, 'once', '2026-11-25T08:00:00+08:00', detail);
  expect(line).toEqual({ at: '2026-11-25T00:00:00.000Z', detail, seq: expect.any(Number) });
  const told = object({ at: caseEvents.at });
  expect(await db.select({ told }).from(caseEvents).where(eq(caseEvents.eventKey, 'once'))).toEqual(
    [{ told: { at: '2026-11-25T00:00:00.000Z' } }],
  );
  const skills = ['boiler', 'a, "b" \\ {c}'];
  await db.update(engineers).set({ skills });
  expect(await db.select({ skills: engineers.skills }).from(engineers).limit(1)).toEqual([
    { skills },
  ]);
});

test('a statement is sent prepared', async () => {
  await db.select({ name: persons.name }).from(persons).limit(1);
  const prepared = await client`select statement from pg_prepared_statements
    where statement like 'select "name" from "persons"%'`;
  expect(prepared).toHaveLength(1);
});

test("a statement fails with the database's own error, which tells no parameter", async () => {
  const detail = { contact: 'Zhang Wei' };
  await note(db, 'twice', '2026-11-25T00:00:00Z', detail);
  const error: unknown = await note(db, 'twice', '2026-11-25T00:00:00Z', detail).catch((e) => e);
  expect(codeOf(error)).toBe('23505');
  expect(String(error)).not.toContain('Zhang Wei');
});

test('each statement is known to whoever wants to prepare them all', () => {
  expect(statements).not.toHaveLength(0);
});
