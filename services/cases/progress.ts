import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { retrying } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import { caseCycles, cases } from '../../db/schema.ts';
import { row, statement } from '../../db/statement.ts';
import type { CaseProgress } from '../../domain/case.ts';
import { recordOfCase, recordOfChild, type StepKey } from './step.ts';

export interface ProgressStore {
  /** Claims `(case, cycle)` for a chain of runs (D5): true for its first claimant and for every repetition by the same one.
   *  False when another chain holds it, when the cycle has ended, or when the case has no row (I10, I12). */
  claimCycle(claim: Claim): Promise<boolean>;
  /** Writes one step of the read model and its timeline lines by one statement, once per effect key, never backwards in revision.
   *  Answers the revision, so that the history says how far the rows are its own. */
  record(progress: CaseProgress): Promise<number>;
}

interface Claim {
  caseNumber: string;
  cycle: number;
  firstExecutionRunId: string;
}

/** Keeps the read model as the workflows report it (I12, I13, I19). */
export function createProgressStore(client: Sql): ProgressStore {
  const db = drizzle(client);
  return {
    async claimCycle(claim) {
      await insertCycle(db, claim);
      // Read by a statement of its own: the insert's own snapshot lacks a row that it had to wait for.
      return (await cycleHeld(db, claim)).length > 0;
    },
    async record(progress) {
      await retrying(() => recordStep(db, progress));
      return progress.revision;
    },
  };
}

const insertCycle = statement((db, { caseNumber, cycle, firstExecutionRunId }: Claim) =>
  db.execute(sql`
    insert into ${caseCycles} ${row(caseCycles, {
      caseNumber: sql`${cases.caseNumber}`,
      cycle,
      firstExecutionRunId,
    })} from ${cases} where ${cases.caseNumber} = ${caseNumber}
    on conflict do nothing`),
);

const cycleHeld = statement((db, { caseNumber, cycle, firstExecutionRunId }: Claim) =>
  db
    .select({ cycle: caseCycles.cycle })
    .from(caseCycles)
    .where(
      and(
        eq(caseCycles.caseNumber, caseNumber),
        eq(caseCycles.cycle, cycle),
        eq(caseCycles.firstExecutionRunId, firstExecutionRunId),
        isNull(caseCycles.endedAt),
      ),
    ),
);

async function recordStep(db: Db, progress: CaseProgress): Promise<void> {
  const { view } = progress;
  const step = stepKey(progress);
  await (view === null
    ? recordOfChild(db, progress, step)
    : recordOfCase(db, progress, step, view));
}

/** A reset run reports the same revisions anew, and may report them differently: the key alone would lose what it says. */
function stepKey(progress: CaseProgress): StepKey {
  const { runId, ...reported } = progress;
  const hash = hashOf(reported);
  return { key: `${progress.effectKey}#${hash.slice(0, 16)}`, hash };
}
