import { setTimeout as delay } from 'node:timers/promises';
import type { CasePage, Door } from './door.ts';
import type { Stack } from './stack.ts';

const ended = ['closed', 'rejected', 'canceled'];

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
  await stack.client.workflow.getHandle(found.caseNumber).result();
  return { caseNumber: found.caseNumber, answered, ms };
}

/** The case once a task stands open or it has ended. Looked for behind the door, so that waiting costs no call. */
async function onceMoved(door: Door, { sql }: Stack, caseNumber: string): Promise<CasePage> {
  const end = performance.now() + 60_000;
  for (;;) {
    const [moved] =
      await sql`select from cases where case_number = ${caseNumber} and (status = any(${ended})
      or exists (select from tasks where case_number = ${caseNumber} and closed_at is null))`;
    if (moved) return door.read(caseNumber);
    if (performance.now() > end) throw new Error(`${caseNumber} waits for nobody and goes not on`);
    await delay(10);
  }
}
