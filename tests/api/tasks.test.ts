import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  answer,
  caseFactory,
  caseOnce,
  exampleOf,
  openTask,
  readCase,
  standing,
  timelineOf,
  walk,
} from '../support/api/case-walk.ts';
import { type Body, firstExample } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const newCase = caseFactory(() => door);
const timeline = (caseNumber: string) => timelineOf(door, caseNumber);
const refusals = async (caseNumber: string) =>
  (await timeline(caseNumber)).filter((event) => event.kind === 'refused');

test('a case walks from call to close by first examples, each answer readable at once', async () => {
  const opened = await door.call('POST', '/v1/cases', 'hotline', firstExample(), randomUUID());
  const caseNumber = String(opened.body.caseNumber);
  const closed = await walk(door, caseNumber, ({ status }) => status === 'closed');
  expect(closed).toMatchObject({
    outcome: 'repaired',
    openTasks: [],
    blockers: [],
    waitingOn: null,
  });
  const events = await timeline(caseNumber);
  expect(events.filter((event) => event.kind === 'refused')).toEqual([]);
  const records = await door.call('GET', `/v1/cases/${caseNumber}/service-records`, 'auditor');
  expect(records.body.items).toEqual([
    expect.objectContaining({
      version: 1,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      signatures: [expect.objectContaining({ signed: true, signatureValid: true })],
    }),
  ]);
});

test('an answer is 200 with the case after it, and every reading is at least that new', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const given = await answer(door, task);
  expect(given.status).toBe(200);
  expect(JSON.stringify(given.body.openTasks)).not.toContain(task.id);
  const [read, events] = await Promise.all([readCase(door, caseNumber), timeline(caseNumber)]);
  expect(read.openTasks.map((open) => open.id)).not.toContain(task.id);
  expect(
    events.find((event) => event.subject === task.id && event.kind === 'taskAnswered'),
  ).toMatchObject({
    actor: { id: 'ST-02', role: 'engineer' },
    updateId: expect.stringMatching(/^act-[0-9a-f]{40}$/),
  });
});

test('the same key and body again is 200 and applied once, another body 422, another key 409', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const key = randomUUID();
  expect((await answer(door, task, {}, key)).status).toBe(200);
  expect((await answer(door, task, {}, key)).status).toBe(200);
  expect(await answer(door, task, { findings: 'Other.' }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused' },
  });
  expect(await answer(door, task)).toMatchObject({
    status: 409,
    body: {
      code: 'taskNotOpen',
      currentStatus: expect.any(String),
      stage: expect.any(String),
      allowedActions: expect.any(Array),
    },
  });
  const answered = (await timeline(caseNumber)).filter((event) => event.kind === 'taskAnswered');
  expect(answered).toHaveLength(1);
  expect((await refusals(caseNumber)).map((event) => event.detail.code)).toEqual([
    'idempotencyKeyReused',
    'taskNotOpen',
  ]);
});

test('20 answers at once with one key are one; with 20 keys, one wins and 19 are 409', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const key = randomUUID();
  const same = await Promise.all(Array.from({ length: 20 }, () => answer(door, task, {}, key)));
  expect(same.map((given) => given.status)).toEqual(Array(20).fill(200));
  const next = await openTask(door, caseNumber);
  const many = await Promise.all(Array.from({ length: 20 }, () => answer(door, next)));
  expect(many.map((given) => given.status).sort()).toEqual([200, ...Array(19).fill(409)]);
  const answered = (await timeline(caseNumber)).filter((event) => event.kind === 'taskAnswered');
  expect(answered.map((event) => event.subject)).toEqual([task.id, next.id]);
});

test('without a key a double click is one answer, and another answer is 409', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const path = `/v1/cases/${caseNumber}/tasks/${task.id}`;
  const click = (changes: Body = {}) =>
    door.call('POST', path, 'engineer', exampleOf(task, changes));
  const [one, two] = await Promise.all([click(), click()]);
  expect([one.status, two.status]).toEqual([200, 200]);
  expect((await click({ fixedByPhone: true, guideByPhone: false })).status).toBe(409);
});

test('the wrong role is 403 before the body is looked at, audited, and changes nothing', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const before = await readCase(door, caseNumber);
  const path = `/v1/cases/${caseNumber}/tasks/${task.id}`;
  for (const role of [
    'hotline',
    'support',
    'partsKeeper',
    'supervisor',
    'manager',
    'quality',
    'auditor',
    'admin',
  ] as const)
    expect(await door.call('POST', path, role, { nonsense: true })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  expect(standing(await readCase(door, caseNumber))).toEqual(standing(before));
  expect(await refusals(caseNumber)).toHaveLength(8);
});

test('an answer that does not fit is 422 by field, and changes nothing', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const before = await readCase(door, caseNumber);
  const pointers = async (changes: Body) => {
    const { status, body } = await answer(door, task, changes);
    expect(status).toBe(422);
    return (body.errors as { pointer: string }[]).map((error) => error.pointer);
  };
  expect(await pointers({ surprise: 1, fixedByPhone: 'no' })).toEqual([
    '/fixedByPhone',
    '/surprise',
  ]);
  expect(await pointers({ expectedParts: [{ partNumber: 'NO-SUCH-PART', quantity: 1 }] })).toEqual([
    '/expectedParts/0/partNumber',
  ]);
  expect(
    await pointers({ expectedParts: [{ partNumber: 'HP-PUMP-230', quantity: 2 ** 31 }] }),
  ).toEqual(['/expectedParts/0/quantity']);
  expect(await pointers({ guideByPhone: true, customerHasPart: false })).toEqual(['/guideByPhone']);
  expect(await pointers({ likelyFaultCode: 'NO-SUCH' })).toEqual(['/likelyFaultCode']);
  expect(standing(await readCase(door, caseNumber))).toEqual(standing(before));
  expect(await refusals(caseNumber)).toHaveLength(5);
});

test('what is not open now is 409; what the flow does not have, 404', async () => {
  const caseNumber = await newCase();
  await openTask(door, caseNumber, 'reportPhoneTriage');
  const post = (
    taskId: string,
    role: 'engineer' | 'hotline' = 'engineer',
    body: Body = { workClothing: true, powerCut: true },
  ) => door.call('POST', `/v1/cases/${caseNumber}/tasks/${taskId}`, role, body);
  expect(await post('confirmSafety-1')).toMatchObject({
    status: 409,
    body: { code: 'taskNotOpen', currentStatus: 'triaged' },
  });
  expect((await post('confirmSafety-99')).status).toBe(409);
  for (const unknown of [
    'confirmSafety',
    'nonsense-1',
    'toString-1',
    '__proto__-1',
    'confirmSafety--1',
    'confirmSafety-1e3',
    '%20',
  ])
    expect(await post(unknown)).toMatchObject({ status: 404 });
  const elsewhere = `/v1/cases/C-999999/tasks/confirmSafety-1`;
  expect((await door.call('POST', elsewhere, 'engineer', {})).status).toBe(404);
});

test('the worklist shows who has to do what, within seconds', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber);
  const list = await door.call(
    'GET',
    `/v1/tasks?caseNumber=${caseNumber}&role=engineer`,
    'engineer',
  );
  expect(list.body.items).toEqual([
    expect.objectContaining({ id: task.id, caseNumber, role: 'engineer' }),
  ]);
  const others = await door.call(
    'GET',
    `/v1/tasks?caseNumber=${caseNumber}&role=hotline`,
    'engineer',
  );
  expect(others.body.items).toEqual([]);
});

test('an act whose answer was lost is repeated with its key and applied once, also when the case is closed', async () => {
  const caseNumber = await newCase();
  const triage = await openTask(door, caseNumber, 'reportPhoneTriage');
  await answer(door, triage, {
    fixedByPhone: true,
    customerHasPart: false,
    guideByPhone: false,
    expectedParts: [],
  });
  await walk(door, caseNumber, ({ openTasks }) =>
    openTasks.some((task) => task.name === 'recordCallback'),
  );
  const callback = await openTask(door, caseNumber, 'recordCallback');
  const key = randomUUID();
  expect((await answer(door, callback, {}, key)).status).toBe(200);
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
  expect(await answer(door, callback, {}, key)).toMatchObject({
    status: 200,
    body: { status: 'closed' },
  });
  expect(await answer(door, callback)).toMatchObject({
    status: 409,
    body: { currentStatus: 'closed' },
  });
});
