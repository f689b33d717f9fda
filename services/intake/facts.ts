/** What the door knows before it promises anything: one look at each record, in parallel. */
import type { Asset, DirectoryStore } from '../../db/index.ts';
import type { FlowDefinition } from '../../domain/catalogue.ts';
import type { OpenRequest } from '../../domain/contracts.ts';
import { referencesIn } from '../../domain/fields.ts';
import type { Facts } from '../../domain/plan.ts';
import { policyBody } from '../../domain/policy.ts';
import type { WarrantyFacts } from '../../domain/warranty.ts';
import type { PartsService } from '../parts/index.ts';
import { unknownFields } from './references.ts';

export interface FactSources {
  directory: DirectoryStore;
  parts: Pick<PartsService, 'kitFor'>;
}

type FieldError = { pointer: string; detail: string };

/** The facts a plan is made from, or what in the request names nothing we know. `now` decides which contract runs. */
export async function gatherFacts(
  { directory, parts }: FactSources,
  flow: FlowDefinition,
  request: OpenRequest,
  now: string,
): Promise<{ facts: Omit<Facts, 'override'> } | { errors: FieldError[] }> {
  const [asset, fault] = await Promise.all([
    directory.asset(request.serialNumber),
    directory.faultCode(request.fault.code),
  ]);
  // an asset of this customer and a known fault leave nothing else to look up
  if (asset?.customerNumber !== request.customerNumber || !fault) {
    const errors = await unknownFields(directory, referencesIn(flow.input, request));
    const foreign = { pointer: '/serialNumber', detail: 'not an asset of this customer' };
    return { errors: errors.length > 0 ? errors : [foreign] };
  }
  const [policy, kit] = await Promise.all([
    directory.policyFor(asset.productClass),
    parts.kitFor(asset.productModel, fault.faultCode),
  ]);
  if (!policy)
    return {
      errors: [{ pointer: '/serialNumber', detail: 'no policy for this class of product' }],
    };
  return {
    facts: {
      asset: { ...asset, ...warrantyFacts(asset, now) },
      fault: { code: fault.faultCode, skill: fault.skill },
      policy: { name: policy.name, version: policy.version, body: policyBody.parse(policy.body) },
      kit,
    },
  };
}

/** What an asset's entitlement is judged by on that day. */
export function warrantyFacts(asset: Asset, now: string): WarrantyFacts {
  const { purchasedOn, installedOn, manufacturedOn, warrantyTerm: term } = asset;
  return { purchasedOn, installedOn, manufacturedOn, term, contract: runningContract(asset, now) };
}

/** The contract that runs longest from today; null when none has begun. */
function runningContract({ contracts }: Asset, now: string): Facts['asset']['contract'] {
  const today = now.slice(0, 10);
  const begun = contracts.filter((one) => one.startsOn <= today);
  const last = begun.sort((a, b) => (a.endsOn < b.endsOn ? 1 : -1))[0];
  return last ? { contractNumber: last.contractNumber, validUntil: last.endsOn } : null;
}
