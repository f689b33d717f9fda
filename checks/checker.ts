import { type SQL, sql } from 'drizzle-orm';
import type { Sql } from '../db/connect.ts';
import { drizzle } from '../db/drizzle.ts';
import { rows, statement } from '../db/statement.ts';

/** What must never be true: the invariant by its id in `docs/requirements.md`, what it is about, and what was found. */
export interface Violation {
  invariant: string;
  subject: string;
  detail: string;
}

/** Finds every violation of one invariant; an empty list when it holds. */
export type Checker = (client: Sql) => Promise<Violation[]>;

const found = { subject: sql<string>`subject::text`, detail: sql<string | null>`detail::text` };

/** A checker of one invariant: its query answers `subject` and `detail` of what breaks it. */
export function checker(invariant: string, broken: SQL): Checker {
  const violations = statement((db) =>
    rows(db, found, (answer) => sql`select ${answer} from (${broken}) broken order by 1, 2`),
  );
  return async (client) =>
    (await violations(drizzle(client))).map(({ subject, detail }) => ({
      invariant,
      subject,
      detail: detail ?? '',
    }));
}
