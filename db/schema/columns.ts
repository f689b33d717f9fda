/** What our tables are made of: columns as our own client reads them, and keys named as PostgreSQL names them. */

import { getTableColumns, getTableName, sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  type ExtraConfigColumn,
  foreignKey,
  type PgColumn,
  primaryKey,
  unique,
} from 'drizzle-orm/pg-core';

/** An instant as ISO 8601 UTC text with `Z`, the form that the client gives. */
export const instant = customType<{ data: string }>({
  dataType: () => 'timestamp with time zone',
});

/** A day as `YYYY-MM-DD`. */
export const day = customType<{ data: string }>({ dataType: () => 'date' });

/** A span of time, as PostgreSQL writes it: `["from","to")`. */
export const period = customType<{ data: string }>({ dataType: () => 'tstzrange' });

/** JSON of the type given. The client encodes it: drizzle's own column would encode it a second time. */
export const json = <T>(name: string) => customType<{ data: T }>({ dataType: () => 'jsonb' })(name);

/** A list of texts. The client encodes it: drizzle's own array would reach it as text already. */
export const texts = customType<{ data: string[] }>({ dataType: () => 'text[]' });

/** An int8 as a number: ours stay far below 2⁵³. */
export const wholeNumber = (name: string) => bigint(name, { mode: 'number' });

type Columns = [ExtraConfigColumn, ...ExtraConfigColumn[]];
const named = ([first, ...others]: Columns, ending: string): string =>
  [getTableName(first.table), first.name, ...others.map(({ name }) => name), ending].join('_');

/** A primary key of several columns. */
export const key = (...columns: Columns) =>
  primaryKey({ columns, name: `${getTableName(columns[0].table)}_pkey` });

/** No two rows have the same in these columns. */
export const once = (...columns: Columns) => unique(named(columns, 'key')).on(...columns);

/** The column names a row of another table. */
export const references = (column: ExtraConfigColumn, target: PgColumn) =>
  foreignKey({ columns: [column], foreignColumns: [target], name: named([column], 'fkey') });

/** The column holds one of its own listed words, or nothing. */
export const oneOf = (column: ExtraConfigColumn) => {
  const own = Object.values(getTableColumns(column.table)).find(({ name }) => name === column.name);
  const words = (own?.enumValues ?? []).map((word) => `'${word}'`).join(', ');
  return check(named([column], 'check'), sql.raw(`${column.name} in (${words})`));
};
