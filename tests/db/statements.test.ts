import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { statements } from '../../db/statement.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const root = join(import.meta.dirname, '../..');
const mains = ['services/partner/main.ts', 'services/partner/check.ts'];
const modules = ['checks', 'db', 'services', 'setup/demo-data'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .map((file) => join(room, file))
    .filter((file) => file.endsWith('.ts') && !file.includes('.config.') && !mains.includes(file)),
);

/** Stands for whatever a statement may be asked with: it has every property, is a list of one, and ends as a parameter. */
const anything: unknown = new Proxy(() => anything, {
  get: (_, key) => {
    if (key === Symbol.iterator) return () => [anything].values();
    if (key === Symbol.toPrimitive) return () => '1';
    if (key === 'map') return (change: (item: unknown) => unknown) => [change(anything)];
    return key === 'getSQL' || key === 'then' ? undefined : anything;
  },
});

let database: TestDatabase;
let client: postgres.Sql;
beforeAll(async () => {
  database = await createDatabase();
  client = connect(database.url);
  for (const file of modules) await import(join(root, file));
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('the database can prepare every statement', async () => {
  const [db, dialect] = [drizzle(client), new PgDialect()];
  const texts = statements.map(
    (build) => dialect.sqlToQuery(build(db, ...(Array(5).fill(anything) as never)).getSQL()).sql,
  );
  const refused = await Promise.all(
    texts.map((text) =>
      client
        .unsafe(text, [], { prepare: true })
        .describe()
        .then(
          () => [],
          (error: Error) => [`${error.message}: ${text}`],
        ),
    ),
  );
  expect(refused.flat()).toEqual([]);
});
