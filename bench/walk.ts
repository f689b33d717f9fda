import { waitUntil } from '../setup/processes.ts';
import { type Body, type CasePage, type Door, exampleFor } from './door.ts';
import type { Stack } from './stack.ts';

const ended = ['closed', 'rejected', 'canceled'];
const patienceMs = 60_000;

/** An answer that was taken. */
export interface Answered {
  /** Task id, a child's name before it. */
  task: string;
  role: string;
  body: Body;
}

/** A case from call to close. */
export interface Walked {
  caseNumber: string;
  /** In order. */
  answered: Answered[];
  /** From the call to the last answer's reply. */
  ms: number;
}

/** Opens a case and answers each open task by its first example, until the case and its workflow have ended. */
export async function walk(door: Door, stack: Stack, flow: string, body: Body): Promise<Walked> {
  const began = performance.now();
  let found = await door.open(flow, body);
  const answered: Answered[] = [];
  while (!ended.includes(found.status)) {
    const [task] = found.openTasks;
    const answer = task && { task: task.id, role: task.role, body: exampleFor(task) };
    const after = answer && (await door.answer(found.caseNumber, answer));
    if (after) answered.push(answer);
    found = after ?? (await onceMoved(door, stack, found.caseNumber));
  }
  const ms = performance.now() - began;
  if (found.status !== 'closed') throw new Error(`${found.caseNumber} ended ${found.status}`);
  // closed is not the end: what its workflow still does belongs to what the case costs
  await stack.client.workflow.getHandle(found.caseNumber).result();
  return { caseNumber: found.caseNumber, answered, ms };
}

/** The case once a task stands open or it has ended. Looked for behind the door, so that waiting costs no call. */
async function onceMoved(door: Door, { sql }: Stack, caseNumber: string): Promise<CasePage> {
  const hasMoved = async () => {
    const [moved] =
      await sql`select from cases where case_number = ${caseNumber} and (status = any(${ended})
      or exists (select from tasks where case_number = ${caseNumber} and closed_at is null))`;
    return moved !== undefined;
  };
  if (await waitUntil(hasMoved, patienceMs, 20)) return door.read(caseNumber);
  throw new Error(`${caseNumber} waits for nobody and goes not on`);
}
