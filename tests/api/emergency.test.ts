/** What a client of the door sees of an emergency: it is opened by class or by severity, and refused with what is allowed (FLOW-EMER). */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openExamples } from '../../domain/flows/emergency-response/opening.ts';
import { answer, openTask, readCase, timelineOf, walk } from '../support/api/case-walk.ts';
import type { Body } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const [real, drill] = openExamples;
const open = async (request: Body) => {
  const opened = await door.call('POST', '/v1/cases', 'hotline', request, randomUUID());
  return { ...opened, caseNumber: String(opened.body.caseNumber) };
};

test('an emergency graded lower without a reason is 422 with what is allowed, and changes nothing; with a reason it is taken', async () => {
  const { caseNumber } = await open({ ...real });
  await answer(door, await openTask(door, caseNumber, 'answerPage'));
  const contact = await openTask(door, caseNumber, 'reportFirstContact');
  const refused = await answer(door, contact, { severity: 'low' });
  expect(refused).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          pointer: '/gradeReason',
          detail:
            'low is lower than critical: give the reason, or leave the grade at critical or above',
        },
      ],
    },
  });
  expect(await readCase(door, caseNumber)).toMatchObject({
    severity: 'critical',
    openTasks: [{ id: contact.id }],
  });
  const taken = await answer(door, contact, { severity: 'low', gradeReason: 'A test system.' });
  expect(taken).toMatchObject({ status: 200, body: { severity: 'low' } });
  const changed = (await timelineOf(door, caseNumber)).find(
    ({ kind }) => kind === 'severityChanged',
  );
  expect(changed).toMatchObject({ subject: 'low' });
  const reason = { reason: 'The test is over.' };
  await door.call('POST', `/v1/cases/${caseNumber}/actions/cancel`, 'supervisor', reason);
});

test('a report that names no flow is an emergency by its class, or as a critical repair of an IT product; it says why', async () => {
  const { flow: _, ...unrouted } = { ...real };
  for (const [request, why] of [
    [{ ...unrouted, class: 'emergency', severity: 'low' }, 'class emergency'],
    [{ ...unrouted, class: 'repair' }, expect.stringContaining('severity critical')],
  ]) {
    const opened = await open(request);
    const routing = { because: expect.arrayContaining([why]) };
    expect(opened).toMatchObject({ status: 201, body: { flow: 'emergencyResponse', routing } });
    const reason = { reason: 'The test is over.' };
    await openTask(door, opened.caseNumber);
    await door.call('POST', `/v1/cases/${opened.caseNumber}/actions/reject`, 'hotline', reason);
  }
});

test('the same emergency twice is 409; a drill of it beside it is not', async () => {
  const first = await open({ ...real });
  expect(first.status).toBe(201);
  expect(await open({ ...real })).toMatchObject({ status: 409, body: { code: 'duplicateCase' } });
  const rehearsed = await open({ ...real, drill: true });
  expect(rehearsed.status).toBe(201);
  for (const one of [first, rehearsed])
    await walk(door, one.caseNumber, ({ status }) => status === 'closed');
});

test('the second example is a drill: it closes by first examples, and nobody was told', async () => {
  const { caseNumber } = await open({ ...drill });
  const closed = await walk(door, caseNumber, ({ status }) => status === 'closed');
  expect(closed).toMatchObject({ outcome: 'drillCompleted', severity: 'high' });
  const { body } = await door.call(
    'GET',
    `/v1/notifications?caseNumber=${caseNumber}`,
    'supervisor',
  );
  expect(body.items).toEqual([]);
});
