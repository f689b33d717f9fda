/** What the door needs of the engine, and every way in which it can fail. */
import type { CaseOpener, CaseStarter } from '../services/cases/index.ts';
import type { Accepted, Refusal } from '../workflows/wire.ts';

/** One act of a person on its way to the workflow that waits for it. */
export interface Act {
  workflowId: string;
  /** Name of the update: the task's or the action's. */
  name: string;
  /** Update id: repeated, the engine gives the first answer again. */
  actId: string;
  envelope: unknown;
}

export interface Engine extends CaseStarter, CaseOpener {
  /** Delivers an act once per act id, and returns once the row that holds it can be read, with its revision.
   *  Fails `Refused`, `WorkflowGone`, `EngineUnavailable`. */
  deliver(act: Act): Promise<Accepted>;
  /** Who is at work (D7). Fails `EngineUnavailable`. */
  pollers(): Promise<Pollers>;
}

/** Workers as the engine sees them. */
export interface Pollers {
  /** Whether somebody polls it, by task queue. */
  queues: Record<string, boolean>;
  /** Whether each build that the engine gives cases to polls for them. Without worker versions there is one, which has no name. */
  currentBuild: boolean;
}

/** The workflow said no; nothing changed. `detail` is `{ currentStatus, stage, blockers? }`. */
export class Refused extends Error {
  readonly refusal: Refusal;
  readonly detail: Record<string, unknown>;
  constructor(refusal: Refusal, message: string, detail: Record<string, unknown>) {
    super(message);
    this.name = 'Refused';
    this.refusal = refusal;
    this.detail = detail;
  }
}

/** The engine knows no running workflow of that id: never started, ended, or forgotten. */
export class WorkflowGone extends Error {
  override name = 'WorkflowGone';
}

/** Engine or worker did not answer in time: whether it was taken is not known. */
export class EngineUnavailable extends Error {
  override name = 'EngineUnavailable';
}
