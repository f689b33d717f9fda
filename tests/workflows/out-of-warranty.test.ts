/** FLOW-OW with FLOW-ARR and FLOW-SPEC: who is served how, what is quoted, and what is agreed. */
import { expect, test } from 'vitest';
import type { Case } from './case.ts';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { booksOf, contracted, driveKit, openPaid, plainTo } from './paid-steps.ts';
import { seen } from './seen.ts';
import { fixedByPhone, noPart, refusedSignature } from './steps.ts';

const desk = deskOfThisFile();

const books = (kase: { caseNumber: string }) => booksOf(desk, kase.caseNumber);
/** Visit, 120 minutes, motor, two seals. */
const kitTotal = 15_000 + 120 * 200 + 680_000 + 2 * 12_000;

test.concurrent('the longest path: arrears, special user, quote, deposit, parts sold, bill, old parts, payment', async () => {
  const kase = await desk.open({ flow: 'outOfWarrantyRepair' });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired', blockers: [] });
  expect(await books(kase)).toMatchObject({
    decisions: [{ decision: 'againstPayment' }, { decision: 'approved', by: 'ST-05' }],
    quotes: [{ revision: 1, status: 'accepted', totalMinor: 39_000 }],
    invoices: [{ totalMinor: 39_000, quoteRevision: 1, tariffVersion: 1, voidedAt: null }],
    payments: [{ amountMinor: 19_500 }, { amountMinor: 19_500 }],
    settlements: [{ basis: 'inWarranty' }],
    sold: { 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [2, 0] },
    oldParts: [{ choice: 'handOver' }, { choice: 'keep' }, { choice: 'keep' }],
  });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    visits: ['completed'],
    oldParts: 1,
    archived: true,
  });
});

test.concurrent('served fully and nobody special: parts at their price, the whole paid after the work', async () => {
  const kase = await openPaid(desk);
  await plainTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({
    outcome: 'repaired',
    facts: { arrears: 'serveFully' },
  });
  expect(await books(kase)).toMatchObject({
    invoices: [{ totalMinor: kitTotal }],
    payments: [{ amountMinor: kitTotal }],
    settlements: [{ basis: 'outOfWarranty' }],
  });
});

test.concurrent('a special user who is rejected pays as everybody, and the record says why', async () => {
  const kase = await openPaid(desk, { request: { specialUser: { reason: 'A school.' } } });
  await plainTo(kase, 'recordQuoteAnswer', {
    decideSpecialUser: { approved: false, reason: 'No school of the district.' },
  });
  expect((await kase.task('recordQuoteAnswer')).context).toMatchObject({ totalMinor: kitTotal });
  expect((await books(kase)).decisions[1]).toMatchObject({
    decision: 'rejected',
    askedBecause: 'A school.',
    reason: 'No school of the district.',
  });
});

test.concurrent('a customer who owes nothing is asked nothing of it', async () => {
  const quarry = { customerNumber: 'CU-1001', serialNumber: 'QY25V-000042' };
  const kase = await openPaid(desk, { request: quarry });
  expect((await kase.task('reportPhoneTriage')).stage).toBe('phoneTriage');
  await plainTo(kase, 'the end', { reportPhoneTriage: { ...noPart, expectedParts: [] } });
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const { invoices, sold, oldParts } = await books(kase);
  expect(invoices).toMatchObject([{ totalMinor: 39_000 }]);
  expect({ sold, oldParts }).toEqual({ sold: {}, oldParts: [] });
});

test.concurrent('service refused: told, closed, nobody goes; a decision is no first contact', async () => {
  const kase = await openPaid(desk);
  expect((await kase.task('decideArrears')).role).toBe('supervisor');
  await kase.answer('decideArrears', { decision: 'refuse', depositPercent: undefined });
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'serviceRefused' });
  const { messages, ...left } = await seen(desk.world, kase.caseNumber);
  expect(messages).toContain('serviceRefused');
  expect(left).toMatchObject({ visits: [], articles: 0, archived: true });
});

test.concurrent('safety only: the machine is made safe, nothing is quoted, sold or charged', async () => {
  const kase = await openPaid(desk);
  await plainTo(kase, 'reportMadeSafe', {
    decideArrears: { decision: 'safetyOnly', depositPercent: undefined },
    'recordSiteFacts-1': { customerAbsent: true, userSignature: undefined, witnessSignatures: [] },
  });
  expect((await kase.task('reportMadeSafe')).stage).toBe('makingSafe');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'madeSafe' });
  expect(await books(kase)).toMatchObject({ quotes: [], invoices: [], sold: {} });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    visits: ['cannotComplete', 'completed'],
    articles: 1,
  });
});

test.concurrent('safety only: a customer who is not satisfied with it is heard, and a refused signature is decided', async () => {
  const kase = await openPaid(desk);
  await plainTo(kase, 'recordCallback', {
    decideArrears: { decision: 'safetyOnly', depositPercent: undefined },
    'signServiceRecord-1': { rating: 'D' },
    'signServiceRecord-2': refusedSignature,
    decideRefusedSignature: { decision: 'serveAgain' },
  });
  expect((await seen(desk.world, kase.caseNumber)).signatures).toEqual(['D', null, 'A']);
  expect(await alerts(kase)).toEqual(['dissatisfied']);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'madeSafe', facts: { callback: 'reached' } });
});

const alerts = async (kase: Case) =>
  (await kase.timeline())
    .filter(({ kind }) => kind === 'alertRaised')
    .map(({ subject, detail }) => detail.trigger ?? subject);

test.concurrent('advice by phone costs nothing; when it did not help, the visit is quoted', async () => {
  const kase = await openPaid(desk);
  await plainTo(kase, 'recordCallback', { reportPhoneTriage: fixedByPhone });
  expect((await books(kase)).quotes).toEqual([]);
  await kase.answer('recordCallback', { fixed: 'notFixed' });
  await kase.answer('planFurtherService', { expectedParts: driveKit });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(kase)).toMatchObject({ invoices: [{ totalMinor: kitTotal }] });
});

test.concurrent('guided by phone: the customer fits the own part, signs, and pays nothing', async () => {
  const own = { partNumber: 'TD-SEAL-60', quantity: 1, oldPartSerials: ['S-1'] };
  const kase = await openPaid(desk);
  await kase.walkTo('the end', {
    decideArrears: { decision: 'serveFully', depositPercent: undefined },
    reportGuidedReplacement: { fixed: true, usedParts: [own] },
  });
  expect(await kase.ended()).toMatchObject({ outcome: 'repairedByPhone' });
  expect(await books(kase)).toMatchObject({
    invoices: [],
    settlements: [],
    oldParts: [{ oldPartSerial: 'S-1', choice: 'handOver' }],
  });
});

test.concurrent('guided in vain, then the quote declined: the customer says what becomes of the old part', async () => {
  const own = { partNumber: 'TD-SEAL-60', quantity: 1, oldPartSerials: ['S-2'] };
  const kase = await openPaid(desk);
  await kase.walkTo('recordQuoteAnswer', {
    decideArrears: { decision: 'serveFully', depositPercent: undefined },
    reportGuidedReplacement: { fixed: false, usedParts: [own] },
  });
  await kase.answer('recordQuoteAnswer', { decision: 'declined' });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'quoteDeclined' });
  expect((await books(kase)).oldParts).toMatchObject([{ oldPartSerial: 'S-2' }]);
});

test.concurrent('a quote that is declined gives its parts back and closes the case', async () => {
  const kase = await openPaid(desk);
  await plainTo(kase, 'recordQuoteAnswer');
  expect(await kase.view()).toMatchObject({ status: 'onHold', holdReason: 'awaitingQuote' });
  const restore = (await kase.view()).clocks.find(({ name }) => name === 'restore');
  expect(restore?.state).toBe('paused');
  await kase.answer('recordQuoteAnswer', { decision: 'declined' });
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'quoteDeclined' });
  expect(await books(kase)).toMatchObject({
    quotes: [{ status: 'declined' }],
    reservations: ['released'],
    invoices: [],
    sold: {},
  });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({ articles: 0, archived: true });
});

test.concurrent('changes make a new revision; the parts of the old one are free again', async () => {
  const kase = await openPaid(desk);
  await plainTo(kase, 'recordQuoteAnswer');
  await kase.answer('recordQuoteAnswer', {
    decision: 'changesWanted',
    expectedParts: [{ partNumber: 'TD-SEAL-60', quantity: 1 }],
    words: 'Try the seal alone first.',
  });
  await kase.answer('prepareQuote-2');
  const again = await kase.task('recordQuoteAnswer-2');
  expect(again.context).toMatchObject({ revision: 2, totalMinor: 39_000 + 12_000 });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(kase)).toMatchObject({
    quotes: [{ status: 'superseded' }, { status: 'accepted' }],
    reservations: ['released', 'issued'],
    invoices: [{ quoteRevision: 2, totalMinor: 51_000 }],
    sold: { 'TD-SEAL-60': [1, 0] },
  });
});

test.concurrent('a running maintenance contract pays: no quote, no bill, the provider settled by contract', async () => {
  const kase = await openPaid(desk, { request: contracted });
  await kase.walkTo('the end', { reportPhoneTriage: noPart });
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await books(kase)).toMatchObject({
    quotes: [],
    invoices: [],
    settlements: [{ basis: 'contract' }],
    sold: { 'SV-FAN-24': [1, 0] },
  });
});

test.concurrent('what the contract does not cover is quoted, with the parts already at hand', async () => {
  const kase = await openPaid(desk, { request: contracted });
  await kase.walkTo('decideCoverage', {
    reportPhoneTriage: noPart,
    'reportDiagnosis-1': { covered: false },
  });
  await kase.answer('decideCoverage', { decision: 'notCovered' });
  await kase.answer('prepareQuote');
  const { context } = await kase.task('recordQuoteAnswer');
  expect(context).toMatchObject({ totalMinor: 2 * 15_000 + 180 * 200 + 26_000 });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(kase)).toMatchObject({ invoices: [{}], sold: { 'SV-FAN-24': [1, 0] } });
});
