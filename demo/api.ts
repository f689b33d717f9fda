/** The HTTP API as a client sees it: contract shapes, one token per role, a call repeated with its key until it is answered. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const title = z.looseObject({ en: z.string() });
const task = z.looseObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  assignee: z.string().nullable(),
  title: title.nullable(),
  answerSchema: z.looseObject({ examples: z.array(z.record(z.string(), z.unknown())).min(1) }),
});
const caseShape = z.looseObject({
  caseNumber: z.string(),
  flow: z.string(),
  status: z.string(),
  stage: z.string(),
  outcome: z.string().nullable(),
  openTasks: z.array(task),
  clocks: z.array(z.looseObject({ name: z.string(), state: z.string() })),
  facts: z.looseObject({
    linkedCases: z
      .array(
        z.looseObject({ flow: z.string(), was: z.string(), caseNumber: z.string().optional() }),
      )
      .optional(),
  }),
  links: z.looseObject({ timeline: z.string(), temporalUi: z.string() }),
});
const flowShape = z.looseObject({
  name: z.string(),
  title,
  inputSchema: z.looseObject({
    properties: z.looseObject({}),
    examples: z.array(z.record(z.string(), z.unknown())).min(1),
  }),
});
const messageShape = z.looseObject({
  notificationNumber: z.string(),
  channel: z.string(),
  recipient: z.looseObject({ kind: z.string() }),
  text: z.string(),
});
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });

export type OpenTask = z.infer<typeof task>;
export type CaseNow = z.infer<typeof caseShape>;
export type Flow = z.infer<typeof flowShape>;
export type Message = z.infer<typeof messageShape>;

export interface Api {
  flows(): Promise<Flow[]>;
  /** Opens a case, or finds the one of its asset and fault that is open already. */
  open(body: object): Promise<CaseNow>;
  read(caseNumber: string): Promise<CaseNow>;
  /** Answers as the task's role; the case as it is then. */
  answer(caseNumber: string, task: OpenTask, body: object): Promise<CaseNow>;
  messages(caseNumber: string): Promise<Message[]>;
}

/** The API refused something that a demo should be able to do. */
export class DemoError extends Error {
  override name = 'DemoError';
}

interface Call {
  method: 'GET' | 'POST';
  path: string;
  role: string;
  body?: object;
}

/** A client of the API at `base`; gives a call up after `patienceMs`. */
export function createApi(base: string, patienceMs = 120_000): Api {
  const call = (method: Call['method'], path: string, role: string, body?: object) =>
    untilAnswered(
      base,
      { method, path: `/v1${path}`, role, ...(body ? { body } : {}) },
      patienceMs,
    );
  const get = async <Shape extends z.ZodType>(path: string, shape: Shape) =>
    expectShape(shape, await call('GET', path, 'hotline'));
  const read = (caseNumber: string) => get(`/cases/${caseNumber}`, caseShape);
  return {
    flows: async () => (await get('/flows', listOf(flowShape))).items,
    async open(body) {
      const answer = await call('POST', '/cases', 'hotline', body);
      const open = z
        .object({ code: z.literal('duplicateCase'), caseNumber: z.string() })
        .safeParse(answer.body);
      return open.success ? read(open.data.caseNumber) : expectShape(caseShape, answer);
    },
    read,
    answer: async (caseNumber, { id, role }, body) =>
      expectShape(caseShape, await call('POST', `/cases/${caseNumber}/tasks/${id}`, role, body)),
    messages: async (caseNumber) =>
      (await get(`/notifications?caseNumber=${caseNumber}&limit=200`, listOf(messageShape))).items,
  };
}

/** 429, 503 and lost calls are repeated with the same key: whatever was taken is taken once. */
async function untilAnswered(base: string, { method, path, role, body }: Call, patienceMs: number) {
  const headers = {
    authorization: `Bearer demo-${role}`,
    ...(body ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
  };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  const end = Date.now() + patienceMs;
  for (;;) {
    const answer = await once(`${base}${path}`, init);
    if (answer && ![429, 503].includes(answer.status)) return answer;
    if (Date.now() > end) throw new DemoError(`${method} ${base}${path} is not answered`);
    await delay(250);
  }
}

async function once(url: string, init: RequestInit) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
    return { status: response.status, body: (await response.json()) as unknown };
  } catch {
    return null;
  }
}

interface Answer {
  status: number;
  body: unknown;
}

function expectShape<Shape extends z.ZodType>(shape: Shape, answer: Answer): z.infer<Shape> {
  const { data, error } = shape.safeParse(expectOk(answer));
  if (!error) return data;
  const where = error.issues[0]?.path.join('/') ?? '';
  throw new DemoError(
    `The API answers otherwise than this demo expects, at /${where}: is it of another build?`,
  );
}

function expectOk({ status, body }: Answer): unknown {
  if (status < 300) return body;
  if (status === 401)
    throw new DemoError(
      'The demo tokens are not accepted: the demo is for the embedded default of npm start.',
    );
  throw new DemoError(`${status}: ${JSON.stringify(body)}`);
}
