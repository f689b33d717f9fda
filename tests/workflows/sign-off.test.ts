/** FLOW-IW, steps 10 to 15, FLOW-CSAT, FLOW-CB, N13: signature, rating, callback, and service until the customer is satisfied. */
import { expect, test } from 'vitest';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import {
  fixedByPhone,
  nothingNeeded,
  pumpKit,
  refusedSignature,
  visitTo,
} from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

test.concurrent('what is signed is the version that was shown, by its digest', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'signServiceRecord');
  const { context } = await theCase.task('signServiceRecord');
  const [record] = await desk.stores.records.questions.serviceRecords(theCase.caseNumber);
  expect(context).toEqual({ version: 1, digest: record?.digest });
  expect((await theCase.view()).blockers).toMatchObject([{ kind: 'unsignedRecord' }]);
  await theCase.walkTo('the end');
  const view = await theCase.ended();
  expect(view).toMatchObject({ outcome: 'repaired', blockers: [], facts: { rating: 'A' } });
  const [signed] = await desk.stores.records.questions.serviceRecords(theCase.caseNumber);
  expect(signed?.signatures).toMatchObject([{ signed: true, signatureValid: true, rating: 'A' }]);
});

test.concurrent('a refused signature is recorded, and accepted by the supervisor', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'signServiceRecord');
  await theCase.answer('signServiceRecord', refusedSignature);
  const decision = await theCase.task('decideRefusedSignature');
  expect(decision.role).toBe('supervisor');
  await theCase.answer('decideRefusedSignature');
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect((await seen(desk.world, theCase.caseNumber)).signatures).toEqual([null]);
});

test.concurrent('a refused signature sends the case back to service when the supervisor says so', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'signServiceRecord');
  await theCase.answer('signServiceRecord', refusedSignature);
  await theCase.answer('decideRefusedSignature', { decision: 'serveAgain' });
  await theCase.answer('planFurtherService');
  expect((await theCase.task('confirmVisit')).id).toBe('confirmVisit-2');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed', 'completed'],
    signatures: [null, 'A'],
  });
});

test.concurrent('rated C: further service with parts, a new version of the record, until satisfied', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'signServiceRecord');
  await theCase.answer('signServiceRecord', { rating: 'C' });
  const plan = await theCase.task('planFurtherService');
  expect(plan.stage).toBe('furtherService');
  expect(await theCase.view()).toMatchObject({ status: 'inProgress', alertLevel: 1 });
  await theCase.answer('planFurtherService', { expectedParts: pumpKit });
  await theCase.task('loan1-approveLoan-1');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed', 'completed'],
    records: 2,
    claims: 1,
    signatures: ['C', 'A'],
    articles: 1,
  });
});

test.concurrent('after so many rounds a supervisor decides, and may end it unsatisfied', async () => {
  const theCase = await desk.open({ policy: { maxServiceRounds: 2 } });
  await visitTo(theCase, 'signServiceRecord');
  await theCase.answer('signServiceRecord', { rating: 'D' });
  await theCase.answer('planFurtherService-1');
  await theCase.walkTo('signServiceRecord-2');
  await theCase.answer('signServiceRecord-2', { rating: 'D' });
  await theCase.answer('decideFurtherService');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'endedUnsatisfied' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    signatures: ['D', 'D'],
    archived: true,
  });
});

test.concurrent('a supervisor may also have it served once more', async () => {
  const theCase = await desk.open({ policy: { maxServiceRounds: 1 } });
  await visitTo(theCase, 'signServiceRecord');
  await theCase.answer('signServiceRecord', { rating: 'D' });
  await theCase.answer('decideFurtherService', { decision: 'serveAgain' });
  await theCase.task('planFurtherService');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a customer whom three calls do not reach: exhausted, and closed', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  for (const attempt of [1, 2, 3]) {
    const task = await theCase.task(`recordCallback-${attempt}`);
    expect(task.context).toEqual({ attempt });
    await theCase.answer(task.id, { result: 'noAnswer', fixed: undefined, rating: undefined });
  }
  const view = await theCase.ended();
  expect(view).toMatchObject({ status: 'closed', facts: { callback: 'exhausted' }, blockers: [] });
});

test.concurrent('a customer who postpones is called when asked, and the task is due from then', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  const callAgainAt = '2090-01-05T02:00:00.000Z';
  await theCase.answer('recordCallback', { result: 'postponed', callAgainAt });
  const again = await theCase.task('recordCallback-2');
  expect(Date.parse(again.dueAt ?? '')).toBe(Date.parse(callAgainAt) + 3 * 86_400_000);
  await theCase.answer('recordCallback-2');
  expect(await theCase.ended()).toMatchObject({ facts: { callback: 'reached' } });
});

test.concurrent('a customer who refuses the call: closed, and said so', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.answer('recordCallback', {
    result: 'refused',
    fixed: undefined,
    rating: undefined,
  });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', facts: { callback: 'refused' } });
});

test.concurrent.each([
  ['not fixed', { fixed: 'notFixed', rating: undefined }],
  ['fixed in part', { fixed: 'partly' }],
  ['fixed, but rated D', { rating: 'D' }],
])('a callback that says %s sends a resolved case back to service', async (_, said) => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  const { view } = await theCase.once((row) => row.view.status === 'resolved');
  expect(view.blockers).toMatchObject([{ kind: 'openCallback' }]);
  await theCase.answer('recordCallback', said);
  await theCase.task('planFurtherService');
  expect(await theCase.view()).toMatchObject({ status: 'inProgress', blockers: [] });
  await theCase.walkTo('the end', { reportPhoneTriage: nothingNeeded });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect((await seen(desk.world, theCase.caseNumber)).visits).toEqual(['completed']);
});

test.concurrent('a waived callback settles the case without a call', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.task('recordCallback');
  await theCase.act('waive', { reason: 'The customer moved away.', blocker: 'callback' });
  const view = await theCase.ended();
  expect(view).toMatchObject({
    status: 'closed',
    outcome: 'repairedByPhone',
    waivers: [{ id: 'callback', actor: 'ST-05', reason: 'The customer moved away.' }],
  });
});

test.concurrent('a customer who postpones again and again keeps the case waiting', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await theCase.task(`recordCallback-${attempt}`);
    await theCase.answer('recordCallback', {
      result: 'postponed',
      fixed: undefined,
      rating: undefined,
    });
  }
  await theCase.task('recordCallback-5');
  expect((await theCase.view()).status).toBe('resolved');
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ facts: { callback: 'reached' } });
});

test.concurrent('a case once completed is served on, but no longer canceled', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.answer('recordCallback', { fixed: 'notFixed' });
  await theCase.task('planFurtherService');
  expect(await theCase.view()).toMatchObject({
    status: 'inProgress',
    completedAt: expect.any(String),
  });
  const cancel = theCase.act('cancel', { reason: 'Too late.' });
  await expect(cancel).rejects.toMatchObject({ refusal: 'illegalTransition' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed' });
});
