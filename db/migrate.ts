import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as run } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
const lock = 4_178_212_001; // any number, but the same in every process

/** Brings the database to this build's schema, one process at a time; harmless when it already is there. */
export async function migrate(databaseUrl: string): Promise<void> {
  // A client of its own: drizzle rewires a client's dates, and the lock must sit on the only connection.
  const client = postgres(databaseUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${lock}::bigint)`;
    await run(drizzle(client), { migrationsFolder });
    await client`select pg_advisory_unlock(${lock}::bigint)`;
  } finally {
    await client.end({ timeout: 5 });
  }
}
