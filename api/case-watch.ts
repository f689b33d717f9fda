/** Who waits until a case moves: one look at the database for all of them, several times a second, and none while nobody waits. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CaseStore } from '../services/cases/index.ts';

/** A reading that waits. */
export interface Watched {
  caseNumber: string;
  /** The revision that the reader knows. */
  after: number;
}

export interface CaseWatch {
  /** Comes back once the case has moved, 20 s have passed, `signal` says that nobody waits any more, or the watch is closed. */
  moved(watched: Watched, signal: AbortSignal): Promise<void>;
  /** Nobody waits any longer, from now on. */
  close(): void;
}

const lookEveryMs = 200;
/** Below the handler's own limit, and below what proxies allow. */
const longestMs = 20_000;

/** Fails nobody: while the database is away, the reading that follows says so. */
export function createCaseWatch(
  cases: Pick<CaseStore, 'revisions'>,
  patienceMs = longestMs,
): CaseWatch {
  const waiting = new Map<Watched, AbortController>();
  const closed = new AbortController();
  let looking = false;
  const look = async () => {
    const numbers = [...waiting.keys()].map(({ caseNumber }) => caseNumber);
    const found = await cases.revisions([...new Set(numbers)]);
    const revisions = new Map(found.map(({ caseNumber, revision }) => [caseNumber, revision]));
    for (const [{ caseNumber, after }, moved] of waiting)
      if ((revisions.get(caseNumber) ?? 0) > after) moved.abort();
  };
  const keepLooking = async () => {
    if (looking) return;
    looking = true;
    while (waiting.size > 0) {
      await delay(lookEveryMs);
      await look().catch(() => undefined);
    }
    looking = false;
  };
  return {
    async moved(watched, signal) {
      const moved = new AbortController();
      waiting.set(watched, moved);
      void keepLooking();
      const over = AbortSignal.any([moved.signal, signal, closed.signal]);
      await delay(patienceMs, undefined, { signal: over }).catch(() => undefined);
      waiting.delete(watched);
    },
    close: () => closed.abort(),
  };
}
