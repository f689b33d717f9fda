import { milliseconds } from '../../duration.ts';
import { type CasePlan, type Opening, type Planned, promisesOf } from '../../plan.ts';
import type { Policy } from '../../policy.ts';
import { scheduledInspectionFlow } from './flow.ts';
import type { OpenScheduledInspection, Phase } from './opening.ts';

/** What a round is promised: its phase, its assets, and by when it is done. */
export interface RoundPlan extends CasePlan {
  class: 'inspection';
  customerNumber: string;
  phase: Phase;
  assets: { serialNumber: string; productModel: string }[];
  /** Minutes that the inspector is booked for. */
  roundMinutes: number;
}

/** What the door gathers before a round is promised. */
export interface InspectionFacts {
  customerNumber: string;
  territory: string;
  assets: { serialNumber: string; productModel: string; productClass: string }[];
  policy: Policy;
}

/** Every promise of a round of inspection. */
export function planScheduledInspection(
  { request, now, because, source }: Opening<OpenScheduledInspection>,
  { customerNumber, territory, assets, policy }: InspectionFacts,
): Planned<RoundPlan> {
  const severity = request.severity ?? 'low';
  const { clocks, ...promised } = promisesOf(policy, severity);
  const dueMs = dueMsOf(request, now);
  return {
    plan: {
      class: scheduledInspectionFlow.class,
      severity,
      channel: request.channel ?? 'internal',
      customerNumber,
      serialNumber: null,
      productModel: null,
      productClass: policy.body.productClass,
      territory,
      faultCode: null,
      entitlement: null,
      routing: { flow: scheduledInspectionFlow.name, because },
      source,
      twinKey: null,
      drill: false,
      ...promised,
      // nobody called: there is no contact to make, no machine to restore
      clocks: clocks
        .filter(({ name }) => name === 'resolution')
        .map((clock) => ({ ...clock, targetMs: dueMs ?? clock.targetMs })),
      phase: request.phase,
      assets: assets.map(({ serialNumber, productModel }) => ({ serialNumber, productModel })),
      roundMinutes: Math.min(240, Math.max(60, assets.length * 30)),
    },
  };
}

function dueMsOf({ dueWithin, dueBy }: OpenScheduledInspection, now: string): number | undefined {
  if (dueWithin !== undefined) return milliseconds(dueWithin);
  return dueBy === undefined ? undefined : Date.parse(dueBy) - Date.parse(now);
}
