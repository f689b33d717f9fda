import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import type { Stores } from '../../services/stores.ts';
import { progress, view } from '../support/fixtures.ts';
import { at, livedIn, until } from '../support/lived-in.ts';

// As in checkers.test.ts: each test does what a guard would have refused, and the checker must say so.

test('invoicesDense sees a number that is missing', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  for (const key of ['b1', 'b2', 'b3'])
    await stores.billing.effects.issueInvoice(bill(caseNumber, key));
  expect(await checkers.invoicesDense(sql)).toEqual([]);
  await sql`alter table invoices disable trigger invoices_immutable`;
  await sql`delete from invoices where number = 2`;
  expect(await checkers.invoicesDense(sql)).toMatchObject([{ invariant: 'I8', subject: 'INV-2' }]);
});

test('moneySettled sees what a closed case was not paid, unless that was waived, and a quote left open', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  await stores.billing.effects.issueInvoice(bill(caseNumber, 'b1'));
  await stores.billing.effects.presentQuote({
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
  await createParts(sql).effects.issueSale({ ...sale, terms: 'charged' });
  await end();
  expect(await checkers.moneySettled(sql)).toMatchObject([
    { detail: 'HP-PUMP-230: 1 sold, 0 billed' },
  ]);
});

/** Pumps on a paid bill, which was told that as many were drawn. */
async function billPumps(stores: Stores, caseNumber: string, quantity: number) {
  const drawn = [{ partNumber: 'HP-PUMP-230', quantity }];
  const lines = drawn.map((line) => ({ item: 'part' as const, ...line, unitPriceMinor: 50 }));
  await stores.billing.effects.issueInvoice({ ...bill(caseNumber, 'b1'), lines, drawn });
  await pay(stores, caseNumber, 'p1', 'RC-1', 50 * quantity);
}

test('moneySettled matches a bill to what a partner’s stock sold, and sees more on it than that', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  await billPumps(stores, caseNumber, 2);
  await end();
  expect(await checkers.moneySettled(sql)).toEqual([]);
  await sql`alter table invoices disable trigger invoices_immutable`;
  await sql`update invoices set lines = jsonb_set(lines, '{0,quantity}', '3')`;
  expect(await checkers.moneySettled(sql)).toMatchObject([
    { detail: 'HP-PUMP-230: 2 sold, 3 billed' },
  ]);
});

test('moneySettled sees a bill of parts whose sale is gone from our own ledger, whatever the bill was told', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  const sale = { effectKey: 'sale', caseNumber, reservationKey: 'held', receivedBy: 'ST-02' };
  await createParts(sql).effects.issueSale({ ...sale, terms: 'charged' });
  await billPumps(stores, caseNumber, 1);
  await end();
  expect(await checkers.moneySettled(sql)).toEqual([]);
  await sql`delete from part_sale_lines`;
  await sql`delete from part_sales`;
  expect(await checkers.moneySettled(sql)).toMatchObject([
    { detail: 'HP-PUMP-230: 0 sold, 1 billed' },
  ]);
});

test('moneySettled sees a receipt that was booked twice in a case', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  await pay(stores, caseNumber, 'p1', 'RC-1');
  await pay(stores, caseNumber, 'p2', 'RC-2');
  expect(await checkers.moneySettled(sql)).toEqual([]);
  await pay(stores, caseNumber, 'p3', 'RC-1');
  expect(await checkers.moneySettled(sql)).toMatchObject([
    { subject: caseNumber, detail: 'receipt RC-1 booked 2 times' },
  ]);
});

test('pricedByTariff sees a price that nobody published', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  await stores.billing.effects.issueInvoice(bill(caseNumber, 'b1'));
  expect(await checkers.pricedByTariff(sql)).toEqual([]);
  await stores.billing.effects.issueInvoice(bill(caseNumber, 'b2', 14_999));
  expect(await checkers.pricedByTariff(sql)).toMatchObject([{ detail: 'visit at 14999' }]);
});

const pay = (
  stores: Stores,
  caseNumber: string,
  effectKey: string,
  receiptNumber: string,
  amountMinor = 100,
) =>
  stores.billing.effects.recordPayment({
    effectKey,
    caseNumber,
    customerNumber: 'CU-1001',
    amountMinor,
    currency: 'CNY',
    method: 'cash',
    receiptNumber,
    settlesArrears: false,
    at,
  });
const bill = (caseNumber: string, effectKey: string, unitPriceMinor = 15_000) => ({
  caseNumber,
  effectKey,
  tariffVersion: 1,
  quoteRevision: null,
  currency: 'CNY',
  lines: [{ item: 'visit' as const, quantity: 1, unitPriceMinor }],
  issuedAt: at,
});
