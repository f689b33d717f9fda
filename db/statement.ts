/** What statements are written with: names from the schema, values as parameters, rows of the schema's types. */

import {
  DrizzleQueryError,
  getTableColumns,
  is,
  isSQLWrapper,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm';
import { PgColumn, type PgTable, type SelectedFields } from 'drizzle-orm/pg-core';
import type { SelectResultFields } from 'drizzle-orm/query-builders/select.types';
import type { Db } from './drizzle.ts';

/** One statement of ours, not yet sent. */
export type Query<T> = PromiseLike<T> & SQLWrapper;

/** Every statement of the modules that were loaded: a test has the database prepare each, whatever it is asked with. */
export const statements: ((db: Db, ...asked: never) => SQLWrapper)[] = [];

/** A statement under its name. It fails with the database's own error: drizzle's would tell the parameters, personal data among them (D9). */
export function statement<Asked extends unknown[], T>(
  build: (db: Db, ...asked: Asked) => Query<T>,
): (db: Db, ...asked: Asked) => Promise<T> {
  statements.push(build);
  return async (db, ...asked) => {
    try {
      return await build(db, ...asked);
    } catch (error) {
      throw error instanceof DrizzleQueryError ? error.cause : error;
    }
  };
}

/** A statement of our own writing that answers with these fields: `answer` is their list, for its `returning` or last `select`. */
export const rows = <Fields extends SelectedFields>(
  db: Db,
  fields: Fields,
  write: (answer: SQL) => SQL,
) => {
  const answer = Object.entries(fields).map(
    ([key, field]) => sql`${field} as ${sql.identifier(key)}`,
  );
  return db.execute<SelectResultFields<Fields>>(write(commas(answer)));
};

type Given<Row> = { [Key in keyof Row]: Row[Key] | SQL };

/** What follows `insert into` a table: its columns and a `select` of what they are given, which may go on with `from`. */
export function row<Table extends PgTable>(
  table: Table,
  values: Given<Table['$inferInsert']>,
): SQL {
  const given = columnsGiven(table, values);
  const names = commas(given.map(({ column }) => name(column)));
  return sql`(${names}) select ${commas(given.map(({ value }) => value))}`;
}

/** What follows `set`: the columns that change. */
export const set = <Table extends PgTable>(
  table: Table,
  values: Partial<Given<Table['$inferSelect']>>,
): SQL =>
  commas(columnsGiven(table, values).map(({ column, value }) => sql`${name(column)} = ${value}`));

function columnsGiven(table: PgTable, values: object): { column: PgColumn; value: SQLWrapper }[] {
  const columns = getTableColumns(table);
  return Object.entries(values).map(([key, value]) => {
    const column = columns[key];
    if (!column) throw new Error(`no column ${key}`);
    return { column, value: isSQLWrapper(value) ? value : sql.param(value, column) };
  });
}

/** Bare names of columns: for `on conflict`, and for rows that are none of a table. */
export const names = (...columns: PgColumn[]): SQL => commas(columns.map(name));
const name = (column: PgColumn) => sql.identifier(column.name);

/** What an insert that met a row of the same key would have put into a column. */
export const excluded = (column: PgColumn): SQL => sql`excluded.${name(column)}`;

/** One parameter, though it is a list or JSON. */
export const param = (value: unknown) => sql.param(value);

/** An object of JSON; an instant in it is as on the wire. */
export const object = <Fields extends SelectedFields>(fields: Fields) =>
  sql<SelectResultFields<Fields>>`jsonb_build_object(${commas(
    Object.entries(fields).map(([key, field]) => sql`${sql.raw(`'${key}'`)}, ${onTheWire(field)}`),
  )})`;

/** A list of objects of JSON in an order; empty when there is no row. */
export const list = <Fields extends SelectedFields>(fields: Fields, ...order: SQLWrapper[]) =>
  sql<
    SelectResultFields<Fields>[]
  >`coalesce(jsonb_agg(${object(fields)} order by ${commas(order)}), '[]')`;

/** The one `value` of a select within another; it may look at the outer rows. (Drizzle strips the tables' names off columns that
 *  stand in a field's own template, so a subselect written there would compare with itself.) */
export const value = <T>(query: SQLWrapper & { _: { result: { value: T }[] } }): SQL<T> =>
  sql<T>`(${query})`;

const onTheWire = (field: SelectedFields[string]) =>
  is(field, PgColumn) && field.getSQLType() === 'timestamp with time zone'
    ? sql`iso(${field})`
    : field;

const commas = (chunks: SQLWrapper[]): SQL => sql.join(chunks, sql`, `);
