import { expect, test } from 'vitest';
import { checkers } from '../../db/checkers.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { progress, view } from './fixtures.ts';
import { at, livedIn, until } from './lived-in.ts';

// As in checkers.test.ts: each test does what a guard would have refused, and the checker must say so.

test('invoicesDense sees a number that is missing', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  for (const key of ['b1', 'b2', 'b3']) await stores.billing.issueInvoice(bill(caseNumber, key));
  expect(await checkers.invoicesDense(sql)).toEqual([]);
  await sql`alter table invoices disable trigger invoices_immutable`;
  await sql`delete from invoices where number = 2`;
  expect(await checkers.invoicesDense(sql)).toMatchObject([{ invariant: 'I8', subject: 'INV-2' }]);
});

test('moneySettled sees what a closed case was not paid, unless that was waived, and a quote left open', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  await stores.billing.issueInvoice(bill(caseNumber, 'b1'));
  await stores.billing.presentQuote({
    ...bill(caseNumber, 'q1'),
    presentedAt: at,
    validUntil: until,
  });
  await end();
  const details = async () => (await checkers.moneySettled(sql)).map(({ detail }) => detail);
  expect(await details()).toEqual(['15000 due, 0 paid', 'quote 1 is presented']);
  const waivers = [{ id: 'charge', reason: 'goodwill', actor: 'ST-05', at }];
  await stores.progress.record(
    progress(caseNumber, 4, { view: view(caseNumber, { status: 'closed', waivers }) }),
  );
  expect(await details()).toEqual(['quote 1 is presented']);
});

test('moneySettled sees a part that was sold and never billed', async () => {
  const { sql, caseNumber, end } = await livedIn();
  const reservationKey = 'held';
  const sale = { effectKey: 'sale', caseNumber, reservationKey, receivedBy: 'ST-02' };
  await createParts(sql).issueSale({ ...sale, terms: 'charged' });
  await end();
  expect(await checkers.moneySettled(sql)).toMatchObject([
    { detail: 'HP-PUMP-230: 1 sold, 0 billed' },
  ]);
});

test('moneySettled sees a receipt that was booked twice in a case', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const pay = (effectKey: string, receiptNumber: string) =>
    stores.billing.recordPayment({
      ...{ effectKey, caseNumber, customerNumber: 'CU-1001', amountMinor: 100, currency: 'CNY' },
      ...{ method: 'cash', receiptNumber, settlesArrears: false, at },
    });
  await pay('p1', 'RC-1');
  await pay('p2', 'RC-2');
  expect(await checkers.moneySettled(sql)).toEqual([]);
  await pay('p3', 'RC-1');
  expect(await checkers.moneySettled(sql)).toMatchObject([
    { subject: caseNumber, detail: 'receipt RC-1 booked 2 times' },
  ]);
});

test('pricedByTariff sees a price that nobody published', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  await stores.billing.issueInvoice(bill(caseNumber, 'b1'));
  expect(await checkers.pricedByTariff(sql)).toEqual([]);
  await stores.billing.issueInvoice(bill(caseNumber, 'b2', 14_999));
  expect(await checkers.pricedByTariff(sql)).toMatchObject([{ detail: 'visit at 14999' }]);
});

const bill = (caseNumber: string, effectKey: string, unitPriceMinor = 15_000) => ({
  ...{ caseNumber, effectKey, tariffVersion: 1, quoteRevision: null, currency: 'CNY' },
  lines: [{ item: 'visit' as const, quantity: 1, unitPriceMinor }],
  issuedAt: at,
});
