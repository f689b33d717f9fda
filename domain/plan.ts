import type { Actor, HoldReason, Severity } from './case.ts';
import type { PartLine } from './loan.ts';

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
