import type { Sql } from '../db/connect.ts';
import { billingCheckers } from './billing.ts';
import { caseCheckers } from './cases.ts';
import type { Checker, Violation } from './checker.ts';
import { defectCheckers } from './defects.ts';
import { emergencyCheckers } from './emergency.ts';
import { heldCheckers } from './held.ts';
import { inspectionCheckers } from './inspection.ts';
import { messageCheckers } from './messages.ts';
import { scheduleCheckers } from './schedules.ts';

export type { Checker, Violation } from './checker.ts';

/** All invariants that the database can answer for, by their id in `docs/requirements.md`; those of a flow by a word. */
export const checkers = {
  ...heldCheckers,
  ...messageCheckers,
  ...caseCheckers,
  ...billingCheckers,
  ...emergencyCheckers,
  ...defectCheckers,
  ...inspectionCheckers,
  ...scheduleCheckers,
} as const satisfies Record<string, Checker>;

/** Runs every checker, one after another: for the end of each fault and end-to-end run. */
export async function checkAll(sql: Sql): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const check of Object.values(checkers)) found.push(...(await check(sql)));
  return found;
}
