import type { Fragment, Sql } from '../../db/connect.ts';

/** The parts of a statement that are a register's own. */
export interface RegisterSql {
  /** Of the rows of `given`: every column as it is to be, with `verdict` created, changed or same. */
  judged: (sql: Sql, kept: Kept) => Fragment;
  /** Further common table expressions, which write what `due` holds. */
  written: (sql: Sql) => Fragment;
}

/** What a column is to be: the file's, or what is there when the file lacks the column. */
export type Kept = (column: string, given: Fragment, there: Fragment) => Fragment;
