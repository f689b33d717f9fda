/** What a supervisor diverts from a partner goes on at the built-in service (N25). */
import type { BuiltInParts } from '../services/parts/index.ts';
import { classified, type Effect } from './classified.ts';

/** A call to a service, as a case makes it. */
export interface ServiceCall {
  service: 'parts' | 'dispatch' | 'notification';
  effect: string;
  request: object;
}

export interface DivertedActivities {
  /** The same call, with the same effect key, to the built-in service. `earlier`: what the case did at the partner before, told first. */
  callBuiltIn(call: ServiceCall & { earlier: ServiceCall[] }): Promise<unknown>;
}

/** Calls the activities of the built-in services. */
export function diverted(
  services: Record<ServiceCall['service'], object>,
  takeOver: BuiltInParts['takeOver'],
): DivertedActivities {
  // what a partner set aside comes over from its stock, whatever our own holds; of what it took in, nothing else does
  const carriedOver = {
    ...services,
    parts: { ...services.parts, reserve: classified(takeOver), receive: async () => undefined },
  };
  const take = (from: typeof services, { service, effect, request }: ServiceCall) => {
    const effects: Record<string, Effect> = { ...from[service] };
    return effects[effect]?.(request as never);
  };
  return {
    async callBuiltIn({ earlier, ...call }) {
      for (const before of earlier) await take(carriedOver, before);
      return take(services, call);
    },
  };
}
