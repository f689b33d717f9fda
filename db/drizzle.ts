import { drizzle as overProxy, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import type { Sql } from './connect.ts';

/** Drizzle's way to our own client. It knows no transaction (D1). */
export type Db = PgRemoteDatabase;

/** Drizzle over our own client, which goes on reading and writing instants and JSON as it does; every statement is sent prepared. */
export const drizzle = (sql: Sql): Db =>
  overProxy(async (text, params, method) => {
    const query = sql.unsafe(text, params, { prepare: true });
    return { rows: method === 'all' ? await query.values() : await query };
  });
