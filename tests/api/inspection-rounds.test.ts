/** What a client of the door sees of a round of inspection: opened ad hoc, answered by its examples, refused by field (FLOW-INSP). */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openExamples } from '../../domain/flows/scheduled-inspection/opening.ts';
import { answer, openTask, readCase, walk } from '../support/api/case-walk.ts';
import type { Body } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const [late] = openExamples;
const open = (changes: Body = {}, key: string = randomUUID()) =>
  door.call('POST', '/v1/cases', 'hotline', { ...late, ...changes }, key);
const isClosed = ({ status }: { status: string }) => status === 'closed';

test('a round opened over the API is ad hoc: two of the same may stand side by side', async () => {
  const key = randomUUID();
  const first = await open({}, key);
  expect(first).toMatchObject({
    status: 201,
    body: {
      flow: 'scheduledInspection',
      customerNumber: 'CU-1003',
      serialNumber: null,
      entitlement: null,
      severity: 'low',
    },
  });
  expect(await open({}, key)).toMatchObject({ status: 200 });
  expect((await open()).status).toBe(201);
});

test.each(openExamples)(
  'the example of the $phase phase closes by the examples of its tasks',
  async (example) => {
    const { body } = await open(example);
    const { caseNumber } = body as { caseNumber: string };
    const ended = await walk(door, caseNumber, isClosed);
    expect(ended).toMatchObject({ status: 'closed', outcome: 'inspected' });
  },
);

test('a request of class inspection needs no flow, and says why it is one', async () => {
  const { flow: _, ...unrouted } = { ...late };
  const opened = await door.call(
    'POST',
    '/v1/cases',
    'supervisor',
    { ...unrouted, class: 'inspection' },
    randomUUID(),
  );
  expect(opened).toMatchObject({
    status: 201,
    body: { flow: 'scheduledInspection', routing: { because: ['class inspection'] } },
  });
});

test.each<[string, Body, string]>([
  ['an unknown phase', { phase: 'last' }, '/phase'],
  ['an unknown asset', { serialNumbers: ['NET-SCH-0001', 'NET-SCH-9999'] }, '/serialNumbers/1'],
  ['somebody else’s asset', { serialNumbers: ['TV55-880001'] }, '/serialNumbers/0'],
  ['an asset twice', { serialNumbers: ['NET-SCH-0001', 'NET-SCH-0001'] }, '/serialNumbers'],
  [
    'an unknown customer',
    { customerNumber: 'CU-9999', serialNumbers: undefined },
    '/customerNumber',
  ],
  ['a due date gone by', { dueBy: '2020-01-01T00:00:00Z' }, '/dueBy'],
  [
    'an occurrence, which only a schedule names',
    { occurrence: { scheduleNumber: 'SC-0001' } },
    '/occurrence',
  ],
  ['two due dates', { dueBy: '2099-01-01T00:00:00Z', dueWithin: 'P2D' }, '/dueWithin'],
  ['a grave severity', { severity: 'critical' }, '/severity'],
])('%s is refused by its field', async (_, changes, pointer) => {
  const { status, body } = await open(changes);
  expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ pointer }] });
});

test('a form that leaves an asset out is 422 and names it; the round is as it was', async () => {
  const { body } = await open({ phase: 'middle' });
  const { caseNumber } = body as { caseNumber: string };
  await answer(door, await openTask(door, caseNumber, 'planRound'));
  const form = await openTask(door, caseNumber, 'fileMiddleForm');
  const one = { serialNumber: 'NET-SCH-0010', equipment: 'good', lines: 'good', upkeepDone: true };
  const refused = await answer(door, form, { entries: [one], findings: [] });
  expect(refused).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          pointer: '/entries',
          detail: 'every asset of the round: NET-SCH-0011, NET-SCH-0012 missing',
        },
      ],
    },
  });
  const unknown = { serialNumber: 'NET-SCH-0010', kind: 'fault', faultCode: 'NO-SUCH-CODE' };
  expect(await answer(door, form, { findings: [unknown] })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/findings/0/faultCode' }] },
  });
  expect((await readCase(door, caseNumber)).openTasks.map(({ id }) => id)).toContain(form.id);
});
