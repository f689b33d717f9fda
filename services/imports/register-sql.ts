/** The words that the import of a register is written with. */
import { is, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import { excluded, names } from '../../db/statement.ts';

/** The parts of a statement that are a register's own. */
export interface RegisterSql {
  /** The columns of `given`: each is of the type of the column that it is for, or of the one that stands here. */
  given: Record<string, PgColumn | SQL>;
  /** Of the rows of `given`: every column as it is to be, with `verdict` created, changed or same. */
  judged: (kept: Kept) => SQL;
  /** Further common table expressions, which write what `due` holds. */
  written: SQL;
}

/** What a column is to be: the file's (the cell itself, unless `given` says what is made of it), or what is there when the file lacks
 *  the column. */
export type Kept = (column: string, there: SQLWrapper, given?: SQL) => SQLWrapper;

/** The columns of `given`, as PostgreSQL reads them out of the file's rows. */
export const typed = (given: RegisterSql['given']): SQL =>
  commas(
    Object.entries(given).map(([name, as]) => {
      const type = is(as, PgColumn) ? sql.raw(as.getSQLType()) : as;
      return sql`${sql.identifier(name)} ${type}`;
    }),
  );

/** Compares the rows `j`, as they are to be, with what is there in these columns, and beside them; `number` is null when nothing is. */
export const verdict = (number: PgColumn, columns: PgColumn[], beside = sql`true`): SQL => sql`
  case when ${number} is null then 'created'
    when (${commas(columns.map((column) => sql`j.${names(column)}`))})
      is not distinct from (${commas(columns)}) and ${beside} then 'same'
    else 'changed' end as verdict`;

/** Puts the rows of `from` into a table, which has these columns by the same names; where one is there under its keys, the others change. */
export const put = (table: PgTable, keys: PgColumn[], others: PgColumn[], from = sql`due`): SQL => {
  const columns = names(...keys, ...others);
  return sql`
    insert into ${table} (${columns}) select ${columns} from ${from}
    on conflict (${names(...keys)}) do update
      set ${commas(others.map((column) => sql`${names(column)} = ${excluded(column)}`))}`;
};

const commas = (chunks: SQLWrapper[]): SQL => sql.join(chunks, sql`, `);
