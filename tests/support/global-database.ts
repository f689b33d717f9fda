/** One PostgreSQL for the whole run, with a migrated database full of demo data to copy from. */

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { loadConfig, processEnvironment } from '../../config/index.ts';
import { migrate } from '../../db/migrate.ts';
import { loadDemoData } from '../../setup/demo-data/load.ts';
import { startPostgres } from '../../setup/postgres.ts';
import { temporaryFolder } from './temporary-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the database that `createDatabase()` copies; nobody may be connected to it. */
    templateDatabaseUrl: string;
  }
}

/** Nothing here need survive a power cut, and many small test databases are open at once. */
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '300',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { embeddedDatabase, databaseUrl } = loadConfig(processEnvironment());
  const server = embeddedDatabase || !databaseUrl ? await startOwn() : await useServer(databaseUrl);
  await migrate(server.url);
  await loadDemoData(server.url);
  project.provide('templateDatabaseUrl', server.url);
  return server.stop;
}

interface Template {
  url: string;
  stop(): Promise<void>;
}

async function startOwn(): Promise<Template> {
  const folder = temporaryFolder();
  const server = await startPostgres(folder, settings);
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

/** `DATABASE_URL` names a server: the tests make databases of their own there, and drop them. */
async function useServer(databaseUrl: string): Promise<Template> {
  const name = `afterloop_template_${randomUUID().replaceAll('-', '')}`;
  const onServer = async (statement: (sql: postgres.Sql) => PromiseLike<unknown>) => {
    const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
    await statement(sql);
    await sql.end();
  };
  await onServer((sql) => sql`create database ${sql(name)}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const stop = () => onServer((sql) => sql`drop database if exists ${sql(name)} with (force)`);
  return { url: url.href, stop };
}
