import { type OccurrenceRef, type Phase, twinOf } from '../../inspection-plan.ts';
import { type CasePlan, milliseconds, type Opening, type Planned, promisesOf } from '../../plan.ts';
import type { Policy } from '../../policy.ts';
import { scheduledInspectionFlow } from './flow.ts';
import type { OpenScheduledInspection } from './opening.ts';

/** What a round is promised: its phase, its assets, and by when it is done. */
export interface InspectionPlan extends CasePlan {
  class: 'inspection';
  customerNumber: string;
  phase: Phase;
  assets: { serialNumber: string; productModel: string }[];
  /** Null for an ad hoc round. */
  occurrence: OccurrenceRef | null;
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

/** A request as the door or a plan's occurrence makes it: only the latter names its occurrence. */
export type RoundRequest = OpenScheduledInspection & { occurrence?: RoundDue };
/** `dueWithin` (ISO 8601 duration) counts from the opening, so that a round that was caught up has its full time. */
export interface RoundDue extends OccurrenceRef {
  dueWithin: string;
}

/** Every promise of a round of inspection. */
export function planScheduledInspection(
  { request, now, because, source }: Opening<RoundRequest>,
  { customerNumber, territory, assets, policy }: InspectionFacts,
): Planned<InspectionPlan> {
  const severity = request.severity ?? 'low';
  const { clocks, ...promised } = promisesOf(policy, severity);
  const occurrence = request.occurrence ?? null;
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
      twinKey: occurrence && twinOf(occurrence),
      drill: false,
      ...promised,
      // nobody called: there is no contact to make, no machine to restore
      clocks: clocks
        .filter(({ name }) => name === 'resolution')
        .map((clock) => ({ ...clock, targetMs: dueMs ?? clock.targetMs })),
      phase: request.phase,
      assets: assets.map(({ serialNumber, productModel }) => ({ serialNumber, productModel })),
      occurrence,
      roundMinutes: Math.min(240, Math.max(60, assets.length * 30)),
    },
  };
}

function dueMsOf({ occurrence, dueBy }: RoundRequest, now: string): number | undefined {
  if (occurrence) return milliseconds(occurrence.dueWithin);
  return dueBy === undefined ? undefined : Date.parse(dueBy) - Date.parse(now);
}
