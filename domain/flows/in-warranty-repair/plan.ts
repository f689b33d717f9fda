import type { Opening, Planned, RepairPlan } from '../../plan.ts';
import { type RepairFacts, repairPromises } from '../../repair-plan.ts';
import { checkEntitlement } from '../../warranty.ts';
import { outOfWarrantyRepairFlow } from '../out-of-warranty-repair/flow.ts';
import { inWarrantyRepairFlow } from './flow.ts';
import type { OpenInWarrantyRepair } from './opening.ts';

/** Every promise of an in-warranty repair, or the flow that fits an asset out of warranty. */
export function planInWarrantyRepair(
  opening: Opening<OpenInWarrantyRepair>,
  facts: RepairFacts,
): Planned<RepairPlan> {
  const { now, override, because } = opening;
  const found = checkEntitlement(facts.asset, now);
  const covered = found.verdict === 'inWarranty';
  if (!covered && !override)
    return {
      refused: 'entitlementMismatch',
      evidence: found.evidence,
      fits: outOfWarrantyRepairFlow.name,
    };
  const overridden = covered ? null : override;
  const entitlement = {
    ...found,
    overriddenBy: overridden?.by ?? null,
    overrideReason: overridden?.reason ?? null,
  };
  return {
    plan: {
      class: inWarrantyRepairFlow.class,
      entitlement,
      routing: {
        flow: inWarrantyRepairFlow.name,
        because: [
          ...because,
          `entitlement ${entitlement.verdict}`,
          ...entitlement.evidence,
          ...(overridden ? [`entitlement overridden: ${overridden.reason}`] : []),
        ],
      },
      ...repairPromises(opening, facts),
    },
  };
}
