/** FLOW-OW with FLOW-ARR and FLOW-SPEC: who is served how, what is quoted, and what is agreed. */
import { expect, test } from 'vitest';
import type { Case } from '../support/workflows/case.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import {
  booksOf,
  contracted,
  driveKit,
  openPaid,
  plainTo,
} from '../support/workflows/paid-steps.ts';
import { seen } from '../support/workflows/seen.ts';
import { fixedByPhone, noPart, refusedSignature } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const books = (theCase: { caseNumber: string }) => booksOf(desk, theCase.caseNumber);
/** Visit, 120 minutes, motor, two seals. */
const kitTotal = 15_000 + 120 * 200 + 680_000 + 2 * 12_000;

test.concurrent('the longest path: arrears, special user, quote, deposit, parts sold, bill, old parts, payment', async () => {
  const theCase = await desk.open({ flow: 'outOfWarrantyRepair' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'repaired',
    blockers: [],
  });
  expect(await books(theCase)).toMatchObject({
    decisions: [{ decision: 'againstPayment' }, { decision: 'approved', by: 'ST-05' }],
    quotes: [{ revision: 1, status: 'accepted', totalMinor: 39_000 }],
    invoices: [{ totalMinor: 39_000, quoteRevision: 1, tariffVersion: 1, voidedAt: null }],
    payments: [{ amountMinor: 19_500 }, { amountMinor: 19_500 }],
    settlements: [{ basis: 'inWarranty' }],
    sold: { 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [2, 0] },
    oldParts: [{ choice: 'handOver' }, { choice: 'keep' }, { choice: 'keep' }],
  });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    oldParts: 1,
    archived: true,
  });
});

test.concurrent('served fully and nobody special: parts at their price, the whole paid after the work', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({
    outcome: 'repaired',
    facts: { arrears: 'serveFully' },
  });
  expect(await books(theCase)).toMatchObject({
    invoices: [{ totalMinor: kitTotal }],
    payments: [{ amountMinor: kitTotal }],
    settlements: [{ basis: 'outOfWarranty' }],
  });
});

test.concurrent('a special user who is rejected pays as everybody, and the record says why', async () => {
  const theCase = await openPaid(desk, { request: { specialUser: { reason: 'A school.' } } });
  await plainTo(theCase, 'recordQuoteAnswer', {
    decideSpecialUser: { approved: false, reason: 'No school of the district.' },
  });
  expect((await theCase.task('recordQuoteAnswer')).context).toMatchObject({ totalMinor: kitTotal });
  expect((await books(theCase)).decisions[1]).toMatchObject({
    decision: 'rejected',
    askedBecause: 'A school.',
    reason: 'No school of the district.',
  });
});

test.concurrent('a customer who owes nothing is asked nothing of it', async () => {
  const quarry = { customerNumber: 'CU-1001', serialNumber: 'QY25V-000042' };
  const theCase = await openPaid(desk, { request: quarry });
  expect((await theCase.task('reportPhoneTriage')).stage).toBe('phoneTriage');
  await plainTo(theCase, 'the end', { reportPhoneTriage: { ...noPart, expectedParts: [] } });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { invoices, sold, oldParts } = await books(theCase);
  expect(invoices).toMatchObject([{ totalMinor: 39_000 }]);
  expect({ sold, oldParts }).toEqual({ sold: {}, oldParts: [] });
});

test.concurrent('service refused: told, closed, nobody goes; a decision is no first contact', async () => {
  const theCase = await openPaid(desk);
  expect((await theCase.task('decideArrears')).role).toBe('supervisor');
  await theCase.answer('decideArrears', { decision: 'refuse', depositPercent: undefined });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'serviceRefused' });
  const { messages, ...left } = await seen(desk.world, theCase.caseNumber);
  expect(messages).toContain('serviceRefused');
  expect(left).toMatchObject({ visits: [], articles: 0, archived: true });
});

test.concurrent('safety only: the machine is made safe, nothing is quoted, sold or charged', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'reportMadeSafe', {
    decideArrears: { decision: 'safetyOnly', depositPercent: undefined },
    'recordSiteFacts-1': { customerAbsent: true, userSignature: undefined, witnessSignatures: [] },
  });
  expect((await theCase.task('reportMadeSafe')).stage).toBe('makingSafe');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'madeSafe' });
  expect(await books(theCase)).toMatchObject({ quotes: [], invoices: [], sold: {} });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['cannotComplete', 'completed'],
    articles: 1,
  });
});

test.concurrent('safety only: a customer who is not satisfied with it is heard, and a refused signature is decided', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordCallback', {
    decideArrears: { decision: 'safetyOnly', depositPercent: undefined },
    'signServiceRecord-1': { rating: 'D' },
    'signServiceRecord-2': refusedSignature,
    decideRefusedSignature: { decision: 'serveAgain' },
  });
  expect((await seen(desk.world, theCase.caseNumber)).signatures).toEqual(['D', null, 'A']);
  expect(await alerts(theCase)).toEqual(['dissatisfied']);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({
    outcome: 'madeSafe',
    facts: { callback: 'reached' },
  });
});

const alerts = async (theCase: Case) =>
  (await theCase.timeline())
    .filter(({ kind }) => kind === 'alertRaised')
    .map(({ subject, detail }) => detail.trigger ?? subject);

test.concurrent('advice by phone costs nothing; when it did not help, the visit is quoted', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordCallback', { reportPhoneTriage: fixedByPhone });
  expect((await books(theCase)).quotes).toEqual([]);
  await theCase.answer('recordCallback', { fixed: 'notFixed' });
  await theCase.answer('planFurtherService', { expectedParts: driveKit });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(theCase)).toMatchObject({ invoices: [{ totalMinor: kitTotal }] });
});

test.concurrent('guided by phone: the customer fits the own part, signs, and pays nothing', async () => {
  const own = { partNumber: 'TD-SEAL-60', quantity: 1, oldPartSerials: ['S-1'] };
  const theCase = await openPaid(desk);
  await theCase.walkTo('the end', {
    decideArrears: { decision: 'serveFully', depositPercent: undefined },
    reportGuidedReplacement: { fixed: true, usedParts: [own] },
  });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repairedByPhone' });
  expect(await books(theCase)).toMatchObject({
    invoices: [],
    settlements: [],
    oldParts: [{ oldPartSerial: 'S-1', choice: 'handOver' }],
  });
});

test.concurrent('guided in vain, then the quote declined: the customer says what becomes of the old part', async () => {
  const own = { partNumber: 'TD-SEAL-60', quantity: 1, oldPartSerials: ['S-2'] };
  const theCase = await openPaid(desk);
  await theCase.walkTo('recordQuoteAnswer', {
    decideArrears: { decision: 'serveFully', depositPercent: undefined },
    reportGuidedReplacement: { fixed: false, usedParts: [own] },
  });
  await theCase.answer('recordQuoteAnswer', { decision: 'declined' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'quoteDeclined' });
  expect((await books(theCase)).oldParts).toMatchObject([{ oldPartSerial: 'S-2' }]);
});

test.concurrent('a quote that is declined gives its parts back and closes the case', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordQuoteAnswer');
  expect(await theCase.view()).toMatchObject({ status: 'onHold', holdReason: 'awaitingQuote' });
  const restore = (await theCase.view()).clocks.find(({ name }) => name === 'restore');
  expect(restore?.state).toBe('paused');
  await theCase.answer('recordQuoteAnswer', { decision: 'declined' });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'quoteDeclined' });
  expect(await books(theCase)).toMatchObject({
    quotes: [{ status: 'declined' }],
    reservations: ['released'],
    invoices: [],
    sold: {},
  });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({ articles: 0, archived: true });
});

test.concurrent('changes make a new revision; the parts of the old one are free again', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordQuoteAnswer');
  await theCase.answer('recordQuoteAnswer', {
    decision: 'changesWanted',
    expectedParts: [{ partNumber: 'TD-SEAL-60', quantity: 1 }],
    words: 'Try the seal alone first.',
  });
  await theCase.answer('prepareQuote-2');
  const again = await theCase.task('recordQuoteAnswer-2');
  expect(again.context).toMatchObject({ revision: 2, totalMinor: 39_000 + 12_000 });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(theCase)).toMatchObject({
    quotes: [{ status: 'superseded' }, { status: 'accepted' }],
    reservations: ['released', 'issued'],
    invoices: [{ quoteRevision: 2, totalMinor: 51_000 }],
    sold: { 'TD-SEAL-60': [1, 0] },
  });
});

test.concurrent('a running maintenance contract pays: no quote, no bill, the provider settled by contract', async () => {
  const theCase = await openPaid(desk, { request: contracted });
  await theCase.walkTo('the end', { reportPhoneTriage: noPart });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await books(theCase)).toMatchObject({
    quotes: [],
    invoices: [],
    settlements: [{ basis: 'contract' }],
    sold: { 'SV-FAN-24': [1, 0] },
  });
});

test.concurrent('what the contract does not cover is quoted, with the parts already at hand', async () => {
  const theCase = await openPaid(desk, { request: contracted });
  await theCase.walkTo('decideCoverage', {
    reportPhoneTriage: noPart,
    'reportDiagnosis-1': { covered: false },
  });
  await theCase.answer('decideCoverage', { decision: 'notCovered' });
  await theCase.answer('prepareQuote');
  const { context } = await theCase.task('recordQuoteAnswer');
  expect(context).toMatchObject({ totalMinor: 2 * 15_000 + 180 * 200 + 26_000 });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(theCase)).toMatchObject({ invoices: [{}], sold: { 'SV-FAN-24': [1, 0] } });
});
