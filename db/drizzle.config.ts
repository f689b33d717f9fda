import { defineConfig } from 'drizzle-kit';

/** How `npm run migrate:generate` writes a migration: the schema against the latest snapshot, without a database. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema.ts',
  out: './db/migrations',
  breakpoints: false,
});
