import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ChargeLine } from '../../domain/charge.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { at, later, openPaid, visit } from '../support/services/paid-case.ts';

const database = databaseOfThisFile();
const paidCase = (more = {}) => openPaid(database, more);
const motor: ChargeLine = {
  item: 'part',
  partNumber: 'TD-MOTOR-60',
  quantity: 1,
  unitPriceMinor: 680_000,
};

const numbers = async () => {
  const rows = await database.sql<
    { number: number }[]
  >`select number from invoices order by number`;
  return rows.map(({ number }) => number);
};
const dense = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('invoice numbers are dense: thirty at once, some of them twice, some refused (D6, I8)', async () => {
  const { invoice } = await paidCase();
  const before = (await numbers()).length;
  const calls = Array.from({ length: 30 }, (_, n) => `at-once-${n % 20}`);
  const refused = Array.from({ length: 5 }, (_, n) => invoice(`refused-${n}`, [motor]));
  const [given, outcomes] = await Promise.all([
    Promise.all(calls.map((key) => invoice(key))),
    Promise.allSettled(refused),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  expect(new Set(given.map(({ invoiceNumber }) => invoiceNumber)).size).toBe(20);
  expect(await numbers()).toEqual(dense(before + 20));
});

test('an invoice is written once per key, also when it is told anew at a later instant', async () => {
  const { invoice } = await paidCase();
  const first = await invoice('bill');
  expect(first).toMatchObject({
    totalMinor: 15_000,
    invoiceNumber: expect.stringMatching(/^INV-/),
  });
  expect(await invoice('bill', [visit], later)).toEqual(first);
  await expect(invoice('bill', [{ ...visit, quantity: 2 }])).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
});

test('a part on the bill must have been drawn from stock for this case, and not come back', async () => {
  const { invoice, caseNumber, under } = await paidCase();
  const parts = createParts(database.sql);
  await expect(invoice('too-early', [motor])).rejects.toMatchObject({ type: 'PartsNotIssued' });
  const lines = [{ partNumber: 'TD-MOTOR-60', quantity: 1 }];
  const reservationKey = randomUUID();
  await parts.effects.reserve({ effectKey: reservationKey, caseNumber, territory: 'south', lines });
  const sale = { ...under('sale'), reservationKey, receivedBy: 'ST-14' };
  await parts.effects.issueSale({ ...sale, terms: 'charged' });
  expect(await invoice('in-time', [motor])).toMatchObject({ totalMinor: 680_000 });
  await expect(invoice('two', [{ ...motor, quantity: 2 }])).rejects.toMatchObject({
    type: 'PartsNotIssued',
  });
  await parts.effects.takeBackSold({ ...under('back'), kept: [] });
  await expect(invoice('too-late', [motor])).rejects.toMatchObject({ type: 'PartsNotIssued' });
});

test('a void invoice keeps its number and says why; nothing else of it ever changes', async () => {
  const { invoice, billing, charges, under } = await paidCase();
  const { effectKey: invoiceKey } = under('bill');
  await invoice('bill');
  const undo = { ...under('bill/undo'), invoiceKey, reason: 'canceled', at };
  await billing.effects.voidInvoice(undo);
  await billing.effects.voidInvoice({ ...undo, at: later });
  expect((await charges()).invoices).toMatchObject([{ voidedAt: at, voidReason: 'canceled' }]);
  const change = database.sql`update invoices set total_minor = 1 where effect_key = ${invoiceKey}`;
  await expect(change).rejects.toMatchObject({ code: '23001' });
});

test('a new revision supersedes one that nobody answered; an accepted one stands until another is accepted', async () => {
  const { quote, billing, charges, under } = await paidCase();
  const settle = (key: string, revision: number, status: 'accepted' | 'declined') =>
    billing.effects.settleQuote({ ...under(key), revision, status, at });
  const states = async () => (await charges()).quotes.map(({ status }) => status);
  const first = await quote('q1');
  expect(first).toMatchObject({ revision: 1, totalMinor: 15_000 });
  expect(await quote('q1', [visit], later)).toEqual(first);
  expect(await quote('q2', [visit, motor])).toMatchObject({ revision: 2, totalMinor: 695_000 });
  expect(await states()).toEqual(['superseded', 'presented']);
  await settle('s2', 2, 'accepted');
  await quote('q3');
  await settle('s3', 3, 'declined');
  await settle('late', 3, 'accepted');
  expect(await states()).toEqual(['superseded', 'accepted', 'declined']);
  await quote('q4');
  await settle('s4', 4, 'accepted');
  expect(await states()).toEqual(['superseded', 'superseded', 'declined', 'accepted']);
});

test('money is recorded once per key, and given back once and never more than came in', async () => {
  const { pay, refund, charges } = await paidCase();
  await pay('p1');
  await pay('p1', 10_000, { at: later });
  await pay('p2', 5_000);
  expect(await refund('r1', 4_000)).toEqual({ refundedMinor: 4_000 });
  expect(await refund('r1', 4_000)).toEqual({ refundedMinor: 4_000 });
  expect(await refund('r2')).toEqual({ refundedMinor: 11_000 });
  expect(await refund('r3')).toEqual({ refundedMinor: 0 });
  const { payments } = await charges();
  expect(payments.map(({ amountMinor }) => amountMinor).sort((a, b) => a - b)).toEqual([
    -11_000, -4_000, 5_000, 10_000,
  ]);
});

test('a payment that settles the arrears clears the flag of finance', async () => {
  const { pay } = await paidCase();
  const owing = async () => (await database.stores.directory.customer('CU-1002'))?.arrears;
  await pay('p1');
  expect(await owing()).toBe(true);
  await pay('p2', 1, { settlesArrears: true });
  expect(await owing()).toBe(false);
});

test("a settlement names the engineer's provider, or nobody for our own staff", async () => {
  const { billing, under } = await paidCase();
  const settle = (key: string, engineerNumber: string) =>
    billing.effects.settleProvider({
      ...under(key),
      engineerNumber,
      basis: 'inWarranty',
      laborMinutes: 90,
      parts: [],
    });
  const first = await settle('s1', 'EN-08');
  expect(first).toMatchObject({ provider: 'PV-DELTA' });
  expect(await settle('s1', 'EN-08')).toEqual(first);
  expect(await settle('s2', 'EN-04')).toMatchObject({ provider: null });
  await expect(settle('s3', 'EN-99')).rejects.toMatchObject({ type: 'UnknownEngineer' });
});

test('decisions and choices about old parts stand with who, why and what', async () => {
  const { billing, under, charges } = await paidCase({ specialUserReason: 'A school.' });
  const decision = {
    ...under('d1'),
    kind: 'specialUser' as const,
    decision: 'approved',
    reason: 'Agreed with the branch.',
    by: { id: 'ST-05', role: 'supervisor' as const },
    at,
  };
  await billing.effects.fileDecision(decision);
  await billing.effects.fileDecision({ ...decision, at: later });
  const line = (serial: string) => ({
    partNumber: 'TD-SEAL-60',
    quantity: 1,
    oldPartSerials: [serial],
  });
  const choices = { ...under('c1'), keep: [line('A')], handOver: [line('B')] };
  await billing.effects.recordOldPartChoices(choices);
  await billing.effects.recordOldPartChoices(choices);
  expect(await charges()).toMatchObject({
    decisions: [{ decision: 'approved', askedBecause: 'A school.', by: 'ST-05', at }],
    oldParts: [
      { oldPartSerial: 'A', choice: 'keep' },
      { oldPartSerial: 'B', choice: 'handOver' },
    ],
  });
});

test('the tariff of a day is the latest one published by then, with every price', async () => {
  const { directory } = database.stores;
  expect(await directory.tariffOn('2020-01-01')).toBeNull();
  const tariff = await directory.tariffOn('2026-11-22');
  expect(tariff).toMatchObject({ version: 1, currency: 'CNY', visitMinor: 15_000 });
  expect(tariff?.parts).toContainEqual(
    expect.objectContaining({ partNumber: 'TD-MOTOR-60', unitPriceMinor: 680_000 }),
  );
});
