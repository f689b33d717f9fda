/** The plan of a case: every promise it was opened with, made once at the door (A2). What all flows share; each flow adds its own. */
import type { z } from 'zod';
import type { Actor, HoldReason, Severity } from './case.ts';
import { milliseconds } from './duration.ts';
import type { PartLine } from './loan.ts';
import type { Policy, PolicyBody } from './policy.ts';
import type { OccurrenceRef } from './schedule.ts';
import type { channel, contact, fault, ImpactScope } from './values.ts';

/** What the customer is owed, found once at the door and never edited: an override is a new fact beside it. */
export interface Entitlement {
  verdict: 'inWarranty' | 'outOfWarranty' | 'contract' | 'goodwill' | 'unknown';
  /** Each line one fact with its source: `installedOn 2025-11-02 + 24 months = 2027-11-02`. */
  evidence: string[];
  checkedAt: string;
  overriddenBy: string | null;
  overrideReason: string | null;
}

/** A promise with a clock on it. */
export interface ClockPlan {
  name: 'response' | 'restore' | 'resolution' | 'callback' | 'loanReturn';
  targetMs: number;
  /** Hold reasons that stop it; empty: wall clock. */
  pausedBy: HoldReason[];
  /** Percent of the target (may lie above 100) at which the alert level rises to `alertLevel`. Ascending. */
  rungs: { percent: number; alertLevel: 0 | 1 | 2 | 3 }[];
}

/** Why a case exists that no customer called for: `inspection`, `trend`, `schedule`, …, and the case it came from, if one did. */
export interface Source {
  kind: string;
  caseNumber: string | null;
}

/** Every promise a case was opened with; kept whole in the row and in the history's first event. No personal data.
 *  Fields that a flow has no use for are null. */
export interface CasePlan {
  /** The class of request that its flow is for. */
  class: string;
  severity: Severity;
  channel: string;
  customerNumber: string | null;
  serialNumber: string | null;
  productModel: string | null;
  productClass: string;
  territory: string;
  faultCode: string | null;
  entitlement: Entitlement | null;
  /** Which flow, and why: shown to whoever opened without naming one. */
  routing: { flow: string; because: string[] };
  source: Source | null;
  /** What a schedule opened it for; left out for every other case. */
  occurrence?: OccurrenceRef;
  /** What makes two open cases of this flow the same one; null: nothing does. */
  twinKey: string | null;
  /** A rehearsal: nobody is told anything (FLOW-DRILL). */
  drill: boolean;
  policy: { name: string; version: number };
  clocks: ClockPlan[];
  /** Milliseconds an alert may stay unacknowledged before it rises a level. */
  acknowledgeWithinMs: number;
  /** Milliseconds a task may stay open before it counts as overdue, by task name; `default` for the rest. */
  taskDueMs: Record<string, number>;
  /** Milliseconds the archive keeps the case (R73). */
  retentionMs: number;
}

/** So many distinct units that failed alike within the window open a defect report. */
export interface TrendPlan {
  count: number;
  windowMs: number;
}

/** The plan of a case that serves a customer's machine: what the shared paragraphs ask for. */
export interface RepairPlan extends CasePlan {
  customerNumber: string;
  serialNumber: string;
  productModel: string;
  faultCode: string;
  entitlement: Entitlement;
  /** After so many rounds of service that the customer rated C or D a supervisor must decide (C13). */
  maxServiceRounds: number;
  maxCallbackAttempts: number;
  /** Who signs the on-site record (C6); the signature on the service record is never waived by it. */
  onSiteSignatures: 'none' | 'user' | 'userAndWitnesses';
  /** Visit even when the user owns the part (the improvement on decision B). */
  visitWhenUserOwnsPart: boolean;
  visitMinutes: number;
  /** The skill a visit needs, or null when any engineer will do. */
  skill: string | null;
  loan: { returnWithinMs: number; overdueLevelsMs: [number, number, number] };
  trend: TrendPlan;
  /** The kit on record for this fault on this model: what triage starts from. */
  expectedParts: PartLine[];
}

/** The input of every flow. */
export interface OpenedCase<Plan extends CasePlan = CasePlan> {
  caseNumber: string;
  cycle: number;
  flow: string;
  openedAt: string;
  openedBy: Actor;
  plan: Plan;
  /** Only in a continued run: what the kernel carried over. */
  carried?: unknown;
}

/** What a request to open a case may say, whatever its flow; each flow's own contract says what it must. */
export interface OpenRequest {
  flow?: string | undefined;
  customerNumber?: string | undefined;
  serialNumber?: string | undefined;
  channel?: z.infer<typeof channel> | undefined;
  contact?: z.infer<typeof contact> | null | undefined;
  fault?: z.infer<typeof fault> | undefined;
  severity?: Severity | undefined;
  specialUser?: { reason: string } | undefined;
  allowDuplicate?: { reason: string } | undefined;
  overrideEntitlement?: { reason: string } | undefined;
}

/** What is asked at the door, and how it came there. */
export interface Opening<Request extends OpenRequest = OpenRequest> {
  request: Request;
  /** The instant the case opens, ISO 8601 UTC. */
  now: string;
  /** Why this flow: asked for by name, or what routed it here. */
  because: string[];
  /** Set when a supervisor opens the flow against the entitlement. */
  override: { by: string; reason: string } | null;
  source: Source | null;
}

/** A plan, or why the flow does not fit this asset and which one would. */
export type Planned<Plan extends CasePlan = CasePlan> =
  | { plan: Plan }
  | { refused: 'entitlementMismatch'; evidence: string[]; fits: string };

/** Impact on business continuity raises the severity (FLOW-INTAKE); one that is named stands. */
export function severityOf(reported: {
  severity?: Severity | undefined;
  impactScope?: ImpactScope | undefined;
}): Severity {
  if (reported.severity) return reported.severity;
  if (reported.impactScope === 'siteDown') return 'critical';
  return reported.impactScope === 'machineDown' ? 'high' : 'medium';
}

/** The clocks of a policy, or of a part of it, for one severity. */
export const clocksFor = (clocks: PolicyBody['clocks'], severity: Severity): ClockPlan[] =>
  clocks.map((clock) => ({
    name: clock.name,
    targetMs: milliseconds(clock.target[severity]),
    pausedBy: clock.pausedBy,
    rungs: clock.rungs,
  }));

/** What every flow promises, taken from the policy of the product's class. */
export const promisesOf = ({ name, version, body }: Policy, severity: Severity) => ({
  policy: { name, version },
  clocks: clocksFor(body.clocks, severity),
  acknowledgeWithinMs: milliseconds(body.acknowledgeWithin),
  taskDueMs: Object.fromEntries(
    Object.entries(body.taskDue).map(([task, due]) => [task, milliseconds(due)]),
  ),
  retentionMs: milliseconds(body.retention),
});

/** When failures of one kind become a defect report (FLOW-FRACAS). */
export const trendOf = ({ defect }: PolicyBody): TrendPlan => ({
  count: defect.trend.count,
  windowMs: defect.trend.windowDays * 86_400_000,
});
