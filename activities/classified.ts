/** Failures as the engine takes them: typed, from the closed list, without personal data. */
import { ApplicationFailure } from '@temporalio/common';
import { type ServiceFailure, toServiceFailure } from '../db/failures.ts';

/** What an activity is made from. */
export type Effect = (request: never) => Promise<unknown>;

/** 4xx is permanent; 408, 429, 5xx, network and serialization failures are tried again. */
export const classified = <F extends Effect>(effect: F): F =>
  failingAs(effect, (failure) => !failure.retryable);

/** Our own books have no branch for a refusal: it is tried until it is mended, and the case waits, seen and whole. */
export const insisting = <F extends Effect>(effect: F): F => failingAs(effect, () => false);

/** All effects of a service as activities, under their own names. */
export const activitiesOf = <Effects extends object>(effects: Effects, as = classified): Effects =>
  Object.fromEntries(
    Object.entries(effects).map(([name, effect]) => [name, as(effect)]),
  ) as Effects;

function failingAs<F extends Effect>(
  effect: F,
  isPermanent: (failure: ServiceFailure) => boolean,
): F {
  return (async (request: never) => {
    try {
      return await effect(request);
    } catch (error) {
      const failure = toServiceFailure(error);
      const { type, message, retryAfterMs } = failure;
      throw ApplicationFailure.create({
        type,
        message,
        nonRetryable: isPermanent(failure),
        ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
      });
    }
  }) as F;
}
