/** Faults to put between the product and what it calls. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ActivityDeps } from '../../../activities/index.ts';
import type { Chance } from '../chance.ts';

type Asked = Record<string, unknown>;
/** What happens instead of a plain call: `call` does it, with the request as it should be. */
export type Around = (
  effect: string,
  request: Asked,
  call: (request: Asked) => Promise<unknown>,
) => Promise<unknown>;

/** Every method of every service and store that the activities use, with something around it. */
export function aroundAll(deps: ActivityDeps, around: Around): ActivityDeps {
  const { progress, parts, dispatch, notification, builtIn } = deps;
  const { records, billing, defects, cases, schedules } = deps;
  return {
    builtIn: {
      parts: aroundOne(builtIn.parts, around),
      dispatch: aroundOne(builtIn.dispatch, around),
      notification: aroundOne(builtIn.notification, around),
      takeOver: aroundOne({ takeOver: builtIn.takeOver }, around).takeOver,
    },
    progress: aroundOne(progress, around),
    parts: aroundOne(parts, around),
    dispatch: aroundOne(dispatch, around),
    notification: aroundOne(notification, around),
    records: aroundOne(records, around),
    billing: aroundOne(billing, around),
    defects: aroundOne(defects, around),
    cases: aroundOne(cases, around),
    schedules: aroundOne(schedules, around),
  };
}

function aroundOne<T extends object>(service: T, around: Around): T {
  return new Proxy(service, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return (request: Asked) =>
        around(name, request, (asked) => Reflect.apply(method, target, [asked]));
    },
  });
}

/** What a database client throws when the connection dies before the reply is there. */
export const connectionLost = () =>
  Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** Does the effect, and then fails with this probability: the reply is lost. Counts what it lost in `lost`. */
export const losingReplies =
  (chance: Chance, probability: number, lost: string[]): Around =>
  async (effect, request, call) => {
    const answer = await call(request);
    if (!chance.happens(probability)) return answer;
    lost.push(effect);
    throw connectionLost();
  };

/** Does each effect of these and then fails, the first time under each key. */
export const losingFirstReplies = (effects: string[]): Around => {
  const seen = new Set<string>();
  return async (effect, request, call) => {
    const answer = await call(request);
    const key = String(request.effectKey);
    if (!effects.includes(effect) || seen.has(key)) return answer;
    seen.add(key);
    throw connectionLost();
  };
};

/** A client whose connection breaks with this probability: after the answer was sent, or somewhere on the way. */
export function droppingConnections(
  chance: Chance,
  probability: number,
  dropped: string[],
): typeof fetch {
  return async (url, init) => {
    if (!chance.happens(probability)) return fetch(url, init);
    dropped.push(String(url));
    const cut = new AbortController();
    const sent = fetch(url, { ...init, signal: cut.signal });
    if (chance.happens(0.5)) await sent.then((response) => response.text());
    else await Promise.race([sent.catch(() => undefined), delay(chance.next() * 40)]);
    cut.abort();
    await sent.catch(() => undefined);
    throw connectionLost();
  };
}
