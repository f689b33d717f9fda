import type { CaseStarter } from './starter.ts';
import type { CaseStore } from './store.ts';

/** Starts cases whose row was written but whose workflow was not (the API died in between), and answers how many.
 *  `olderThanMs` leaves alone those that an open call is about to start. Harmless when several processes sweep at once (D5). */
export async function sweepPending(
  deps: { cases: Pick<CaseStore, 'pendingStarts' | 'markStarted'>; starter: CaseStarter },
  olderThanMs = 2_000,
): Promise<number> {
  const pending = await deps.cases.pendingStarts(olderThanMs, 50);
  for (const { caseNumber, ...opened } of pending) {
    await deps.starter.start({ caseNumber, ...opened });
    await deps.cases.markStarted(caseNumber);
  }
  return pending.length;
}
