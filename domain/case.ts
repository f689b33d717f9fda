/** The vocabulary of a case: what crosses between workflow, database and API. Plain JSON only. */

export const roles = [
  'hotline',
  'engineer',
  'support',
  'partsKeeper',
  'supervisor',
  'manager',
  'quality',
  'auditor',
  'admin',
] as const;
export type Role = (typeof roles)[number];

export const statuses = [
  'new',
  'triaged',
  'inProgress',
  'onHold',
  'resolved',
  'closed',
  'rejected',
  'canceled',
] as const;
export type CaseStatus = (typeof statuses)[number];

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export const holdReasons = [
  'awaitingCustomer',
  'awaitingQuote',
  'awaitingParts',
  'awaitingProvider',
  'awaitingApproval',
  'customerRequestedDate',
] as const;
export type HoldReason = (typeof holdReasons)[number];

/** 0 is none; 1 desk, 2 branch manager, 3 centre manager and supervision group (FLOW-ALERT, a hypothesis kept in policy). */
export type AlertLevel = 0 | 1 | 2 | 3;

/** A staff member (`ST-…`) or a named system actor (`system:clock`). Never a person's name: names stay in the database. */
export interface Actor {
  id: string;
  role: Role | 'system';
}

/** Who, why and when around each update and signal (A10). */
export interface Envelope<Answer> {
  actor: Actor;
  reason?: string;
  /** ISO 8601 UTC: when the act happened in the world. */
  occurredAt: string;
  /** The update id under which this act is applied once. */
  actId: string;
  answer: Answer;
}

/** An answer to a task also names the occurrence it answers, so that a late double click never answers the next round's. */
export interface TaskEnvelope<Answer> extends Envelope<Answer> {
  taskId: string;
}

/** A wait for a person. `context` is what the example and the bounds of the answer are built from; no personal data. */
export interface OpenTask {
  /** Name and occurrence, a child's with its prefix: `reportRepair-2`, `loan1-reportReturn-1`. */
  id: string;
  name: string;
  role: Role;
  /** A staff number, or null while anybody in the role may take it. */
  assignee: string | null;
  openedAt: string;
  dueAt: string | null;
  stage: string;
  context: TaskContext;
  /** From this instant on an answer is refused; left out: it waits for as long as it takes. */
  expiresAt?: string;
}
export type TaskContext = Record<string, unknown>;

export type ClockState = 'running' | 'paused' | 'met' | 'missed' | 'canceled';
export interface ClockView {
  name: string;
  startedAt: string;
  dueAt: string;
  state: ClockState;
  metAt: string | null;
}

export interface Blocker {
  kind:
    | 'openLoan'
    | 'coreReturn'
    | 'unsignedRecord'
    | 'openCallback'
    | 'unsatisfied'
    | 'openCharge'
    | 'soldParts';
  /** What a supervisor names when waiving it: `loan1`, `serviceRecord`, `callback`. */
  id: string;
  waivable: boolean;
}

export interface WaitingOn {
  /** A task's name, a clock's name, or the effect under way (`parts.issueLoan`). */
  what: string;
  /** A role, a staff number, or a partner service. */
  who: string;
  since: string;
}

/** What the workflow publishes of itself; the read model is this, row by row. */
export interface CaseView {
  caseNumber: string;
  flow: string;
  cycle: number;
  status: CaseStatus;
  stage: string;
  severity: Severity;
  alertLevel: AlertLevel;
  alertAcknowledged: boolean;
  holdReason: HoldReason | null;
  /** Staff number of the person in charge, or null. */
  assignee: string | null;
  clocks: ClockView[];
  /** The earliest running due time of any clock or task, or null. */
  nextDueAt: string | null;
  waitingOn: WaitingOn | null;
  blockers: Blocker[];
  waivers: { id: string; reason: string; actor: string; at: string }[];
  outcome: string | null;
  /** When the work was first completed and recorded: from then on the case can't be canceled. */
  completedAt?: string | null;
  closedAt: string | null;
  /** Facts of the flow that readers want: visit, loans, service record version, archive code. Numbers and codes only. */
  facts: Record<string, unknown>;
}

/** One line of the audit timeline. `seq` and `recordedAt` are given by the database. */
export interface TimelineEvent {
  /** `caseOpened`, `stageEntered`, `taskOpened`, `taskAnswered`, `clockRung`, `caseEscalated`, `effectDone`, `refused`, … */
  kind: string;
  at: string;
  actor: Actor;
  reason: string | null;
  /** The task, clock, effect or action it is about. */
  subject: string | null;
  /** Update id of the act, or null. */
  updateId: string | null;
  detail: Record<string, unknown>;
}

/** One durable step of the read model: written by one statement, once per effect key, never backwards. */
export interface CaseProgress {
  /** `<workflowId>/<cycle>/progress/<revision>` */
  effectKey: string;
  caseNumber: string;
  /** The case number, or `<caseNumber>/loan1` for a child. */
  workflowId: string;
  runId: string;
  cycle: number;
  revision: number;
  /** Null from a child workflow: its own record is kept by the service it stands for. */
  view: CaseView | null;
  /** All open tasks of this workflow: what is not in the list is no longer open. */
  openTasks: OpenTask[];
  /** Calls of this workflow to services that may be a partner's, not answered yet (N25). */
  partnerWaits?: WaitingOn[];
  /** Whether it takes a changed way of its flow, by the change's name, as far as it has decided (docs/changing-flows.md). */
  changes?: Record<string, boolean>;
  events: TimelineEvent[];
}
