/** Keeps the read model true to the engine (I15, I19): a step is written before the engine has it for certain, and a worker that
 *  dies in between leaves rows that nobody else ever learnt of. */
import type { ActStore, Reported } from './acts.ts';

/** What is asked of the engine about one workflow. Fails when engine or worker do not answer. */
export interface WorkflowReader {
  /** The revision that its history says it has reported, without a worker; null when it has ended or is unknown, undefined when
   *  its latest events don't say. */
  recordedOf(workflowId: string): Promise<number | null | undefined>;
  /** Where the workflow stands; null when it has ended. Asks a worker, which may have to replay it. */
  revisionOf(workflowId: string): Promise<number | null>;
  /** Has the workflow report where it stands, under a revision above the given one. */
  reportAgain(workflowId: string, above: number): Promise<void>;
}

interface Deps {
  acts: Pick<ActStore, 'unchecked' | 'markChecked'>;
  reader: WorkflowReader;
}

const atOnce = 10;

/** Compares each workflow that has been quiet since its last report with its rows, and has it report anew when they are ahead.
 *  Answers how many were. Harmless when several processes do it at once. */
export async function reconcile({ acts, reader }: Deps, quietMs = 3_000): Promise<number> {
  const due = await acts.unchecked(quietMs, 50);
  const ahead: Reported[] = [];
  while (due.length > 0) {
    const group = due.splice(0, atOnce);
    const isTrue = await Promise.all(group.map((one) => hasReported(reader, one)));
    await acts.markChecked(group.filter((_, index) => isTrue[index]));
    ahead.push(...group.filter((_, index) => !isTrue[index]));
  }
  for (const { workflowId, revision } of ahead) await reader.reportAgain(workflowId, revision);
  return ahead.length;
}

/** The history mostly says so; only a workflow that looks behind its rows is asked itself. */
async function hasReported(reader: WorkflowReader, { workflowId, revision }: Reported) {
  const reached = (stands: number | null) => stands === null || stands >= revision;
  const recorded = await reader.recordedOf(workflowId);
  if (recorded !== undefined && reached(recorded)) return true;
  return reached(await reader.revisionOf(workflowId));
}
