/** Whoever speaks out of turn or twice is refused by the workflow itself; the case is unharmed (I13, I14). */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Body, Case } from '../support/workflows/case.ts';
import { expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { fixedByPhone, nothingNeeded, pumpKit, visitTo } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const triage = {
  likelyFaultCode: 'HYD-PUMP-LOSS',
  fixedByPhone: true,
  customerHasPart: false,
  guideByPhone: false,
  expectedParts: [],
  document: null,
};
const envelope = (changes: Body = {}): Body => ({
  actor: { id: 'ST-02', role: 'engineer' },
  occurredAt: new Date().toISOString(),
  actId: randomUUID(),
  taskId: 'reportPhoneTriage-1',
  answer: triage,
  ...changes,
});

test.concurrent('an answer in another role is refused', async () => {
  const theCase = await desk.open();
  for (const role of ['hotline', 'support', 'partsKeeper', 'supervisor', 'auditor'] as const)
    await expectRefusal(theCase.answer('reportPhoneTriage', {}, { role }), 'forbidden');
  const view = await theCase.view();
  expect(view).toMatchObject({ status: 'triaged', stage: 'phoneTriage' });
  await end(theCase);
});

test.concurrent.each([
  [
    'of a task that is not open yet',
    'reportRepair',
    {
      taskId: 'reportRepair-1',
      answer: {
        result: 'repaired',
        usedParts: [],
        remedyCode: 'REPLACED',
        stepsFollowed: true,
        expectedParts: [],
        document: null,
      },
    },
  ],
  ['of a task that never was', 'reportPhoneTriage', { taskId: 'reportPhoneTriage-9' }],
  ["under another task's id", 'reportPhoneTriage', { taskId: 'recordCallback-1' }],
  ['under no task id', 'reportPhoneTriage', { taskId: undefined }],
  ['under a name from the language', 'reportPhoneTriage', { taskId: '__proto__' }],
])('an answer %s is refused', async (_, name, changes) => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await expectRefusal(theCase.deliver(name, envelope(changes)), 'taskNotOpen');
  await end(theCase);
});

test.concurrent('the same act twice is one act with one answer; another act finds the task closed', async () => {
  const theCase = await desk.open();
  const actId = randomUUID();
  await theCase.task('reportPhoneTriage');
  const act = envelope({ actId, answer: { ...triage, customerHasPart: false } });
  const first = await theCase.deliver('reportPhoneTriage', act);
  // under another update id the engine does not know the repetition: the workflow does
  const again = await theCase.handle.executeUpdate('reportPhoneTriage', { args: [act] });
  expect(again).toEqual({ revision: first });
  await expectRefusal(theCase.deliver('reportPhoneTriage', envelope()), 'taskNotOpen');
  await theCase.answer('recordCallback');
  await theCase.ended();
  const lines = (await theCase.timeline()).filter((line) => line.updateId === actId);
  expect(lines.map((line) => line.kind)).toEqual(['taskAnswered']);
});

test.concurrent('of twenty answers to one task at once, one is taken', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => theCase.deliver('reportPhoneTriage', envelope())),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repairedByPhone' });
});

test.concurrent('an answer is asked the same by the workflow as by the door: parts that are not on loan are refused', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'reportRepair', { reportPhoneTriage: nothingNeeded });
  const usedParts = [{ ...pumpKit[0], source: 'loan', oldPartSerials: ['P-1'] }];
  await expectRefusal(theCase.answer('reportRepair', { usedParts }), 'invalidAnswer');
  await end(theCase);
});

/** The case still takes answers: it goes on to its end from where it stands. */
async function end(theCase: Case): Promise<void> {
  await theCase.walkTo('the end', { reportPhoneTriage: fixedByPhone });
  expect(await theCase.ended()).toMatchObject({ status: 'closed' });
}
