/** What a client of the door sees of defects: how a report is opened, what is refused and what is allowed instead, what has failed. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Role } from '../../domain/case.ts';
import { openExamples } from '../../domain/flows/defect-report/opening.ts';
import { answer, exampleOf, openTask, readCase, walk } from '../support/api/case-walk.ts';
import type { Body } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const [example] = openExamples;
const open = async (changes: Body = {}, role: Role = 'hotline') => {
  const request = { ...example, ...changes };
  const opened = await door.call('POST', '/v1/cases', role, request, randomUUID());
  return { ...opened, caseNumber: String(opened.body.caseNumber) };
};
const fault = (code: string) => ({ fault: { code, description: 'It fails.' } });

test('the first examples lead a report to its corrective action, and the next report of the fault is a new one', async () => {
  const { caseNumber, status, body } = await open();
  expect(status).toBe(201);
  expect(body).toMatchObject({
    flow: 'defectReport',
    customerNumber: null,
    serialNumber: null,
    entitlement: null,
  });
  const isClosed = (found: { status: string }) => found.status === 'closed';
  expect(await walk(door, caseNumber, isClosed)).toMatchObject({
    outcome: 'correctiveActionInPlace',
    facts: { effectCheck: { state: 'waiting', checkAt: expect.any(String) } },
  });
  for (const _ of ['again', 'and again']) {
    const next = await open();
    expect(next.status).toBe(201);
    await walk(door, next.caseNumber, isClosed);
  }
});

test('a second open report of one model and fault is 409 with a link to the first', async () => {
  const { caseNumber } = await open(fault('SRV-DISK-FAIL'));
  expect(await open(fault('SRV-DISK-FAIL'), 'supervisor')).toMatchObject({
    status: 409,
    body: { code: 'duplicateCase', caseNumber, link: `/v1/cases/${caseNumber}` },
  });
  expect(
    (await open({ ...fault('SRV-DISK-FAIL'), productModel: 'SRV-ST24', affectedSerials: [] }))
      .status,
  ).toBe(201);
});

test.each([
  ['an unknown model', { productModel: 'NO-SUCH' }, '/productModel', 'unknown productModel'],
  ['an unknown fault', fault('NO-SUCH'), '/fault/code', 'unknown faultCode'],
  [
    'an unknown case',
    { source: { kind: 'case', caseNumber: 'C-999999' } },
    '/source/caseNumber',
    'unknown caseNumber',
  ],
  [
    'no case that it was found in',
    { source: { kind: 'inspection' } },
    '/source/caseNumber',
    'name the case that it was found in',
  ],
  [
    'an unknown unit',
    { affectedSerials: ['NO-SUCH'] },
    '/affectedSerials/0',
    'unknown serialNumber',
  ],
  [
    'a unit of another model',
    { affectedSerials: ['NET-SCH-0001', 'TV55-880001'] },
    '/affectedSerials/1',
    'not a NET-SW48',
  ],
])('a report of %s is 422 by field', async (_, changes, pointer, detail) => {
  expect(await open({ ...fault('NET-NO-LINK'), ...changes })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer, detail }] },
  });
});

test('reports are opened by the hotline and by supervisors', async () => {
  for (const role of ['engineer', 'quality', 'auditor'] as const)
    expect((await open(fault('NET-NO-LINK'), role)).status).toBe(403);
});

test('an action that is due in the past is 422 and says what is allowed; a later one is taken', async () => {
  const { caseNumber } = await open(fault('NET-NO-LINK'));
  await walk(door, caseNumber, ({ openTasks }) => openTasks[0]?.name === 'proposeAction');
  const task = await openTask(door, caseNumber, 'proposeAction');
  const past = new Date(Date.now() - 1_000).toISOString();
  expect(await answer(door, task, { dueAt: past })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          pointer: '/dueAt',
          detail: expect.stringMatching(/^lies in the past: must be later than 20/),
        },
      ],
    },
  });
  expect(await answer(door, task, { affectedModels: ['NET-SW48', 'NO-SUCH'] })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/affectedModels/1', detail: 'unknown productModel' }] },
  });
  expect(await readCase(door, caseNumber)).toMatchObject({ stage: 'proposingAction' });
  const dueAt = new Date(Date.now() + 86_400_000).toISOString();
  expect(exampleOf(task).dueAt).toBeDefined();
  expect(await answer(door, task, { dueAt })).toMatchObject({ status: 200 });
  await walk(door, caseNumber, ({ openTasks }) => openTasks[0]?.name === 'reportActionInPlace');
  expect(await readCase(door, caseNumber)).toMatchObject({
    nextDueAt: dueAt,
    facts: { action: { dueAt, state: 'approved' } },
  });
});

test('a closed report is neither canceled nor closed again: 409', async () => {
  const { caseNumber } = await open(fault('GEN-OTHER'));
  await walk(door, caseNumber, (found) => found.status === 'closed', {
    verifyDefect: { result: 'notReproduced', grade: undefined },
  });
  for (const action of ['cancel', 'close']) {
    const path = `/v1/cases/${caseNumber}/actions/${action}`;
    const said = await door.call('POST', path, 'supervisor', { reason: 'It is back.' });
    expect(said.status).toBe(409);
  }
});

test('failure records are read page by page, by model and fault, by whoever is known', async () => {
  const { caseNumber } = await open(fault('TV-NO-PICTURE'));
  for (const number of [1, 2, 3])
    await door.world.deps.defects.recordFailure({
      effectKey: `${caseNumber}/${number}`,
      caseNumber,
      cycle: number,
      productModel: 'NET-SW48',
      serialNumber: `NET-SCH-000${number}`,
      faultCode: 'NET-NO-LINK',
      causeCode: null,
      remedyCode: 'REPLACED',
      failedAt: '2026-01-01T00:00:00.000Z',
      windowMs: 1,
    });
  const get = (query: string, role: Role = 'quality') =>
    door.call('GET', `/v1/failure-records?${query}`, role);
  const first = await get('productModel=NET-SW48&faultCode=NET-NO-LINK&limit=2');
  expect(first.body.items).toMatchObject([
    { serialNumber: 'NET-SCH-0003', caseNumber, failedAt: '2026-01-01T00:00:00.000Z' },
    { serialNumber: 'NET-SCH-0002' },
  ]);
  const rest = await get(
    `faultCode=NET-NO-LINK&limit=2&cursor=${first.body.nextCursor}`,
    'auditor',
  );
  expect(rest.body).toMatchObject({ items: [{ serialNumber: 'NET-SCH-0001' }], nextCursor: null });
  expect((await get('productModel=TV55', 'engineer')).body).toEqual({
    items: [],
    nextCursor: null,
  });
  expect((await get('model=TV55')).status).toBe(422);
  expect((await get('cursor=zzz')).status).toBe(422);
});
