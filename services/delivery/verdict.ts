import type { BackOff, Outcome } from './index.ts';

/** What an attempt leaves: its status, unless its time is over, and how long until the next one. */
export function verdict(outcome: Outcome, attempt: number, { firstMs, mostMs }: BackOff) {
  const detail = 'detail' in outcome ? outcome.detail.slice(0, 200) : null;
  const doubled = Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), mostMs);
  switch (outcome.result) {
    case 'sent':
      return { status: 'sent', detail, waitMs: 0 };
    case 'refused':
      return { status: 'failed', detail, waitMs: 0 };
    case 'tryAgain':
      return { status: 'pending', detail, waitMs: outcome.afterMs ?? doubled };
    default:
      return outcome satisfies never;
  }
}
