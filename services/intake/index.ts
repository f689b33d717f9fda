/** Intake (FLOW-INTAKE): a case gets its plan, its row, and then its workflow (D5). One way in for people, schedules and other cases. */
import type { CaseRow } from '../../db/index.ts';
import type { OpenedCase } from '../../domain/plan.ts';

/** Starts a case's workflow, or finds it started. */
export interface CaseStarter {
  /** Answers the run id once the workflow is durable. Fails when the engine does not answer in time; harmless when repeated. */
  start(opened: OpenedCase): Promise<{ runId: string }>;
}

/** How a request at the door ended. Only `opened` and `same` mean that the workflow exists. */
export type Intake =
  /** `row` is the case as it was written, before its workflow has spoken. */
  | { kind: 'opened'; caseNumber: string; row: CaseRow }
  | { kind: 'same'; caseNumber: string }
  /** The same asset and fault are open already in this flow, under that number. */
  | { kind: 'duplicate'; caseNumber: string }
  /** The key came before with another body. */
  | { kind: 'keyReused' }
  /** Numbers and codes that nobody knows, or that don't belong together. */
  | { kind: 'unknown'; errors: { pointer: string; detail: string }[] }
  | { kind: 'entitlementMismatch'; evidence: string[]; fits: string };

export { warrantyFacts } from './facts.ts';
export { assetsOfRound } from './facts-scheduled-inspection.ts';
export { type LinkedDeps, openLinkedCase } from './linked.ts';
export { type IntakeDeps, type IntakeRequest, openCase, startAgain } from './open-case.ts';
export { createWorkflowReader } from './reader.ts';
export { reconcile, type WorkflowReader } from './reconcile.ts';
export { unknownFields } from './references.ts';
export { chooseRoute } from './route.ts';
export { createCaseStarter } from './starter.ts';
export { sweepPending } from './sweep.ts';
