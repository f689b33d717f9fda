/** A run of the conformance test against one partner, and what its requirements are made of. */
import { toServiceFailure } from '../../db/failures.ts';
import type { DispatchService } from '../dispatch/index.ts';
import type { PartsService } from '../parts/index.ts';
import type { PartnerAddress } from './exchange.ts';
import type { MessageGateway } from './notification-contract.ts';
import type { Operations } from './operations.ts';

/** What the partner's test system has on record; the defaults are those of the reference partner. */
export interface Facts {
  /** A part of which two are in stock at one location. */
  part: string;
  territory: string;
  engineer: string;
  otherEngineer: string;
  /** A staff number that may borrow parts. */
  staff: string;
}
export const defaultFacts: Facts = {
  part: 'HP-SEAL-230',
  territory: 'north',
  engineer: 'EN-01',
  otherEngineer: 'EN-02',
  staff: 'ST-02',
};

/** One run against one partner. */
export interface Trial {
  address: PartnerAddress;
  parts: Operations<PartsService>;
  dispatch: Operations<DispatchService>;
  notification: Operations<MessageGateway>;
  facts: Facts;
  /** A case number of this run alone. */
  caseNumber: string;
  /** An effect key that was never used. */
  key(): string;
}

/** A requirement in a sentence; `meet` throws what is wrong. */
export interface Requirement {
  name: string;
  meet(trial: Trial): Promise<void>;
}

/** A requirement that was not met, and how. */
export class Unmet extends Error {}

export function need(holds: boolean, wrong: string): asserts holds {
  if (!holds) throw new Unmet(wrong);
}

/** Needs an effect to be taken once: a repetition is answered as it was the first time, another body under its key is refused. */
export async function needOnce<Request extends { effectKey: string }>(
  call: (request: Request) => Promise<unknown>,
  request: Request,
  otherwise: object,
): Promise<void> {
  const [first, again] = [await call(request), await call(request)].map((one) =>
    JSON.stringify(one),
  );
  need(first === again, `answered with ${first}, and repeated with ${again}`);
  await needRefusal(call({ ...request, ...otherwise }), 'EffectKeyReused');
}

/** Needs the call to be refused for good under this code. */
export async function needRefusal(call: Promise<unknown>, code: string): Promise<void> {
  const got = await call.then(
    () => 'it was taken',
    (error) => toServiceFailure(error).type,
  );
  need(got === code, `expected a 4xx with code ${code}, got ${got}`);
}
