import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ActivityDeps } from '../../../activities/index.ts';
import type { Sql } from '../../../db/connect.ts';
import { ServiceFailure } from '../../../db/failures.ts';
import { createParts } from '../../../services/parts/built-in.ts';

/** Makes services fail, effect by effect (`parts.reserve`) and case by case. */
export interface Outage {
  wrap: (deps: ActivityDeps) => ActivityDeps;
  /** From now on refused for good, or not answered at all. */
  refuse(effect: string, caseNumber: string, how?: 'refused' | 'away'): void;
  heal(effect: string, caseNumber: string): void;
}

interface Request {
  caseNumber?: string;
  effectKey?: string;
  messages?: Request[];
}
type Effect = (request: Request) => Promise<unknown>;

/** The case that a call is about; a question that changes nothing names none, so it is about every case. */
function isAbout({ caseNumber, effectKey, messages }: Request, wanted: string): boolean {
  const named = caseNumber ?? messages?.[0]?.caseNumber ?? effectKey?.split('/')[0];
  return named === undefined || named === wanted;
}

export function createOutage(): Outage {
  const broken = new Map<string, Map<string, 'refused' | 'away'>>();
  const guarded = (name: string, call: Effect, service: object): Effect => {
    return async (request) => {
      const here = [...(broken.get(name) ?? [])].find(([wanted]) => isAbout(request, wanted));
      if (here?.[1] === 'refused') throw new ServiceFailure('RequestRefused', `${name} is refused`);
      if (here) throw new ServiceFailure('Unavailable', `${name} is away`);
      return call.call(service, request);
    };
  };
  const guard = (name: string, service: object): object =>
    Object.fromEntries(
      Object.entries(service).map(([effect, call]: [string, Effect]) => [
        effect,
        guarded(`${name}.${effect}`, call, service),
      ]),
    );
  return {
    wrap: (deps) =>
      ({
        ...Object.fromEntries(
          Object.entries(deps).map(([name, service]) => [name, guard(name, service)]),
        ),
        builtIn: deps.builtIn,
      }) as unknown as ActivityDeps,
    refuse(effect, caseNumber, how = 'refused') {
      broken.set(effect, new Map(broken.get(effect)).set(caseNumber, how));
    },
    heal: (effect, caseNumber) => void broken.get(effect)?.delete(caseNumber),
  };
}

/** Sets all of a part aside, as where the stock is kept in a partner's system only; what it gives puts it back. */
export async function emptyStores(sql: Sql, partNumber: string): Promise<() => Promise<unknown>> {
  const own = createParts(sql);
  const { stock = [] } = (await own.questions.getPart(partNumber)) ?? {};
  const asked = { caseNumber: 'C-000000', territory: 'north' };
  const keys = await Promise.all(
    stock.map(async ({ onHand, reserved }) => {
      const [effectKey, lines] = [randomUUID(), [{ partNumber, quantity: onHand - reserved }]];
      expect(await own.effects.reserve({ ...asked, effectKey, lines })).toMatchObject({
        reserved: true,
      });
      return effectKey;
    }),
  );
  const release = (reservationKey: string) =>
    own.effects.release({ effectKey: `${reservationKey}/undo`, reservationKey });
  return () => Promise.all(keys.map(release));
}
