/** One PostgreSQL for the whole run, with a migrated database full of demo data to copy from. */

import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { loadDemoData } from '../../db/demo/load.ts';
import { migrate } from '../../db/migrate.ts';
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
  const folder = temporaryFolder();
  const server = await startPostgres(folder, settings);
  await migrate(server.url);
  await loadDemoData(server.url);
  project.provide('templateDatabaseUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
