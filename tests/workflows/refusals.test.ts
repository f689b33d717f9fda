/** Whoever speaks out of turn or twice is refused by the workflow itself; the case is unharmed (I13, I14). */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Body, Case } from './case.ts';
import { expectRefusal } from './desk.ts';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { fixedByPhone, nothingNeeded, pumpKit, visitTo } from './steps.ts';

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
  const kase = await desk.open();
  for (const role of ['hotline', 'support', 'partsKeeper', 'supervisor', 'auditor'] as const)
    await expectRefusal(kase.answer('reportPhoneTriage', {}, { role }), 'forbidden');
  const view = await kase.view();
  expect(view).toMatchObject({ status: 'triaged', stage: 'phoneTriage' });
  await end(kase);
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
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  await expectRefusal(kase.deliver(name, envelope(changes)), 'taskNotOpen');
  await end(kase);
});

test.concurrent('the same act twice is one act with one answer; another act finds the task closed', async () => {
  const kase = await desk.open();
  const actId = randomUUID();
  await kase.task('reportPhoneTriage');
  const act = envelope({ actId, answer: { ...triage, customerHasPart: false } });
  const first = await kase.deliver('reportPhoneTriage', act);
  // under another update id the engine does not know the repetition: the workflow does
  const again = await kase.handle.executeUpdate('reportPhoneTriage', { args: [act] });
  expect(again).toEqual({ revision: first });
  await expectRefusal(kase.deliver('reportPhoneTriage', envelope()), 'taskNotOpen');
  await kase.answer('recordCallback');
  await kase.ended();
  const lines = (await kase.timeline()).filter((line) => line.updateId === actId);
  expect(lines.map((line) => line.kind)).toEqual(['taskAnswered']);
});

test.concurrent('of twenty answers to one task at once, one is taken', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => kase.deliver('reportPhoneTriage', envelope())),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  await kase.answer('recordCallback');
  expect(await kase.ended()).toMatchObject({ outcome: 'repairedByPhone' });
});

test.concurrent('an answer is asked the same by the workflow as by the door: parts that are not on loan are refused', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'reportRepair', { reportPhoneTriage: nothingNeeded });
  const usedParts = [{ ...pumpKit[0], source: 'loan', oldPartSerials: ['P-1'] }];
  await expectRefusal(kase.answer('reportRepair', { usedParts }), 'invalidAnswer');
  await end(kase);
});

/** The case still takes answers: it goes on to its end from where it stands. */
async function end(kase: Case): Promise<void> {
  await kase.walkTo('the end', { reportPhoneTriage: fixedByPhone });
  expect(await kase.ended()).toMatchObject({ status: 'closed' });
}
