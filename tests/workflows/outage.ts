import type { ActivityDeps } from '../../activities/index.ts';
import { ServiceFailure } from '../../services/failures.ts';

/** Makes services refuse for good, effect by effect and case by case. */
export interface Outage {
  wrap: (deps: ActivityDeps) => ActivityDeps;
  /** From now on this effect is refused for that case: `parts.reserve`. */
  refuse(effect: string, caseNumber: string): void;
  heal(): void;
}

type Effect = (request: { caseNumber?: string }) => Promise<unknown>;

export function createOutage(): Outage {
  const refused = new Set<string>();
  const guard = (name: string, service: object): object =>
    Object.fromEntries(
      Object.entries(service).map(([effect, call]: [string, Effect]) => [
        effect,
        async (request: Parameters<Effect>[0]) => {
          if (refused.has(`${name}.${effect} ${request.caseNumber}`))
            throw new ServiceFailure('RequestRefused', `${name}.${effect} is refused`);
          return call.call(service, request);
        },
      ]),
    );
  return {
    wrap: (deps) =>
      Object.fromEntries(
        Object.entries(deps).map(([name, service]) => [name, guard(name, service)]),
      ) as unknown as ActivityDeps,
    refuse: (effect, caseNumber) => void refused.add(`${effect} ${caseNumber}`),
    heal: () => refused.clear(),
  };
}
