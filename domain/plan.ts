import { Duration } from 'luxon';
import type { Actor, HoldReason, Severity } from './case.ts';
import type { OpenRequest } from './contracts.ts';
import type { PartLine } from './loan.ts';
import type { Policy } from './policy.ts';
import { checkEntitlement, type WarrantyFacts } from './warranty.ts';

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

/** Every promise a case was opened with; kept whole in the row and in the history's first event. No personal data. */
export interface CasePlan {
  class: 'repair';
  severity: Severity;
  channel: string;
  customerNumber: string;
  serialNumber: string;
  productModel: string;
  productClass: string;
  territory: string;
  faultCode: string;
  entitlement: Entitlement;
  /** Which flow, and why: shown to whoever opened without naming one. */
  routing: { flow: string; because: string[] };
  policy: { name: string; version: number };
  clocks: ClockPlan[];
  /** Milliseconds an alert may stay unacknowledged before it rises a level. */
  acknowledgeWithinMs: number;
  /** Milliseconds a task may stay open before it counts as overdue, by task name; `default` for the rest. */
  taskDueMs: Record<string, number>;
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
  /** Milliseconds the archive keeps the case (R73). */
  retentionMs: number;
  /** The kit on record for this fault on this model: what triage starts from. */
  expectedParts: PartLine[];
}

/** The input of every flow. */
export interface OpenedCase {
  caseNumber: string;
  cycle: number;
  flow: string;
  openedAt: string;
  openedBy: Actor;
  plan: CasePlan;
  /** Only in a continued run: what the kernel carried over. */
  carried?: unknown;
}

/** What the door gathers before a plan is made. */
export interface Facts {
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
  /** Set when a supervisor opens the flow against the entitlement. */
  override: { by: string; reason: string } | null;
}

/** A plan, or why the flow does not fit this asset and which one would. */
export type Planned =
  | { plan: CasePlan }
  | { refused: 'entitlementMismatch'; evidence: string[]; fits: string };

/** Every promise of a case, made once at the door. `now` is the instant the case opens. */
export function makePlan(request: OpenRequest, facts: Facts, now: string): Planned {
  const found = checkEntitlement(facts.asset, now);
  const covered = found.verdict === 'inWarranty';
  if (!covered && !facts.override) {
    return {
      refused: 'entitlementMismatch',
      evidence: found.evidence,
      fits: 'outOfWarrantyRepair',
    };
  }
  const entitlement =
    covered || !facts.override
      ? found
      : { ...found, overriddenBy: facts.override.by, overrideReason: facts.override.reason };
  const severity = request.severity ?? severityOf(request.fault.impactScope);
  return {
    plan: {
      ...whatIsAsked(request, facts, severity),
      entitlement,
      routing: routing(request, entitlement),
      ...promises(facts.policy, severity),
    },
  };
}

function whatIsAsked(request: OpenRequest, facts: Facts, severity: Severity) {
  const { serialNumber, customerNumber, productModel, productClass, territory } = facts.asset;
  return {
    class: 'repair' as const,
    severity,
    channel: request.channel,
    customerNumber,
    serialNumber,
    productModel,
    productClass,
    territory,
    faultCode: facts.fault.code,
    skill: facts.fault.skill,
    expectedParts: facts.kit,
  };
}

/** Impact on business continuity raises the severity (FLOW-INTAKE). */
function severityOf(impact: 'singleFunction' | 'machineDown' | 'siteDown' | undefined): Severity {
  if (impact === 'siteDown') return 'critical';
  if (impact === 'machineDown') return 'high';
  return 'medium';
}

function routing(request: OpenRequest, entitlement: Entitlement): CasePlan['routing'] {
  const because = [
    request.flow ? 'asked for by name' : 'class repair',
    `entitlement ${entitlement.verdict}`,
    ...entitlement.evidence,
  ];
  if (entitlement.overrideReason)
    because.push(`entitlement overridden: ${entitlement.overrideReason}`);
  return { flow: 'inWarrantyRepair', because };
}

const milliseconds = (iso: string): number => Duration.fromISO(iso).toMillis();

function promises({ name, version, body }: Policy, severity: Severity) {
  const [first, second, third] = body.loan.overdueLevels;
  return {
    policy: { name, version },
    clocks: body.clocks.map((clock) => ({
      name: clock.name,
      targetMs: milliseconds(clock.target[severity]),
      pausedBy: clock.pausedBy,
      rungs: clock.rungs,
    })),
    acknowledgeWithinMs: milliseconds(body.acknowledgeWithin),
    taskDueMs: Object.fromEntries(
      Object.entries(body.taskDue).map(([task, due]) => [task, milliseconds(due)]),
    ),
    maxServiceRounds: body.maxServiceRounds,
    maxCallbackAttempts: body.maxCallbackAttempts,
    onSiteSignatures: body.onSiteSignatures,
    visitWhenUserOwnsPart: body.visitWhenUserOwnsPart,
    visitMinutes: body.visitMinutes,
    loan: {
      returnWithinMs: milliseconds(body.loan.returnWithin),
      overdueLevelsMs: [milliseconds(first), milliseconds(second), milliseconds(third)] as [
        number,
        number,
        number,
      ],
    },
    retentionMs: milliseconds(body.retention),
  };
}
