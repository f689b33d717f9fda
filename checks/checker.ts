import type { Fragment, Sql } from '../db/connect.ts';

/** What must never be true: the invariant by its id in `docs/requirements.md`, what it is about, and what was found. */
export interface Violation {
  invariant: string;
  subject: string;
  detail: string;
}

/** Finds every violation of one invariant; an empty list when it holds. */
export type Checker = (sql: Sql) => Promise<Violation[]>;

/** A checker of one invariant: its query answers `subject` and `detail` of what breaks it. */
export const checker =
  (invariant: string, broken: (sql: Sql) => Fragment): Checker =>
  async (sql) => {
    const rows = await sql<{ subject: string; detail: string | null }[]>`
      select subject::text as subject, detail::text as detail from (${broken(sql)}) broken order by 1, 2`;
    return rows.map(({ subject, detail }) => ({ invariant, subject, detail: detail ?? '' }));
  };
