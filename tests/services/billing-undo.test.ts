/** What a cancel takes back of a case's money, and what never comes after it (D3, I4). */
import { expect, test } from 'vitest';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { at, later, openPaid } from '../support/services/paid-case.ts';

const database = databaseOfThisFile();
const paidCase = () => openPaid(database);

test('a cancel takes back what the case never heard of: an invoice, a quote and money under other keys than its own', async () => {
  const { invoice, pay, quote, refund, billing, charges, under } = await paidCase();
  const other = await paidCase();
  await Promise.all([other.invoice('bill'), other.pay('pay'), other.quote('quote')]);
  await invoice('bill/lost');
  await pay('pay/lost');
  await quote('quote/lost');
  const undo = { ...under('bill/undo'), invoiceKey: under('bill').effectKey };
  for (const voidedAt of [at, later])
    await billing.effects.voidInvoice({ ...undo, reason: 'canceled', at: voidedAt });
  const withdraw = { ...under('quote/undo'), quoteKey: under('quote').effectKey };
  await billing.effects.withdrawQuotes(withdraw);
  expect(await refund('pay/undo', null, under('pay').effectKey)).toEqual({ refundedMinor: 10_000 });
  expect(await charges()).toMatchObject({
    quotes: [{ status: 'withdrawn' }],
    invoices: [{ voidedAt: at, voidReason: 'canceled' }],
    payments: [{ amountMinor: 10_000 }, { amountMinor: -10_000 }],
  });
  expect(await other.charges()).toMatchObject({
    quotes: [{ status: 'presented' }],
    invoices: [{ voidedAt: null }],
    payments: [{ amountMinor: 10_000 }],
  });
});

const lastNumber = async () => (await database.sql`select last from invoice_counter`)[0];

test('what was undone comes no more: a late invoice, payment or quote is barred (D3, I4)', async () => {
  const { invoice, pay, quote, refund, billing, charges, under } = await paidCase();
  const before = await lastNumber();
  const undo = (key: string) => ({ ...under(`${key}/undo`), reason: 'canceled', at });
  await billing.effects.voidInvoice({ ...undo('bill'), invoiceKey: under('bill').effectKey });
  await billing.effects.withdrawQuotes({
    ...under('quote/undo'),
    quoteKey: under('quote').effectKey,
  });
  await refund('pay/undo', null, under('pay').effectKey);
  for (const late of [() => invoice('bill'), () => pay('pay'), () => quote('quote')])
    await expect(late()).rejects.toMatchObject({ type: 'EffectKeyReused' });
  expect(await charges()).toMatchObject({ quotes: [], invoices: [], payments: [] });
  expect(await lastNumber()).toEqual(before);
});

test('a quote under way when it is withdrawn does not outlive the undo', async () => {
  const { quote, billing, charges, under } = await paidCase();
  const withdraw = () =>
    billing.effects.withdrawQuotes({ ...under('quote/undo'), quoteKey: under('quote').effectKey });
  await Promise.allSettled([quote('quote'), withdraw()]);
  const { quotes } = await charges();
  expect(quotes.filter(({ status }) => status !== 'withdrawn')).toEqual([]);
});
