/** Keeps the read model true to the engine (I15, I19): a step is written before the engine has it for certain, and a worker that
 *  dies in between leaves rows that nobody else ever learnt of. */
import type { ActStore } from './acts.ts';

/** What is asked of the engine about one workflow. */
export interface WorkflowReader {
  /** Where the workflow stands; null when it has ended or is unknown. Fails when engine or worker do not answer. */
  revisionOf(workflowId: string): Promise<number | null>;
  /** Has the workflow report where it stands, under a revision above the given one. */
  reportAgain(workflowId: string, above: number): Promise<void>;
}

/** Asks each workflow that has been quiet since its last report whether it stands where its rows do, and has it report anew
 *  when they are ahead. Answers how many were. Harmless when several processes do it at once. */
export async function reconcile(
  deps: { acts: Pick<ActStore, 'unchecked' | 'markChecked'>; reader: WorkflowReader },
  quietMs = 3_000,
): Promise<number> {
  let ahead = 0;
  for (const { workflowId, revision } of await deps.acts.unchecked(quietMs, 50)) {
    const stands = await deps.reader.revisionOf(workflowId);
    if (stands === null || stands >= revision) {
      await deps.acts.markChecked(workflowId, revision);
    } else {
      await deps.reader.reportAgain(workflowId, revision);
      ahead += 1;
    }
  }
  return ahead;
}
