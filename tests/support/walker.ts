/** Walks a case to its end knowing only the API's contract: the flows' and the tasks' first examples, and to repeat a call with its key. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const task = z.looseObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  answerSchema: z.looseObject({ examples: z.array(z.record(z.string(), z.unknown())).min(1) }),
});
const readCase = z.looseObject({
  caseNumber: z.string(),
  status: z.string(),
  stage: z.string(),
  openTasks: z.array(task),
  links: z.looseObject({ temporalUi: z.string() }),
});
const flowList = z.object({
  items: z.array(
    z.looseObject({
      name: z.string(),
      inputSchema: z.looseObject({
        properties: z.looseObject({}),
        examples: z.array(z.looseObject({})),
      }),
    }),
  ),
});
export type WalkedTask = z.infer<typeof task>;
export type WalkedCase = z.infer<typeof readCase>;

/** One answered call: for the checkers of idempotency, and to count what succeeded. */
export interface Call {
  method: string;
  path: string;
  key: string | null;
  body: unknown;
  status: number;
  caseNumber: string | null;
  /** How often the same call was sent before. */
  retries: number;
}

export interface Walker {
  /** Sends until there is an answer that is neither 429 nor 503, always with the same key. */
  call(
    method: 'GET' | 'POST',
    path: string,
    role: string,
    body?: object,
    key?: string,
  ): Promise<{ status: number; body: unknown }>;
  /** Opens a case of the flow, or a repair in warranty, by its first example; beside others of its kind when asked to and the flow knows
   *  of duplicates. */
  open(how?: { flow?: string; beside?: string }): Promise<WalkedCase>;
  read(caseNumber: string): Promise<WalkedCase>;
  /** Answers by the first example; the case as it is then, or null when the task was not open any more. */
  answer(caseNumber: string, task: WalkedTask): Promise<WalkedCase | null>;
  /** Answers every open task by its first example until the case has ended. */
  finish(opened: WalkedCase, hooks?: Hooks): Promise<WalkedCase>;
  /** Every answer received, in order. */
  calls: Call[];
}

/** What a test does between two steps of a walk. */
export interface Hooks {
  beforeAnswer?: (task: WalkedTask, found: WalkedCase) => Promise<void>;
  afterAnswer?: (task: WalkedTask) => Promise<void>;
}

export interface WalkerOptions {
  base: string;
  /** What sends; the platform's `fetch` when undefined. */
  send?: typeof fetch;
  /** Milliseconds that one call, or the wait for the next task, may take; 120,000 when undefined. */
  patienceMs?: number;
}

const ended = ['closed', 'rejected', 'canceled'];

export function createWalker({ base, send = fetch, patienceMs = 120_000 }: WalkerOptions): Walker {
  const calls: Call[] = [];
  const call: Walker['call'] = async (method, path, role, body, key) => {
    const headers = {
      authorization: `Bearer demo-${role}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key ? { 'idempotency-key': key } : {}),
    };
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const { retries, ...answer } = await untilAnswered(send, `${base}${path}`, init, patienceMs);
    const named = z.object({ caseNumber: z.string() }).safeParse(answer.body).data;
    const caseNumber = named?.caseNumber ?? null;
    calls.push({
      method,
      path,
      key: key ?? null,
      body,
      status: answer.status,
      caseNumber,
      retries,
    });
    return answer;
  };
  const read = async (caseNumber: string) =>
    readCase.parse(expectStatus(await call('GET', `/v1/cases/${caseNumber}`, 'hotline'), [200]));
  const open: Walker['open'] = async ({ flow: name = 'inWarrantyRepair', beside } = {}) => {
    const listed = expectStatus(await call('GET', '/v1/flows', 'hotline'), [200]);
    const { items } = flowList.parse(listed);
    const flow = items.find((one) => one.name === name);
    if (!flow) throw new Error(`no flow ${name}`);
    const { properties, examples } = flow.inputSchema;
    const allowed = beside && 'allowDuplicate' in properties;
    const body = {
      flow: flow.name,
      ...examples[0],
      ...(allowed ? { allowDuplicate: { reason: beside } } : {}),
    };
    const answer = await call('POST', '/v1/cases', 'hotline', body, randomUUID());
    return readCase.parse(expectStatus(answer, [201, 200]));
  };
  const answer = async (caseNumber: string, { id, role, answerSchema }: WalkedTask) => {
    const path = `/v1/cases/${caseNumber}/tasks/${id}`;
    const given = await call('POST', path, role, answerSchema.examples[0], randomUUID());
    expectStatus(given, [200, 409]);
    return given.status === 200 ? readCase.parse(given.body) : null;
  };
  const finish = (opened: WalkedCase, hooks: Hooks = {}) =>
    walkToTheEnd({ read, answer }, opened, hooks, patienceMs);
  return { call, open, read, answer, finish, calls };
}

async function walkToTheEnd(
  { read, answer }: Pick<Walker, 'read' | 'answer'>,
  opened: WalkedCase,
  hooks: Hooks,
  patienceMs: number,
): Promise<WalkedCase> {
  let found = opened;
  for (let idleSince = Date.now(); !ended.includes(found.status); ) {
    const [next] = found.openTasks;
    if (next) {
      await hooks.beforeAnswer?.(next, found);
      const then = await answer(found.caseNumber, next);
      if (then) await hooks.afterAnswer?.(next);
      idleSince = Date.now();
      found = then ?? (await read(found.caseNumber));
    } else {
      if (Date.now() - idleSince > patienceMs)
        throw new Error(`${found.caseNumber} is stuck at ${found.status} ${found.stage}`);
      await delay(100);
      found = await read(found.caseNumber);
    }
  }
  return found;
}

async function untilAnswered(
  send: typeof fetch,
  url: string,
  init: RequestInit,
  patienceMs: number,
) {
  const end = Date.now() + patienceMs;
  for (let retries = 0; ; retries++) {
    const answer = await once(send, url, init);
    if (typeof answer !== 'string' && ![429, 503].includes(answer.status))
      return { ...answer, retries };
    const last = typeof answer === 'string' ? answer : JSON.stringify(answer.body);
    if (Date.now() > end) throw new Error(`${init.method} ${url} gave up: ${last}`);
    await delay(200);
  }
}

/** A lost call is told by its reason. */
async function once(send: typeof fetch, url: string, init: RequestInit) {
  try {
    const response = await send(url, { ...init, signal: AbortSignal.timeout(30_000) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  } catch (error) {
    return String(error);
  }
}

function expectStatus(answer: { status: number; body: unknown }, allowed: number[]): unknown {
  if (allowed.includes(answer.status)) return answer.body;
  throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
}
