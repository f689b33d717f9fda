/** What every flow that serves a customer's machine promises: in and out of warranty, and in an emergency. */

import { milliseconds } from './duration.ts';
import type { PartLine } from './loan.ts';
import type { OpenRequest } from './plan.ts';
import { type Opening, promisesOf, type RepairPlan, severityOf, trendOf } from './plan.ts';
import type { Policy } from './policy.ts';
import type { WarrantyFacts } from './warranty.ts';

/** What the door gathers before a repair is promised. */
export interface RepairFacts {
  asset: WarrantyFacts & {
    serialNumber: string;
    customerNumber: string;
    productModel: string;
    productClass: string;
    territory: string;
  };
  fault: { code: string; skill: string | null };
  policy: Policy;
  /** The parts that this fault on this model is expected to need. */
  kit: PartLine[];
}

/** The promises of a repair, all but its class, its entitlement and the flow it is for. */
export function repairPromises(
  { request, source }: Opening<OpenRequest & { channel: string }>,
  facts: RepairFacts,
): Omit<RepairPlan, 'class' | 'entitlement' | 'routing'> {
  const { serialNumber, customerNumber, productModel, productClass, territory } = facts.asset;
  const severity = severityOf({ ...request, impactScope: request.fault?.impactScope });
  return {
    severity,
    channel: request.channel,
    customerNumber,
    serialNumber,
    productModel,
    productClass,
    territory,
    faultCode: facts.fault.code,
    source,
    twinKey: `${serialNumber}/${facts.fault.code}`,
    drill: false,
    skill: facts.fault.skill,
    expectedParts: facts.kit,
    ...promisesOf(facts.policy, severity),
    ...serviceOf(facts.policy),
  };
}

function serviceOf({ body }: Policy) {
  const [first, second, third] = body.loan.overdueLevels;
  return {
    maxServiceRounds: body.maxServiceRounds,
    maxCallbackAttempts: body.maxCallbackAttempts,
    onSiteSignatures: body.onSiteSignatures,
    visitWhenUserOwnsPart: body.visitWhenUserOwnsPart,
    visitMinutes: body.visitMinutes,
    trend: trendOf(body),
    loan: {
      returnWithinMs: milliseconds(body.loan.returnWithin),
      overdueLevelsMs: [milliseconds(first), milliseconds(second), milliseconds(third)] as [
        number,
        number,
        number,
      ],
    },
  };
}
