import type { Line } from '../delivery/index.ts';
import { outcomeOf, post, troubleOf } from '../delivery/post.ts';
import type { OutgoingMessage } from './outbox.ts';
import { phoneOf } from './phone.ts';

export interface SmsGateway {
  url: string;
  token: string | null;
  /** Calling code of numbers that are written without one. */
  phoneCountry: string;
  timeoutMs?: number;
}

/** Sends by the gateway's HTTP interface: `POST { to, text }` under an Idempotency-Key that every attempt repeats. */
export function createSmsSender(gateway: SmsGateway): Line<OutgoingMessage>['send'] {
  return async ({ address, text, effectKey }) => {
    const to = address === null ? null : phoneOf(address, gateway.phoneCountry);
    if (!to) return { result: 'refused', detail: 'no phone number' };
    try {
      return outcomeOf(
        await post({
          url: gateway.url,
          headers: {
            'idempotency-key': effectKey,
            ...(gateway.token ? { authorization: `Bearer ${gateway.token}` } : {}),
          },
          body: JSON.stringify({ to, text }),
          timeoutMs: gateway.timeoutMs ?? 15_000,
        }),
      );
    } catch (error) {
      return { result: 'tryAgain', detail: troubleOf(error) };
    }
  };
}
