/** FLOW-IW, steps 1 to 4: what is decided by phone, and whether anybody goes. */
import { expect, test } from 'vitest';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import {
  fixedByPhone,
  loanTo,
  noPart,
  notGuided,
  nothingNeeded,
  pumpKit,
} from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

test.concurrent('fixed by phone: nobody goes, the customer is called back, the fault is filed', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.answer('recordCallback');
  const view = await theCase.ended();
  expect(view).toMatchObject({ status: 'closed', outcome: 'repairedByPhone', blockers: [] });
  expect(view.clocks.map(({ name, state }) => [name, state])).toEqual([
    ['response', 'met'],
    ['restore', 'met'],
    ['resolution', 'met'],
    ['callback', 'met'],
  ]);
  expect(view.facts).toMatchObject({ archiveCode: expect.stringContaining('CU-1001') });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: [],
    loans: {},
    records: 0,
    articles: 1,
    archived: true,
  });
});

test.concurrent('guided to replace the part, and fixed: recorded, claimed, signed, old parts sent in', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage');
  await theCase.answer('reportGuidedReplacement', {
    fixed: true,
    usedParts: pumpKit.map((line) => ({
      ...line,
      oldPartSerials: Array.from({ length: line.quantity }, (_, index) => `OLD-${index}`),
    })),
    expectedParts: [],
  });
  await theCase.answers('writeServiceRecord', 'fileWarrantyClaim', 'signServiceRecord');
  expect((await theCase.task('receiveOldParts')).stage).toBe('returningParts');
  expect((await theCase.view()).blockers).toMatchObject([{ kind: 'coreReturn', id: 'oldParts' }]);
  await theCase.answers('receiveOldParts', 'recordCallback');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repairedByPhone' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: [],
    loans: {},
    records: 1,
    claims: 1,
    oldParts: 3,
    signatures: ['A'],
  });
});

test.concurrent('guidance fails: it becomes a visit, with the parts that the customer has not on loan', async () => {
  const theCase = await desk.open();
  await theCase.answers('reportPhoneTriage', 'reportGuidedReplacement');
  expect((await theCase.task('approveLoan')).context).toEqual({ lines: pumpKit });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    reservations: ['issued'],
    loans: { loan1: { 'HP-PUMP-230': [1, 1, 0, 0], 'HP-SEAL-230': [2, 2, 0, 0] } },
    claims: 1,
    signatures: ['A'],
  });
});

test.concurrent('the customer has the part but is not guided: a visit without a loan, old parts handed in', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', notGuided);
  await theCase.walkTo('receiveOldParts');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    loans: {},
    claims: 1,
    oldParts: 3,
  });
});

test.concurrent('a policy may ask for a visit even when the customer owns the part', async () => {
  const theCase = await desk.open({ policy: { visitWhenUserOwnsPart: true } });
  await theCase.answer('reportPhoneTriage');
  expect((await theCase.task('confirmVisit')).stage).toBe('arrangingVisit');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('no part: the expected ones are lent, fitted, claimed, and cleared against old part and slip', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  expect((await theCase.view()).blockers).toMatchObject([{ kind: 'openLoan', id: 'loan1' }]);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'repaired',
    blockers: [],
  });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    loans: { loan1: { 'HP-PUMP-230': [1, 1, 0, 0], 'HP-SEAL-230': [2, 2, 0, 0] } },
    claims: 1,
    oldParts: 3,
  });
});

test.concurrent('no part, and none needed: a visit without a loan and without a claim', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', nothingNeeded);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    loans: {},
    claims: 0,
    oldParts: 0,
  });
});

test.concurrent('the messages of the longest path leave in business order', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'the end');
  await theCase.ended();
  const { messages } = await seen(desk.world, theCase.caseNumber);
  const toTheCustomer = ['applicationConfirmed', 'dispatched', 'rateUs', 'serviceRecordCopy'];
  expect(messages.filter((template) => toTheCustomer.includes(template))).toEqual(toTheCustomer);
});

test.concurrent('a loan rejected: the supervisor asks again, and a second loan is lent', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', { ...noPart, expectedParts: pumpKit });
  await theCase.answer('loan1-approveLoan-1', { approved: false });
  await theCase.answer('decideRejectedLoan');
  await theCase.answer('loan2-approveLoan-1');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(Object.keys((await seen(desk.world, theCase.caseNumber)).loans)).toEqual(['loan2']);
});

test.concurrent('a loan rejected: the supervisor sends the engineer without parts', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', { ...noPart, expectedParts: pumpKit });
  await theCase.answer('approveLoan', { approved: false });
  await theCase.answer('decideRejectedLoan', { decision: 'visitWithoutParts' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({ loans: {}, reservations: [] });
});

test.concurrent('parts that no store has arrive first, then they are reserved and lent', async () => {
  const theCase = await desk.open();
  const expectedParts = [{ partNumber: 'CR-WINCH-25', quantity: 9 }];
  await theCase.answer('reportPhoneTriage', { ...noPart, expectedParts });
  await theCase.answer('approveLoan');
  const shortage = await theCase.task('receiveShortage');
  expect(shortage).toMatchObject({ role: 'partsKeeper', context: { location: 'OFFICE-NORTH' } });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    loans: { loan1: { 'CR-WINCH-25': [9, 9, 0, 0] } },
  });
});
