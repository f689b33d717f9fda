/** Counts calls by minute and caller. Processes tell each other once a second, through the database, of whoever calls often. */
import { hashOf } from '../../db/hash.ts';
import type { CallerStore } from '../../services/callers/index.ts';

export interface CallCounter {
  /** Counts one call. Answers the caller's calls in this minute, and the milliseconds that are left of it. */
  count(caller: string, allowed: number): { current: number; ttl: number };
  /** Tells nobody any more. */
  close(): void;
}

interface Count {
  /** What all processes had counted when we last heard. */
  known: number;
  /** Ours since then. */
  untold: number;
  /** Fewer calls than that are not worth telling. */
  worthTelling: number;
}

const minuteMs = 60_000;

/** `now` answers ISO 8601. While the database is away each process counts alone. */
export function createCallCounter(
  store: CallerStore,
  now: () => string,
  tellEveryMs = 1_000,
): CallCounter {
  const counts = new Map<string, Count>();
  let minute = 0;
  let telling: NodeJS.Timeout | undefined;
  const tell = async () => {
    telling = undefined;
    const often = [...counts].filter(([, one]) => one.known + one.untold >= one.worthTelling);
    const made = new Map(
      often.map(([caller, count]) => [hashOf(caller), { count, calls: count.untold }]),
    );
    const asked = [...made].map(([caller, { calls }]) => ({ caller, calls }));
    const totals = asked.length > 0 ? await store.addCalls(minute, asked).catch(() => []) : [];
    for (const { caller, calls } of totals) {
      const own = made.get(caller);
      if (own) Object.assign(own.count, { known: calls, untold: own.count.untold - own.calls });
    }
  };
  return {
    count(caller, allowed) {
      const at = Date.parse(now());
      if (minute !== Math.floor(at / minuteMs)) counts.clear();
      minute = Math.floor(at / minuteMs);
      const count = counts.get(caller) ?? { known: 0, untold: 0, worthTelling: allowed / 100 };
      counts.set(caller, count);
      count.untold += 1;
      telling ??= setTimeout(tell, tellEveryMs).unref();
      return { current: count.known + count.untold, ttl: minuteMs - (at % minuteMs) };
    },
    close: () => clearTimeout(telling),
  };
}
