import type { Case } from './case.ts';
import type { Desk, Opening } from './desk.ts';

/** A case to be recorded: how it is opened and walked, and the workflows of it whose histories are kept. */
export interface Recording {
  opening?: Opening;
  /** Opens the case otherwise than by an example. */
  open?(desk: Desk): Promise<Case>;
  /** File names without their ending, each with what follows the case's number in the id of its workflow, or with that id. */
  files: Record<string, string | ((theCase: Case) => Promise<string>)>;
  walk(theCase: Case, desk: Desk): Promise<void>;
}
