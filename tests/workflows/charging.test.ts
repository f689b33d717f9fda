/** FLOW-CHARGE and FLOW-PF-OW: what the bill says, who pays it, what comes back. */
import { expect, test } from 'vitest';
import { expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import {
  booksOf,
  contracted,
  driveKit,
  openPaid,
  plainTo,
} from '../support/workflows/paid-steps.ts';
import { noPart, refusedSignature } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const books = (theCase: { caseNumber: string }) => booksOf(desk, theCase.caseNumber);
/** Visit, 120 minutes, motor, two seals. */
const kitTotal = 15_000 + 120 * 200 + 680_000 + 2 * 12_000;

const sealMissing = {
  result: 'partMissing',
  usedParts: [],
  expectedParts: [{ partNumber: 'TD-SEAL-60', quantity: 1 }],
};

test.concurrent('a part that turns out missing is quoted before another visit, and stands on the one bill', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordQuoteAnswer-2', { 'reportRepair-1': sealMissing });
  const { context } = await theCase.task('recordQuoteAnswer-2');
  expect(context).toMatchObject({ revision: 2, totalMinor: kitTotal + 39_000 + 12_000 });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { invoices, quotes, sold } = await books(theCase);
  expect(quotes.map(({ status }) => status)).toEqual(['superseded', 'accepted']);
  expect(sold).toEqual({ 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [3, 0] });
  // two visits and 180 minutes of the 240 that were quoted
  expect(invoices).toMatchObject([{ totalMinor: 30_000 + 36_000 + 680_000 + 36_000 }]);
});

test.concurrent('more is declined: what was done is charged as accepted, the rest comes back', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordQuoteAnswer-2', { 'reportRepair-1': sealMissing });
  await theCase.answer('recordQuoteAnswer-2', { decision: 'declined' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'quoteDeclined' });
  expect(await books(theCase)).toMatchObject({
    quotes: [{ status: 'accepted' }, { status: 'declined' }],
    invoices: [{ totalMinor: 39_000, quoteRevision: 1 }],
    balanceMinor: 39_000,
    sold: { 'TD-MOTOR-60': [1, 1], 'TD-SEAL-60': [2, 2] },
  });
});

test.concurrent('rated C: the repeat visit is not charged again; each engineer is settled with what was done by them', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'the end', {
    ...{
      'confirmVisit-1': { engineerNumber: 'EN-08' },
      'writeServiceRecord-1': { laborMinutes: 90 },
    },
    ...{
      'confirmVisit-2': { engineerNumber: 'EN-04' },
      'writeServiceRecord-2': { laborMinutes: 30 },
    },
    'signServiceRecord-1': { rating: 'C' },
    planFurtherService: { expectedParts: [{ partNumber: 'TD-SEAL-60', quantity: 2 }] },
  });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { quotes, invoices, sold, settlements } = await books(theCase);
  expect({ quotes: quotes.length, invoices: invoices.length }).toEqual({ quotes: 1, invoices: 1 });
  expect(sold).toEqual({ 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [4, 0] });
  expect(settlements).toMatchObject([
    { engineerNumber: 'EN-08', provider: 'PV-DELTA', laborMinutes: 90, parts: driveKit },
    {
      engineerNumber: 'EN-04',
      provider: null,
      laborMinutes: 30,
      parts: [{ partNumber: 'TD-SEAL-60', quantity: 2 }],
    },
  ]);
});

test.concurrent('failed work under a contract is done again by contract, and so its engineers are settled, also after a callback', async () => {
  const theCase = await openPaid(desk, { request: contracted });
  await theCase.walkTo('the end', {
    reportPhoneTriage: noPart,
    'signServiceRecord-1': { rating: 'D' },
    'recordCallback-1': { fixed: 'notFixed' },
  });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { invoices, settlements } = await books(theCase);
  expect(invoices).toEqual([]);
  expect(settlements.map(({ basis }) => basis)).toEqual(['contract', 'contract', 'contract']);
});

test.concurrent('a receipt is booked once in a case; the examples give the next one', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordPayment');
  await theCase.answer('recordPayment', { amountMinor: 1_000, receiptNumber: 'RC-0002' });
  const again = theCase.answer('recordPayment-2', { amountMinor: 1_000, receiptNumber: 'RC-0002' });
  await expectRefusal(again, 'invalidAnswer');
  for (const name of ['recordPayment-2', 'recordPayment-3'])
    await theCase.answer(name, { amountMinor: 1_000 });
  await theCase.walkTo('the end');
  const { payments } = await books(theCase);
  expect(payments.map(({ receiptNumber }) => receiptNumber)).toEqual([
    ...['RC-0002', 'RC-0001', 'RC-0003', 'RC-0004'],
  ]);
});

test.concurrent('work that fails for good: the invoice is void with its reason, and what was paid goes back', async () => {
  const theCase = await openPaid(desk, { policy: { maxServiceRounds: 1 } });
  await plainTo(theCase, 'the end', {
    decideArrears: {},
    signServiceRecord: refusedSignature,
    decideRefusedSignature: { decision: 'serveAgain' },
  });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'endedUnsatisfied' });
  const { invoices, payments, balanceMinor } = await books(theCase);
  expect(invoices).toMatchObject([{ voidReason: 'workFailed' }]);
  expect(payments.at(-1)).toMatchObject({ refundReason: 'workFailed' });
  expect(balanceMinor).toBe(0);
});

test.concurrent('a supervisor waives the payment by name', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordPayment');
  expect(await theCase.view()).toMatchObject({
    blockers: [{ kind: 'openCharge', waivable: true }],
  });
  await theCase.act('waive', { reason: 'Agreed with the branch.', blocker: 'charge' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', waivers: [{ id: 'charge' }] });
  expect(await books(theCase)).toMatchObject({ invoices: [{ voidedAt: null }], payments: [] });
});

test.concurrent('paid in parts; of a deposit that was more than the bill the rest goes back', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordDeposit', { decideArrears: { depositPercent: undefined } });
  await theCase.answer('recordDeposit', { amountMinor: 700_000 });
  expect((await theCase.task('recordDeposit-2')).context).toMatchObject({
    dueMinor: kitTotal - 700_000,
  });
  await plainTo(theCase, 'confirmCharges');
  const { context } = await theCase.task('confirmCharges');
  const { done } = context as { done: { laborMinutes: number } };
  expect(done.laborMinutes).toBe(120);
  await theCase.answer('confirmCharges', {
    lines: [
      { item: 'visit', quantity: 1, unitPriceMinor: 15_000 },
      { item: 'part', partNumber: 'TD-MOTOR-60', quantity: 1, unitPriceMinor: 680_000 },
      { item: 'part', partNumber: 'TD-SEAL-60', quantity: 2, unitPriceMinor: 12_000 },
    ],
  });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { payments } = await books(theCase);
  expect(payments.map(({ amountMinor }) => amountMinor)).toEqual([700_000, 43_000, -24_000]);
});

test.concurrent('parts that were sold and not needed come back and stand on no bill', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'takeInParts', {
    reportRepair: {
      usedParts: [
        { partNumber: 'TD-SEAL-60', quantity: 1, source: 'sale', oldPartSerials: ['S-9'] },
      ],
    },
    recordOldPartChoice: {
      keep: [{ partNumber: 'TD-SEAL-60', quantity: 1, oldPartSerials: ['S-9'] }],
      handOver: [],
    },
  });
  expect((await theCase.task('takeInParts')).context).toEqual({
    unused: [
      { partNumber: 'TD-MOTOR-60', quantity: 1 },
      { partNumber: 'TD-SEAL-60', quantity: 1 },
    ],
    oldParts: [],
  });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await books(theCase)).toMatchObject({
    invoices: [{ totalMinor: 39_000 + 12_000 }],
    sold: { 'TD-MOTOR-60': [1, 1], 'TD-SEAL-60': [2, 1] },
  });
});

test.concurrent('a part that no store has arrives before the quote is presented', async () => {
  const theCase = await openPaid(desk);
  const rare = [{ partNumber: 'CR-WINCH-25', quantity: 50 }];
  await plainTo(theCase, 'receiveShortage', {
    reportPhoneTriage: { ...noPart, expectedParts: rare },
  });
  expect((await theCase.task('receiveShortage')).stage).toBe('reservingParts');
  await theCase.walkTo('recordQuoteAnswer');
  await theCase.answer('recordQuoteAnswer', { decision: 'declined' });
  expect(await theCase.ended()).toMatchObject({ outcome: 'quoteDeclined' });
});

test('a payment that settles the arrears restores the normal route for the next case', async () => {
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordPayment');
  await theCase.answer('recordPayment', { settlesArrears: true });
  await theCase.walkTo('the end');
  await theCase.ended();
  const next = await openPaid(desk);
  expect((await next.task('reportPhoneTriage')).stage).toBe('phoneTriage');
  await next.act('cancel', { reason: 'A test.' });
  await next.ended();
});
