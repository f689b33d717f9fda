import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { caseShape, eventShape } from '../../../api/shapes/case.ts';
import { roles } from '../../../domain/case.ts';
import { type Answer, type Body, type Door, firstExample } from './door.ts';

export type CaseBody = z.infer<typeof caseShape>;
export type Task = CaseBody['openTasks'][number];

/** The case as the hotline sees it; every reading is checked against the documented shape. */
export async function readCase(door: Door, caseNumber: string): Promise<CaseBody> {
  const { body } = await door.call('GET', `/v1/cases/${caseNumber}`, 'hotline');
  return caseShape.parse(body);
}

/** Where a case stands: all but how far it has reported, since messages go out by themselves. */
export const standing = ({ revision: _, ...page }: CaseBody): Omit<CaseBody, 'revision'> => page;

/** The case once `fact` holds of it. Fails after 20 s, saying where the case stands. */
export async function caseOnce(
  door: Door,
  caseNumber: string,
  fact: (found: CaseBody) => boolean,
): Promise<CaseBody> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await readCase(door, caseNumber);
    if (fact(found)) return found;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(found)}`);
    await delay(20);
  }
}

/** The open task of that name, once it is there. */
export async function openTask(door: Door, caseNumber: string, name?: string): Promise<Task> {
  const isIt = (task: Task) => name === undefined || task.name === name;
  const found = await caseOnce(door, caseNumber, ({ openTasks }) => openTasks.some(isIt));
  return z.custom<Task>((task) => task !== undefined).parse(found.openTasks.find(isIt));
}

const example = z.object({ examples: z.array(z.record(z.string(), z.unknown())).min(1) });

/** The first example of an open task, with changes. */
export const exampleOf = (task: Task, changes: Body = {}): Body => ({
  ...example.parse(task.answerSchema).examples[0],
  ...changes,
});

/** Answers an open task by its first example, as its role. */
export function answer(
  door: Door,
  task: Task,
  changes: Body = {},
  key: string = randomUUID(),
): Promise<Answer> {
  const path = `/v1/cases/${task.caseNumber}/tasks/${task.id}`;
  return door.call('POST', path, z.enum(roles).parse(task.role), exampleOf(task, changes), key);
}

/** Answers first examples until `fact` holds; `changes` are answers that take another way. */
export async function walk(
  door: Door,
  caseNumber: string,
  fact: (found: CaseBody) => boolean,
  changes: Record<string, Body> = {},
): Promise<CaseBody> {
  for (;;) {
    const found = await caseOnce(door, caseNumber, (now) => fact(now) || now.openTasks.length > 0);
    const [task] = found.openTasks;
    if (fact(found) || !task) return found;
    const given = await answer(door, task, changes[task.name]);
    if (given.status !== 200 && given.status !== 409)
      throw new Error(`${task.id}: ${JSON.stringify(given.body)}`);
  }
}

/** Opens cases on the school's twelve machines, one after the other: each test has its own. */
export function caseFactory(door: () => Door): () => Promise<string> {
  let taken = 0;
  return async () => {
    taken += 1;
    const request = firstExample({
      customerNumber: 'CU-1003',
      serialNumber: `NET-SCH-${String(taken).padStart(4, '0')}`,
      fault: { code: 'NET-NO-LINK', description: 'No link on any port.' },
    });
    const opened = await door().call('POST', '/v1/cases', 'hotline', request, randomUUID());
    if (!opened.body.caseNumber) throw new Error(JSON.stringify(opened.body));
    return String(opened.body.caseNumber);
  };
}

const events = z.array(eventShape.extend({ detail: z.record(z.string(), z.unknown()) }));

/** The whole timeline of a case. */
export async function timelineOf(door: Door, caseNumber: string) {
  const { body } = await door.call('GET', `/v1/cases/${caseNumber}/timeline`, 'manager');
  return events.parse(body.items);
}
