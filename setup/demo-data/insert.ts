import type { PgTable } from 'drizzle-orm/pg-core';
import type { PgInsertValue } from 'drizzle-orm/pg-core/query-builders/insert';
import { statement } from '../../db/statement.ts';

/** The statement that puts these rows into a table; one that is there already stays as it is. */
export const insertOf = <Table extends PgTable>(table: Table, rows: PgInsertValue<Table>[]) =>
  statement((db) => db.insert(table).values(rows).onConflictDoNothing());
