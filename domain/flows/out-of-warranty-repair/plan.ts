import type { Tariff } from '../../charge.ts';
import { milliseconds } from '../../duration.ts';
import type { Opening, Planned, RepairPlan } from '../../plan.ts';
import { type RepairFacts, repairPromises } from '../../repair-plan.ts';
import { checkEntitlement } from '../../warranty.ts';
import { inWarrantyRepairFlow } from '../in-warranty-repair/flow.ts';
import { outOfWarrantyRepairFlow } from './flow.ts';
import type { OpenOutOfWarrantyRepair } from './opening.ts';

/** The promises of a repair that is paid: by the customer after a quote, or by a running maintenance contract. */
export interface PaidRepairPlan extends RepairPlan {
  /** Finance says that the customer owes money from before (FLOW-ARR). */
  arrears: boolean;
  /** The parts are asked to be free (FLOW-SPEC); why, stays in the case's row (D9). */
  specialUser: boolean;
  /** The published tariff of the day on which the case was opened: a later one does not touch it. */
  tariff: Tariff;
  /** Milliseconds: how long a quote holds, how long before its end the customer is reminded. */
  quote: { validForMs: number; remindBeforeMs: number };
  /** Milliseconds after which a supervisor is reminded of a decision, and a customer of a payment. */
  remindAfterMs: { decision: number; payment: number };
}

/** What the door gathers before a paid repair is promised. */
export interface PaidRepairFacts extends RepairFacts {
  arrears: boolean;
  tariff: Tariff;
}

/** Every promise of an out-of-warranty repair, or the flow that fits an asset still in warranty. */
export function planOutOfWarrantyRepair(
  opening: Opening<OpenOutOfWarrantyRepair>,
  facts: PaidRepairFacts,
): Planned<PaidRepairPlan> {
  const { now, override, because, request } = opening;
  const found = checkEntitlement(facts.asset, now);
  const covered = found.verdict === 'inWarranty';
  if (covered && !override)
    return {
      refused: 'entitlementMismatch',
      evidence: found.evidence,
      fits: inWarrantyRepairFlow.name,
    };
  const overridden = covered ? override : null;
  const entitlement = {
    ...found,
    overriddenBy: overridden?.by ?? null,
    overrideReason: overridden?.reason ?? null,
  };
  const { arrears, tariff, policy } = facts;
  const { quoteValidFor, quoteReminder, decisionReminder, paymentReminder } = policy.body.paid;
  return {
    plan: {
      class: outOfWarrantyRepairFlow.class,
      entitlement,
      routing: {
        flow: outOfWarrantyRepairFlow.name,
        because: [
          ...because,
          `entitlement ${entitlement.verdict}`,
          ...entitlement.evidence,
          ...(overridden ? [`entitlement overridden: ${overridden.reason}`] : []),
          ...(arrears ? ['customer in arrears: a supervisor decides'] : []),
        ],
      },
      ...repairPromises(opening, facts),
      arrears,
      specialUser: request.specialUser !== undefined,
      tariff,
      quote: {
        validForMs: milliseconds(quoteValidFor),
        remindBeforeMs: milliseconds(quoteReminder),
      },
      remindAfterMs: {
        decision: milliseconds(decisionReminder),
        payment: milliseconds(paymentReminder),
      },
    },
  };
}
