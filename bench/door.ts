/** The API as a client sees it that knows only the contract: the first example everywhere. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const withExamples = z.looseObject({ examples: z.array(z.record(z.string(), z.unknown())).min(1) });
const caseShape = z.looseObject({
  caseNumber: z.string(),
  status: z.string(),
  openTasks: z.array(
    z.looseObject({ id: z.string(), role: z.string(), answerSchema: withExamples }),
  ),
});
const flowsShape = z.looseObject({
  items: z.array(z.looseObject({ name: z.string(), inputSchema: withExamples })),
});

/** A case on the wire, as far as a walk needs it. */
export type CasePage = z.infer<typeof caseShape>;
export type Body = Record<string, unknown>;

export interface Door {
  /** Names of every flow that can be opened. */
  flows(): Promise<string[]>;
  /** The first example of what opens the flow. Fails when there is no such flow. */
  exampleOf(flow: string): Promise<Body>;
  open(flow: string, body: Body): Promise<CasePage>;
  read(caseNumber: string): Promise<CasePage>;
  /** Answers a task in its role. Null when it was open no more. */
  answer(
    caseNumber: string,
    given: { task: string; role: string; body: Body },
  ): Promise<CasePage | null>;
  /** How many calls were made so far, and how many had to be repeated, by their key, after a 503. */
  tally(): { calls: number; repeated: number };
}

/** Fails, like every call of it, when an answer is another than the contract's success. */
export function createDoor(base: string): Door {
  const tally = { calls: 0, repeated: 0 };
  const call = async (method: string, path: string, role: string, body?: Body) => {
    const request = requestOf(method, role, body);
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${base}/v1${path}`, request);
      tally.calls += 1;
      if (answer.status !== 503 || tries === 50) return answer;
      await answer.text();
      tally.repeated += 1;
      await delay(100);
    }
  };
  const listed = async () =>
    flowsShape.parse(await expected(await call('GET', '/flows', 'hotline'))).items;
  return {
    flows: async () => (await listed()).map(({ name }) => name),
    async exampleOf(flow) {
      const found = (await listed()).find(({ name }) => name === flow);
      return first(found?.inputSchema.examples, flow);
    },
    open: async (flow, body) =>
      caseShape.parse(
        await expected(await call('POST', '/cases', 'hotline', { flow, ...body }), 201),
      ),
    read: async (caseNumber) =>
      caseShape.parse(await expected(await call('GET', `/cases/${caseNumber}`, 'hotline'))),
    async answer(caseNumber, { task, role, body }) {
      const answer = await call('POST', `/cases/${caseNumber}/tasks/${task}`, role, body);
      if (answer.status !== 409) return caseShape.parse(await expected(answer));
      await answer.text();
      return null;
    },
    tally: () => ({ ...tally }),
  };
}

/** The first example of an answer. Fails when the contract gives none. */
export const exampleFor = ({ id, answerSchema }: CasePage['openTasks'][number]): Body =>
  first(answerSchema.examples, id);

function requestOf(method: string, role: string, body?: Body): RequestInit {
  const headers = { authorization: `Bearer demo-${role}`, 'idempotency-key': randomUUID() };
  if (!body) return { method, headers };
  const json = { ...headers, 'content-type': 'application/json' };
  return { method, headers: json, body: JSON.stringify(body) };
}

async function expected(answer: Response, status = 200): Promise<unknown> {
  if (answer.status === status) return answer.json();
  throw new Error(`${answer.url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

function first(examples: Body[] | undefined, of: string): Body {
  const [example] = examples ?? [];
  if (example) return example;
  throw new Error(`${of} has no example`);
}
