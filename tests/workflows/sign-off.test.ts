/** FLOW-IW, steps 10 to 15, FLOW-CSAT, FLOW-CB, N13: signature, rating, callback, and service until the customer is satisfied. */
import { expect, test } from 'vitest';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { seen } from './seen.ts';
import { fixedByPhone, nothingNeeded, pumpKit, refusedSignature, visitTo } from './steps.ts';

const desk = deskOfThisFile();

test.concurrent('what is signed is the version that was shown, by its digest', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'signServiceRecord');
  const { context } = await kase.task('signServiceRecord');
  const [record] = await desk.stores.records.questions.serviceRecords(kase.caseNumber);
  expect(context).toEqual({ version: 1, digest: record?.digest });
  expect((await kase.view()).blockers).toMatchObject([{ kind: 'unsignedRecord' }]);
  await kase.walkTo('the end');
  const view = await kase.ended();
  expect(view).toMatchObject({ outcome: 'repaired', blockers: [], facts: { rating: 'A' } });
  const [signed] = await desk.stores.records.questions.serviceRecords(kase.caseNumber);
  expect(signed?.signatures).toMatchObject([{ signed: true, signatureValid: true, rating: 'A' }]);
});

test.concurrent('a refused signature is recorded, and accepted by the supervisor', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'signServiceRecord');
  await kase.answer('signServiceRecord', refusedSignature);
  const decision = await kase.task('decideRefusedSignature');
  expect(decision.role).toBe('supervisor');
  await kase.answer('decideRefusedSignature');
  await kase.answer('recordCallback');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect((await seen(desk.world, kase.caseNumber)).signatures).toEqual([null]);
});

test.concurrent('a refused signature sends the case back to service when the supervisor says so', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'signServiceRecord');
  await kase.answer('signServiceRecord', refusedSignature);
  await kase.answer('decideRefusedSignature', { decision: 'serveAgain' });
  await kase.answer('planFurtherService');
  expect((await kase.task('confirmVisit')).id).toBe('confirmVisit-2');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    visits: ['completed', 'completed'],
    signatures: [null, 'A'],
  });
});

test.concurrent('rated C: further service with parts, a new version of the record, until satisfied', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'signServiceRecord');
  await kase.answer('signServiceRecord', { rating: 'C' });
  const plan = await kase.task('planFurtherService');
  expect(plan.stage).toBe('furtherService');
  expect(await kase.view()).toMatchObject({ status: 'inProgress', alertLevel: 1 });
  await kase.answer('planFurtherService', { expectedParts: pumpKit });
  await kase.task('loan1-approveLoan-1');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    visits: ['completed', 'completed'],
    records: 2,
    claims: 1,
    signatures: ['C', 'A'],
    articles: 1,
  });
});

test.concurrent('after so many rounds a supervisor decides, and may end it unsatisfied', async () => {
  const kase = await desk.open({ policy: { maxServiceRounds: 2 } });
  await visitTo(kase, 'signServiceRecord');
  await kase.answer('signServiceRecord', { rating: 'D' });
  await kase.answer('planFurtherService-1');
  await kase.walkTo('signServiceRecord-2');
  await kase.answer('signServiceRecord-2', { rating: 'D' });
  await kase.answer('decideFurtherService');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'endedUnsatisfied' });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    signatures: ['D', 'D'],
    archived: true,
  });
});

test.concurrent('a supervisor may also have it served once more', async () => {
  const kase = await desk.open({ policy: { maxServiceRounds: 1 } });
  await visitTo(kase, 'signServiceRecord');
  await kase.answer('signServiceRecord', { rating: 'D' });
  await kase.answer('decideFurtherService', { decision: 'serveAgain' });
  await kase.task('planFurtherService');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a customer whom three calls do not reach: exhausted, and closed', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  for (const attempt of [1, 2, 3]) {
    const task = await kase.task(`recordCallback-${attempt}`);
    expect(task.context).toEqual({ attempt });
    await kase.answer(task.id, { result: 'noAnswer', fixed: undefined, rating: undefined });
  }
  const view = await kase.ended();
  expect(view).toMatchObject({ status: 'closed', facts: { callback: 'exhausted' }, blockers: [] });
});

test.concurrent('a customer who postpones is called when asked, and the task is due from then', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  const callAgainAt = '2090-01-05T02:00:00.000Z';
  await kase.answer('recordCallback', { result: 'postponed', callAgainAt });
  const again = await kase.task('recordCallback-2');
  expect(Date.parse(again.dueAt ?? '')).toBe(Date.parse(callAgainAt) + 3 * 86_400_000);
  await kase.answer('recordCallback-2');
  expect(await kase.ended()).toMatchObject({ facts: { callback: 'reached' } });
});

test.concurrent('a customer who refuses the call: closed, and said so', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  await kase.answer('recordCallback', { result: 'refused', fixed: undefined, rating: undefined });
  expect(await kase.ended()).toMatchObject({ status: 'closed', facts: { callback: 'refused' } });
});

test.concurrent.each([
  ['not fixed', { fixed: 'notFixed', rating: undefined }],
  ['fixed in part', { fixed: 'partly' }],
  ['fixed, but rated D', { rating: 'D' }],
])('a callback that says %s sends a resolved case back to service', async (_, said) => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  const { view } = await kase.once((row) => row.view.status === 'resolved');
  expect(view.blockers).toMatchObject([{ kind: 'openCallback' }]);
  await kase.answer('recordCallback', said);
  await kase.task('planFurtherService');
  expect(await kase.view()).toMatchObject({ status: 'inProgress', blockers: [] });
  await kase.walkTo('the end', { reportPhoneTriage: nothingNeeded });
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect((await seen(desk.world, kase.caseNumber)).visits).toEqual(['completed']);
});

test.concurrent('a waived callback settles the case without a call', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  await kase.task('recordCallback');
  await kase.say('waive', { reason: 'The customer moved away.', blocker: 'callback' });
  const view = await kase.ended();
  expect(view).toMatchObject({
    status: 'closed',
    outcome: 'repairedByPhone',
    waivers: [{ id: 'callback', actor: 'ST-05', reason: 'The customer moved away.' }],
  });
});

test.concurrent('a customer who postpones again and again keeps the case waiting', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await kase.task(`recordCallback-${attempt}`);
    await kase.answer('recordCallback', {
      result: 'postponed',
      fixed: undefined,
      rating: undefined,
    });
  }
  await kase.task('recordCallback-5');
  expect((await kase.view()).status).toBe('resolved');
  await kase.answer('recordCallback');
  expect(await kase.ended()).toMatchObject({ facts: { callback: 'reached' } });
});

test.concurrent('a case once completed is served on, but no longer canceled', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  await kase.answer('recordCallback', { fixed: 'notFixed' });
  await kase.task('planFurtherService');
  expect(await kase.view()).toMatchObject({
    status: 'inProgress',
    completedAt: expect.any(String),
  });
  const cancel = kase.say('cancel', { reason: 'Too late.' });
  await expect(cancel).rejects.toMatchObject({ refusal: 'illegalTransition' });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed' });
});
