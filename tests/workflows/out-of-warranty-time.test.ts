/** What a paid repair promises over days: a quote that ends, reminders, clocks that stand still meanwhile (FLOW-OW, FLOW-ARR). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDesk, eventually } from './desk.ts';
import { booksOf, openPaid, plainTo } from './paid-steps.ts';
import { allIsWell } from './replay.ts';
import { seen } from './seen.ts';
import { type SkippingWorld, startSkippingWorld } from './skipping.ts';

let skipping: SkippingWorld;
beforeEach(async () => {
  skipping = await startSkippingWorld();
});
afterEach(async () => {
  await allIsWell(skipping.world);
  await skipping.world.close();
});

const told = async (caseNumber: string, template: string) =>
  (await seen(skipping.world, caseNumber)).messages.filter((one) => one === template).length;

test('a quote: reminded once two days before it ends, ended by silence after seven; no clock ran, its parts are free', async () => {
  const desk = createDesk(skipping.world);
  const kase = await openPaid(desk);
  await plainTo(kase, 'recordQuoteAnswer');
  const { id } = await kase.task('recordQuoteAnswer');
  await skipping.pass('4d');
  expect(await told(kase.caseNumber, 'quoteReminder')).toBe(0);
  await skipping.pass('30h');
  await eventually(
    () => told(kase.caseNumber, 'quoteReminder'),
    (count) => count === 1,
  );
  await skipping.pass('2d');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'quoteExpired' });
  const late = kase.deliver('recordQuoteAnswer', {
    actor: { id: 'ST-01', role: 'hotline' },
    occurredAt: new Date().toISOString(),
    actId: 'late',
    taskId: id,
    answer: { decision: 'accepted', revision: 1, totalMinor: 743_000, document: null },
  });
  await expect(late).rejects.toMatchObject({ name: 'WorkflowGone' });
  expect(await booksOf(desk, kase.caseNumber)).toMatchObject({
    quotes: [{ status: 'expired' }],
    reservations: ['released'],
  });
  const rung = (await kase.timeline()).filter(({ kind }) => kind === 'clockRung');
  expect(rung.map(({ subject }) => subject)).toEqual([]);
});

test('a supervisor is reminded of a decision, a customer of a payment before the work and after it', async () => {
  const kase = await openPaid(createDesk(skipping.world));
  await kase.task('decideArrears');
  await skipping.pass('5h');
  await eventually(
    () => told(kase.caseNumber, 'decisionDue'),
    (count) => count === 1,
  );
  for (const [task, count] of [
    ['recordDeposit', 2],
    ['recordPayment', 4],
  ] as const) {
    await plainTo(kase, task, { decideArrears: {} });
    await skipping.pass('8d');
    await eventually(
      () => told(kase.caseNumber, 'paymentDue'),
      (sent) => sent === count,
    );
  }
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test('a reminder counts from when its task opened, and a payment in part starts it anew', async () => {
  const special = { specialUser: { reason: 'A school.' } };
  const kase = await openPaid(createDesk(skipping.world), { request: special });
  await kase.task('decideArrears');
  await skipping.pass('5h');
  await plainTo(kase, 'recordPayment');
  await skipping.pass('8d');
  await eventually(
    () => told(kase.caseNumber, 'paymentDue'),
    (sent) => sent === 2,
  );
  await kase.answer('recordPayment', { amountMinor: 1_000 });
  await kase.task('recordPayment-2');
  await skipping.pass('6d');
  expect(await told(kase.caseNumber, 'paymentDue')).toBe(2);
  expect(await told(kase.caseNumber, 'decisionDue')).toBe(1);
  await skipping.pass('2d');
  await eventually(
    () => told(kase.caseNumber, 'paymentDue'),
    (sent) => sent === 3,
  );
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});
