import type { Client } from '@temporalio/client';
import type { Violation } from '../../../checks/index.ts';
import type { Sql } from '../../../db/connect.ts';
import type { Call } from '../walker.ts';

/** What a run leaves to be judged. */
export interface Run {
  sql: Sql;
  client: Client;
  /** Every answer that the clients of the run received. */
  calls: Call[];
}

/** What an invariant was broken by. */
export const violation = (invariant: string, subject: string, detail: string): Violation => ({
  invariant,
  subject,
  detail,
});
