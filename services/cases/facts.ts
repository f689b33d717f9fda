/** What the door knows of a machine before it promises anything: one look at each record, in parallel. */
import type { OpenRequest } from '../../domain/plan.ts';
import { policyBody } from '../../domain/policy.ts';
import type { FieldError } from '../../domain/problems.ts';
import type { RepairFacts } from '../../domain/repair-plan.ts';
import type { WarrantyFacts } from '../../domain/warranty.ts';
import type { Asset, DirectoryStore, FaultCode } from '../directory/index.ts';
import type { PartsQuestions } from '../parts/index.ts';

export interface FactSources {
  directory: DirectoryStore;
  parts: { questions: Pick<PartsQuestions, 'kitFor'> };
}

/** What a flow's plan is made from, or what in the request names nothing we know. */
export type Gathered<Facts> = { facts: Facts } | { errors: FieldError[] };

/** The facts of a repair: the customer's own machine, a known fault, the policy of its class, the kit on record. `now` decides
 *  which contract runs. */
export async function gatherRepairFacts(
  { directory, parts }: FactSources,
  request: OpenRequest,
  now: string,
): Promise<Gathered<RepairFacts>> {
  const [asset, fault] = await Promise.all([
    directory.asset(request.serialNumber ?? ''),
    directory.faultCode(request.fault?.code ?? ''),
  ]);
  if (asset?.customerNumber !== request.customerNumber || !asset || !fault)
    return { errors: [{ pointer: '/serialNumber', detail: 'not an asset of this customer' }] };
  const [policy, kit] = await Promise.all([
    policyOf(directory, asset.productClass),
    parts.questions.kitFor(asset.productModel, fault.faultCode),
  ]);
  if (!policy) return noPolicy('/serialNumber');
  return { facts: { ...machineFacts(asset, fault, now), policy, kit } };
}

const machineFacts = (asset: Asset, fault: FaultCode, now: string) => ({
  asset: { ...asset, ...warrantyFacts(asset, now) },
  fault: { code: fault.faultCode, skill: fault.skill },
});

/** The policy in force for a class of product, or null. */
export async function policyOf(directory: Pick<DirectoryStore, 'policyFor'>, productClass: string) {
  const policy = await directory.policyFor(productClass);
  if (!policy) return null;
  return { name: policy.name, version: policy.version, body: policyBody.parse(policy.body) };
}

export const noPolicy = (pointer: string) => ({
  errors: [{ pointer, detail: 'no policy for this class of product' }],
});

/** What an asset's entitlement is judged by on that day. */
export function warrantyFacts(asset: Asset, now: string): WarrantyFacts {
  const { purchasedOn, installedOn, manufacturedOn, warrantyTerm: term } = asset;
  return { purchasedOn, installedOn, manufacturedOn, term, contract: runningContract(asset, now) };
}

/** The contract that runs longest from today; null when none has begun. */
function runningContract({ contracts }: Asset, now: string): WarrantyFacts['contract'] {
  const today = now.slice(0, 10);
  const begun = contracts.filter((one) => one.startsOn <= today);
  const last = begun.sort((a, b) => (a.endsOn < b.endsOn ? 1 : -1))[0];
  return last ? { contractNumber: last.contractNumber, validUntil: last.endsOn } : null;
}
