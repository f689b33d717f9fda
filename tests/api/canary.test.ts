import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Act, Engine } from '../../api/engine.ts';
import { type ActionName, actionExamples, actions } from '../../domain/action-contracts.ts';
import type { Role } from '../../domain/case.ts';
import { definitionOf, flowDefinition, flows, tasksOf } from '../../domain/catalogue.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import { actionRoles } from '../../domain/status.ts';
import { answer, caseOnce, exampleOf, type Task } from '../support/api/case-walk.ts';
import { type Body, type Door, engineOf, noEngine, openDoor } from '../support/api/door.ts';
import { canary, withCanaries } from '../support/canary.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
/** Everything that the door hands to the engine is kept here instead. */
let handedOver: (Act | OpenedCase)[];
let toNobody: Door;
let door: Door;

const keeping: Engine = {
  ...noEngine,
  start: async (opened) => void handedOver.push(opened),
  open: async (opened) => void handedOver.push(opened),
  deliver: async (act) => ({ revision: handedOver.push(act) }),
};

beforeAll(async () => {
  world = await startWorld();
  toNobody = await openDoor(world.sql, keeping);
  door = await openDoor(world.sql, engineOf(world));
});
afterAll(async () => {
  await toNobody.app.close();
  await door.app.close();
  await world.close();
});

const post = (path: string, role: Role, body: unknown, key = randomUUID()) =>
  toNobody.call('POST', path, role, body, key);

/** What the door handed over, in words, while `call` was under way. */
async function heardDuring(call: () => Promise<unknown>): Promise<string> {
  handedOver = [];
  await call();
  expect(handedOver).toHaveLength(1);
  return JSON.stringify(handedOver);
}

test.each(flows)(
  'of the personal fields that open $name, and of its tasks, the engine hears none',
  async (flow) => {
    const { value, fields, unreached } = withCanaries(flow.input, { ...flow.examples[0] });
    expect([unreached, fields.length]).toEqual([[], expect.any(Number)]);
    let caseNumber = '';
    const opening = await heardDuring(async () => {
      const { status, body } = await post('/v1/cases', 'supervisor', value);
      expect([status, body.errors]).toEqual([201, undefined]);
      caseNumber = String(body.caseNumber);
    });
    expect(opening).not.toContain(canary);
    const tasks = tasksOf(flow).map(({ name }) => definitionOf(name));
    for (const { name, role, answer: shape, example } of tasks) {
      const marked = withCanaries(shape, example({}));
      expect([name, marked.unreached]).toEqual([name, []]);
      await standingTask(caseNumber, name);
      const act = await heardDuring(async () => {
        const path = `/v1/cases/${caseNumber}/tasks/${name}-1`;
        expect(await post(path, role, marked.value)).toMatchObject({ status: 200 });
      });
      expect(act).not.toContain(canary);
    }
  },
);

/** A task that was open once: what is wrong with an answer to it is for the workflow to say. */
const standingTask = (caseNumber: string, name: string) => world.sql`
  insert into tasks (case_number, task_id, workflow_id, name, role, stage, context, opened_at, closed_at)
  values (${caseNumber}, ${`${name}-1`}, ${caseNumber}, ${name}, 'engineer', '', '{}', now(), now())
  on conflict do nothing`;

test('of the personal fields of actions the engine hears none', async () => {
  const opening = flowDefinition('inWarrantyRepair')?.examples[0];
  const request = { ...opening, allowDuplicate: { reason: 'Beside another.' } };
  const opened = await post('/v1/cases', 'supervisor', request);
  const shapes: [string, z.ZodObject][] = Object.entries(actions);
  const personal = shapes.flatMap(([name, shape]) => {
    const { value, fields } = withCanaries(shape, actionExamples[name as ActionName]);
    return fields.length > 0 ? [{ name: name as ActionName, value }] : [];
  });
  expect(personal.map(({ name }) => name)).toContain('note');
  for (const { name, value } of personal) {
    const path = `/v1/cases/${opened.body.caseNumber}/actions/${name}`;
    const [role] = actionRoles[name];
    const act = await heardDuring(() => post(path, role ?? 'supervisor', value));
    expect(act).not.toContain(canary);
  }
});

test.each(flows)(
  'no history of $name, walked to its end, holds what belongs to a person',
  async (flow) => {
    const { value, fields } = withCanaries(flow.input, { ...flow.examples[0] }, true);
    const request =
      'allowDuplicate' in flow.input.shape
        ? { ...(value as Body), allowDuplicate: { reason: 'Beside another.' } }
        : value;
    const opened = await door.call('POST', '/v1/cases', 'supervisor', request, randomUUID());
    expect([opened.status, opened.body.errors]).toEqual([201, undefined]);
    const caseNumber = String(opened.body.caseNumber);
    let marks = fields.length;
    for (;;) {
      const found = await caseOnce(
        door,
        caseNumber,
        (now) => now.status === 'closed' || now.openTasks.length > 0,
      );
      const [task] = found.openTasks;
      if (!task) break;
      marks += await answerMarked(task);
    }
    expect(marks).toBeGreaterThan(3);
    for (const history of await historiesOf(caseNumber)) expect(history).not.toContain(canary);
  },
);

async function answerMarked(task: Task): Promise<number> {
  const { answer: shape } = definitionOf(task.name as Parameters<typeof definitionOf>[0]);
  const { value, fields } = withCanaries(shape, exampleOf(task), true);
  const given = await answer(door, task, value as Body);
  if (given.status === 200) return fields.length;
  expect([task.name, given.status, given.body.errors]).toEqual([task.name, 409, undefined]);
  return 0;
}

/** Every payload of a case and its children, decoded. */
async function historiesOf(caseNumber: string): Promise<string[]> {
  const told = await world.sql<{ workflowId: string }[]>`
    select workflow_id as "workflowId" from case_workflows where case_number = ${caseNumber}`;
  return Promise.all(
    told.map(async ({ workflowId }) => {
      const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
      const payloads = JSON.stringify(history);
      const decoded = [...payloads.matchAll(/"data":"([^"]+)"/g)].map(([, data]) =>
        Buffer.from(data ?? '', 'base64').toString(),
      );
      expect(decoded.length).toBeGreaterThan(0);
      return [payloads, ...decoded].join('\n');
    }),
  );
}
