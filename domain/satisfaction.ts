/** What a rating and a callback mean for the case (FLOW-CSAT, FLOW-CB, C5, C13). */
import type { Answer } from './flows/tasks.ts';
import type { Rating } from './values.ts';

/** A very satisfied, B satisfied, C dissatisfied, D very dissatisfied (R35). */
export function isSatisfied(rating: Rating | undefined): boolean {
  return rating === undefined || rating === 'A' || rating === 'B';
}

/** What a callback leads to: the case ends, service goes on, or the customer is called again. */
export type CallbackOutcome = 'settled' | 'serveAgain' | 'callAgain';

export function callbackOutcome(
  callback: Pick<Answer<'recordCallback'>, 'result' | 'fixed' | 'rating'>,
): CallbackOutcome {
  if (callback.result === 'noAnswer' || callback.result === 'postponed') return 'callAgain';
  if (callback.result === 'refused') return 'settled';
  return callback.fixed === 'fixed' && isSatisfied(callback.rating) ? 'settled' : 'serveAgain';
}
