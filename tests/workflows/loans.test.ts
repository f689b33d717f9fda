/** FLOW-LOAN, FLOW-PF-IW: a loan has a life of its own, and is cleared by the field office only against old part and slip. */
import { expect, test } from 'vitest';
import { createParts } from '../../services/parts/built-in.ts';
import { actionOf, type Case } from '../support/workflows/case.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import { loanTo, pumpKit } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const loanOf = (theCase: Case) =>
  desk.world.client.workflow.getHandle(`${theCase.caseNumber}/loan1`);
const pumpBack = {
  slipNumber: 'SLIP-7',
  lines: [
    { partNumber: 'HP-PUMP-230', usedWithCore: 1, returnedUnused: 0, oldPartSerials: ['P-1'] },
  ],
};

test.concurrent('parts come back in several lots; each leaves what is still out', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  await theCase.answer('loan1-reportReturn-1', pumpBack);
  const rest = await theCase.task('loan1-reportReturn-2');
  expect(rest.context).toMatchObject({
    outstanding: [
      { partNumber: 'HP-PUMP-230', outstanding: 0 },
      { partNumber: 'HP-SEAL-230', outstanding: 2 },
    ],
  });
  expect((await theCase.view()).blockers).toMatchObject([{ id: 'loan1' }]);
  await theCase.answer('loan1-reportReturn-2', {
    slipNumber: undefined,
    lines: [{ partNumber: 'HP-SEAL-230', usedWithCore: 0, returnedUnused: 2, oldPartSerials: [] }],
  });
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect((await seen(desk.world, theCase.caseNumber)).loans.loan1).toEqual({
    'HP-PUMP-230': [1, 1, 0, 0],
    'HP-SEAL-230': [2, 0, 2, 0],
  });
  expect(await loanOf(theCase).result()).toMatchObject({ outcome: 'cleared' });
});

test.concurrent.each([
  [
    'more than is out',
    { lines: [{ ...pumpBack.lines[0], usedWithCore: 2, oldPartSerials: ['1', '2'] }] },
  ],
  ['a used part without its old part', { lines: [{ ...pumpBack.lines[0], oldPartSerials: [] }] }],
  ['a used part without the slip', { slipNumber: undefined }],
])('the loan refuses %s, and stays as it was', async (_, wrong) => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  await expectRefusal(theCase.answer('reportReturn', { ...pumpBack, ...wrong }), 'invalidAnswer');
  expect((await theCase.task('reportReturn')).id).toBe('loan1-reportReturn-1');
  await theCase.walkTo('the end');
  await theCase.ended();
});

test.concurrent('what is lost is written off by a supervisor, never more than is out, and clears the loan', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  const writeOff = (quantity: number, partNumber = 'HP-SEAL-230') =>
    theCase.act(
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
  await theCase.answer('loan1-reportReturn-2', pumpBack);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(desk.world, theCase.caseNumber)).loans.loan1).toEqual({
    'HP-PUMP-230': [1, 1, 0, 0],
    'HP-SEAL-230': [2, 0, 0, 2],
  });
});

test.concurrent('two write-offs of the same part at once take off what is out, and no task is left that nobody can do', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  const lines = [{ partNumber: 'HP-SEAL-230', quantity: 1 }];
  const body = { reason: 'Stolen.', loan: 'loan1', chargeTo: 'company' as const, lines };
  const send = (more: typeof lines) => {
    const word = actionOf('writeOffLoan', 'supervisor', { ...body, lines: more });
    return loanOf(theCase).executeUpdate('writeOffLoan', { args: [word] });
  };
  await Promise.allSettled([1, 2, 3, 4].map(() => send(lines)));
  await Promise.allSettled([send([...lines, ...lines, ...lines])]);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
});

test.concurrent('more time is given by a reason; the new due time is in the future and on record', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  const extend = (dueAt: string) =>
    theCase.act(
      'extendLoan',
      { reason: 'Still needed.', loan: 'loan1', dueAt },
      { loan: 'loan1', role: 'partsKeeper' },
    );
  await expectRefusal(extend('2020-01-01T00:00:00Z'), 'invalidAnswer');
  await extend('2091-01-01T00:00:00Z');
  await eventually(
    () => createParts(desk.world.sql).questions.getLoan(`${theCase.caseNumber}/loan1`),
    (loan) => loan?.dueAt === '2091-01-01T00:00:00.000Z',
  );
  expect(await theCase.timeline()).toContainEqual(
    expect.objectContaining({ kind: 'loanExtended', subject: 'loan1', reason: 'Still needed.' }),
  );
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('nothing is extended or written off before anything is out', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'issueParts');
  const extension = { reason: 'Why not.', loan: 'loan1', dueAt: '2091-01-01T00:00:00Z' };
  const loss = { reason: 'Lost.', loan: 'loan1', chargeTo: 'company' as const, lines: pumpKit };
  await expectRefusal(theCase.act('extendLoan', extension, { loan: 'loan1' }), 'illegalTransition');
  await expectRefusal(theCase.act('writeOffLoan', loss, { loan: 'loan1' }), 'illegalTransition');
  await theCase.walkTo('the end');
  await theCase.ended();
});

test.concurrent('a case closes over a loan that is waived by name; the loan goes on and can still be cleared', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  await expectRefusal(theCase.act('close', { reason: 'Enough.' }), 'blocked');
  await theCase.act('waive', { reason: 'The parts follow by post.', blocker: 'loan1' });
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'repaired',
    blockers: [{ kind: 'openLoan', id: 'loan1' }],
    waivers: [{ id: 'loan1', actor: 'ST-05' }],
  });
  expect((await theCase.task('reportReturn')).workflowId).toBe(`${theCase.caseNumber}/loan1`);
  await theCase.answer('reportReturn');
  expect(await loanOf(theCase).result()).toMatchObject({ outcome: 'cleared' });
  expect((await seen(desk.world, theCase.caseNumber)).loans.loan1).toMatchObject({
    'HP-PUMP-230': [1, 1, 0, 0],
  });
});

test.concurrent('a loan that an operator cancels in the engine stays, once its parts are out', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  await loanOf(theCase).cancel();
  await eventually(
    () => theCase.timeline(),
    (lines) => lines.some((line) => line.kind === 'refused' && line.subject === 'cancel'),
  );
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect(await loanOf(theCase).result()).toMatchObject({ outcome: 'cleared' });
});
