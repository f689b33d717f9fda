import { randomUUID } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { inject } from 'vitest';

/** A database of one test file's own. */
export interface TestDatabase {
  url: string;
  /** Closes nothing but its own connection to the server: end your clients first. */
  drop(): Promise<void>;
}

/** Copies the migrated database with demo data. */
export const createDatabase = (): Promise<TestDatabase> =>
  copyOf(new URL(inject('templateDatabaseUrl')).pathname.slice(1));

/** One without a table. */
export const createEmptyDatabase = (): Promise<TestDatabase> => copyOf('template0');

async function copyOf(database: string): Promise<TestDatabase> {
  const template = new URL(inject('templateDatabaseUrl'));
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(template, (sql) => sql`create database ${sql(name)} template ${sql(database)}`);
  return {
    url: withDatabase(template, name),
    drop: () => onServer(template, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

async function onServer(template: URL, work: (sql: Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(withDatabase(template, 'postgres'), { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

function withDatabase(template: URL, name: string): string {
  const url = new URL(template);
  url.pathname = `/${name}`;
  return url.href;
}
