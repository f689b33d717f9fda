import { waitUntil } from '../setup/processes.ts';
import type { CasePage, Door } from './door.ts';
import type { Stack } from './stack.ts';

const ended = ['closed', 'rejected', 'canceled'];
const patienceMs = 60_000;

/** A case from call to close. */
export interface Walked {
  caseNumber: string;
  /** Task ids in the order they were answered. */
  answered: string[];
  /** From the call to the last answer's reply. */
  ms: number;
}

/** Opens a case of the flow and answers each open task by its first example, until the case and its workflow have ended. */
export async function walk(door: Door, stack: Stack, flow: string): Promise<Walked> {
  const began = performance.now();
  let found = await door.open(flow, await door.exampleOf(flow));
  const answered: string[] = [];
  while (!ended.includes(found.status)) {
    const [task] = found.openTasks;
    const after = task && (await door.answer(found.caseNumber, task));
    if (task && after) answered.push(task.id);
    found = after ?? (await onceMoved(door, stack, found.caseNumber));
  }
  const ms = performance.now() - began;
  if (found.status !== 'closed') throw new Error(`${found.caseNumber} ended ${found.status}`);
  await onceEnded(stack, found.caseNumber);
  return { caseNumber: found.caseNumber, answered, ms };
}

/** Closed is not the end: what its workflow still does belongs to what the case costs. */
async function onceEnded({ client }: Stack, caseNumber: string): Promise<void> {
  const handle = client.workflow.getHandle(caseNumber);
  const ended = await waitUntil(
    async () => (await handle.describe()).status.name === 'COMPLETED',
    patienceMs,
  );
  if (!ended) throw new Error(`${caseNumber} is closed, but its workflow does not end`);
}

/** The case once a task stands open or it has ended. Looked for behind the door, so that waiting costs no call. */
async function onceMoved(door: Door, { sql }: Stack, caseNumber: string): Promise<CasePage> {
  const hasMoved = async () => {
    const [moved] =
      await sql`select from cases where case_number = ${caseNumber} and (status = any(${ended})
      or exists (select from tasks where case_number = ${caseNumber} and closed_at is null))`;
    return moved !== undefined;
  };
  if (await waitUntil(hasMoved, patienceMs, 10)) return door.read(caseNumber);
  throw new Error(`${caseNumber} waits for nobody and goes not on`);
}
