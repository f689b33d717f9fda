/** What a paid repair promises over days: a quote that ends, reminders, clocks that stand still meanwhile (FLOW-OW, FLOW-ARR). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDesk, eventually } from '../support/workflows/desk.ts';
import { booksOf, openPaid, plainTo } from '../support/workflows/paid-steps.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { seen } from '../support/workflows/seen.ts';
import { type SkippingWorld, startSkippingWorld } from '../support/workflows/skipping.ts';

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
  const theCase = await openPaid(desk);
  await plainTo(theCase, 'recordQuoteAnswer');
  const { id } = await theCase.task('recordQuoteAnswer');
  await skipping.pass('4d');
  expect(await told(theCase.caseNumber, 'quoteReminder')).toBe(0);
  await skipping.pass('30h');
  await eventually(
    () => told(theCase.caseNumber, 'quoteReminder'),
    (count) => count === 1,
  );
  await skipping.pass('2d');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'quoteExpired' });
  const late = theCase.deliver('recordQuoteAnswer', {
    actor: { id: 'ST-01', role: 'hotline' },
    occurredAt: new Date().toISOString(),
    actId: 'late',
    taskId: id,
    answer: { decision: 'accepted', revision: 1, totalMinor: 743_000, document: null },
  });
  await expect(late).rejects.toMatchObject({ name: 'WorkflowGone' });
  expect(await booksOf(desk, theCase.caseNumber)).toMatchObject({
    quotes: [{ status: 'expired' }],
    reservations: ['released'],
  });
  const rung = (await theCase.timeline()).filter(({ kind }) => kind === 'clockRung');
  expect(rung.map(({ subject }) => subject)).toEqual([]);
});

test('a supervisor is reminded of a decision, a customer of a payment before the work and after it', async () => {
  const theCase = await openPaid(createDesk(skipping.world));
  await theCase.task('decideArrears');
  await skipping.pass('5h');
  await eventually(
    () => told(theCase.caseNumber, 'decisionDue'),
    (count) => count === 1,
  );
  for (const [task, count] of [
    ['recordDeposit', 2],
    ['recordPayment', 4],
  ] as const) {
    await plainTo(theCase, task, { decideArrears: {} });
    await skipping.pass('8d');
    await eventually(
      () => told(theCase.caseNumber, 'paymentDue'),
      (sent) => sent === count,
    );
  }
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test('a reminder counts from when its task opened, and a payment in part starts it anew', async () => {
  const special = { specialUser: { reason: 'A school.' } };
  const theCase = await openPaid(createDesk(skipping.world), { request: special });
  await theCase.task('decideArrears');
  await skipping.pass('5h');
  await plainTo(theCase, 'recordPayment');
  await skipping.pass('8d');
  await eventually(
    () => told(theCase.caseNumber, 'paymentDue'),
    (sent) => sent === 2,
  );
  await theCase.answer('recordPayment', { amountMinor: 1_000 });
  await theCase.task('recordPayment-2');
  await skipping.pass('6d');
  expect(await told(theCase.caseNumber, 'paymentDue')).toBe(2);
  expect(await told(theCase.caseNumber, 'decisionDue')).toBe(1);
  await skipping.pass('2d');
  await eventually(
    () => told(theCase.caseNumber, 'paymentDue'),
    (sent) => sent === 3,
  );
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});
