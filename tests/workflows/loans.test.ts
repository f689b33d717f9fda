/** FLOW-LOAN, FLOW-PF-IW: a loan has a life of its own, and is cleared by the field office only against old part and slip. */
import { expect, test } from 'vitest';
import { createParts } from '../../services/parts/built-in.ts';
import type { Case } from './case.ts';
import { eventually, expectRefusal, wordOf } from './desk.ts';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { seen } from './seen.ts';
import { loanTo, pumpKit } from './steps.ts';

const desk = deskOfThisFile();

const loanOf = (kase: Case) => desk.world.client.workflow.getHandle(`${kase.caseNumber}/loan1`);
const pumpBack = {
  slipNumber: 'SLIP-7',
  lines: [
    { partNumber: 'HP-PUMP-230', usedWithCore: 1, returnedUnused: 0, oldPartSerials: ['P-1'] },
  ],
};

test.concurrent('parts come back in several lots; each leaves what is still out', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  await kase.answer('loan1-reportReturn-1', pumpBack);
  const rest = await kase.task('loan1-reportReturn-2');
  expect(rest.context).toMatchObject({
    outstanding: [
      { partNumber: 'HP-PUMP-230', outstanding: 0 },
      { partNumber: 'HP-SEAL-230', outstanding: 2 },
    ],
  });
  expect((await kase.view()).blockers).toMatchObject([{ id: 'loan1' }]);
  await kase.answer('loan1-reportReturn-2', {
    slipNumber: undefined,
    lines: [{ partNumber: 'HP-SEAL-230', usedWithCore: 0, returnedUnused: 2, oldPartSerials: [] }],
  });
  await kase.answer('recordCallback');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect((await seen(desk.world, kase.caseNumber)).loans.loan1).toEqual({
    'HP-PUMP-230': [1, 1, 0, 0],
    'HP-SEAL-230': [2, 0, 2, 0],
  });
  expect(await loanOf(kase).result()).toMatchObject({ outcome: 'cleared' });
});

test.concurrent.each([
  [
    'more than is out',
    { lines: [{ ...pumpBack.lines[0], usedWithCore: 2, oldPartSerials: ['1', '2'] }] },
  ],
  ['a used part without its old part', { lines: [{ ...pumpBack.lines[0], oldPartSerials: [] }] }],
  ['a used part without the slip', { slipNumber: undefined }],
])('the loan refuses %s, and stays as it was', async (_, wrong) => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  await expectRefusal(kase.answer('reportReturn', { ...pumpBack, ...wrong }), 'invalidAnswer');
  expect((await kase.task('reportReturn')).id).toBe('loan1-reportReturn-1');
  await kase.walkTo('the end');
  await kase.ended();
});

test.concurrent('what is lost is written off by a supervisor, never more than is out, and clears the loan', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  const writeOff = (quantity: number, partNumber = 'HP-SEAL-230') =>
    kase.say(
      'writeOffLoan',
      {
        reason: 'Lost in the mud.',
        loan: 'loan1',
        chargeTo: 'technician',
        lines: [{ partNumber, quantity }],
      },
      { loan: 'loan1' },
    );
  await expectRefusal(writeOff(3), 'invalidAnswer');
  await expectRefusal(writeOff(1, 'HY-HOSE-16'), 'invalidAnswer');
  await writeOff(2);
  await kase.answer('loan1-reportReturn-2', pumpBack);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(desk.world, kase.caseNumber)).loans.loan1).toEqual({
    'HP-PUMP-230': [1, 1, 0, 0],
    'HP-SEAL-230': [2, 0, 0, 2],
  });
});

test.concurrent('two write-offs of the same part at once take off what is out, and no task is left that nobody can do', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  const lines = [{ partNumber: 'HP-SEAL-230', quantity: 1 }];
  const body = { reason: 'Stolen.', loan: 'loan1', chargeTo: 'company' as const, lines };
  const send = (more: typeof lines) => {
    const word = wordOf('writeOffLoan', 'supervisor', { ...body, lines: more });
    return loanOf(kase).executeUpdate('writeOffLoan', { args: [word] });
  };
  await Promise.allSettled([1, 2, 3, 4].map(() => send(lines)));
  await Promise.allSettled([send([...lines, ...lines, ...lines])]);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
});

test.concurrent('more time is given by a reason; the new due time is in the future and on record', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  const extend = (dueAt: string) =>
    kase.say(
      'extendLoan',
      { reason: 'Still needed.', loan: 'loan1', dueAt },
      { loan: 'loan1', role: 'partsKeeper' },
    );
  await expectRefusal(extend('2020-01-01T00:00:00Z'), 'invalidAnswer');
  await extend('2091-01-01T00:00:00Z');
  await eventually(
    () => createParts(desk.world.sql).questions.getLoan(`${kase.caseNumber}/loan1`),
    (loan) => loan?.dueAt === '2091-01-01T00:00:00.000Z',
  );
  expect(await kase.timeline()).toContainEqual(
    expect.objectContaining({ kind: 'loanExtended', subject: 'loan1', reason: 'Still needed.' }),
  );
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('nothing is extended or written off before anything is out', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'issueParts');
  const extension = { reason: 'Why not.', loan: 'loan1', dueAt: '2091-01-01T00:00:00Z' };
  const loss = { reason: 'Lost.', loan: 'loan1', chargeTo: 'company' as const, lines: pumpKit };
  await expectRefusal(kase.say('extendLoan', extension, { loan: 'loan1' }), 'illegalTransition');
  await expectRefusal(kase.say('writeOffLoan', loss, { loan: 'loan1' }), 'illegalTransition');
  await kase.walkTo('the end');
  await kase.ended();
});

test.concurrent('a case closes over a loan that is waived by name; the loan goes on and can still be cleared', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  await expectRefusal(kase.say('close', { reason: 'Enough.' }), 'blocked');
  await kase.say('waive', { reason: 'The parts follow by post.', blocker: 'loan1' });
  await kase.answer('recordCallback');
  expect(await kase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'repaired',
    blockers: [{ kind: 'openLoan', id: 'loan1' }],
    waivers: [{ id: 'loan1', actor: 'ST-05' }],
  });
  expect((await kase.task('reportReturn')).workflowId).toBe(`${kase.caseNumber}/loan1`);
  await kase.answer('reportReturn');
  expect(await loanOf(kase).result()).toMatchObject({ outcome: 'cleared' });
  expect((await seen(desk.world, kase.caseNumber)).loans.loan1).toMatchObject({
    'HP-PUMP-230': [1, 1, 0, 0],
  });
});

test.concurrent('a loan that an operator cancels in the engine stays, once its parts are out', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  await loanOf(kase).cancel();
  await eventually(
    () => kase.timeline(),
    (lines) => lines.some((line) => line.kind === 'refused' && line.subject === 'cancel'),
  );
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect(await loanOf(kase).result()).toMatchObject({ outcome: 'cleared' });
});
