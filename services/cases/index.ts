/** Cases: intake (FLOW-INTAKE), where a case gets its plan, its row, and then its workflow (D5), one way in for people, schedules and
 *  other cases; and what the database remembers of them: rows, tasks, timeline. */
import type { LinkedCase, LinkedRequest } from '../../domain/linked.ts';

/** What a case asks of our own front door: every one of these is an activity. */
export interface CasesEffects {
  /** Opens a case for another one, once per effect key, or finds the open one of the same kind. */
  openLinkedCase(request: LinkedRequest): Promise<LinkedCase>;
  /** Starts the cycle that a case's row stands in; harmless when it has started. */
  startCycle(request: { effectKey: string; caseNumber: string; cycle: number }): Promise<void>;
  /** The result of a workflow of ours, or null when it was ended in the engine. Fails `Unavailable` while it runs. */
  endOf(request: { workflowId: string }): Promise<unknown>;
}

export type { ActStore } from './acts.ts';
export type { BoardLine, BoardStore } from './board.ts';
export { type Brake, type BrakeSettings, createBrake } from './brake.ts';
export { warrantyFacts } from './facts.ts';
export { openLinkedCase } from './linked.ts';
export { type Intake, type IntakeDeps, openCase, planFor } from './open-case.ts';
export type { NewCase } from './open-row.ts';
export type { ProgressStore } from './progress.ts';
export { reachable } from './reachable.ts';
export { createWorkflowReader } from './reader.ts';
export { reconcile, type WorkflowReader } from './reconcile.ts';
export { unknownFields } from './references.ts';
export type { RequestStore } from './requests.ts';
export { chooseRoute } from './route.ts';
export {
  type CaseOpener,
  type CaseStarter,
  createCaseStarter,
  type WorkflowEnds,
} from './starter.ts';
export type { CaseRow, CaseStore } from './store.ts';
export { sweepPending } from './sweep.ts';
export type { TaskLookup, TaskStore, WorklistTask } from './tasks.ts';
export type { RecordedEvent, TimelineStore } from './timeline.ts';
export type { PartnerWait } from './waits.ts';
