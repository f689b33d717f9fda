/** A paid repair may be canceled up to the moment it is resolved: quote, parts, visit, invoice and money are taken back (N9, I3, I4). */
import { expect, test } from 'vitest';
import type { Body } from '../support/workflows/case.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { booksOf, driveKit, openPaid, plainly, plainTo } from '../support/workflows/paid-steps.ts';
import { seen } from '../support/workflows/seen.ts';
import { noPart } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const reason = { reason: 'The customer withdrew.' };
const special = { specialUser: { reason: 'A school.' } };
const safety = { decideArrears: { decision: 'safetyOnly', depositPercent: undefined } };
const deposit = { decideArrears: {} };
const back = { 'TD-MOTOR-60': [1, 1], 'TD-SEAL-60': [2, 2] };
const fitted = { 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [2, 0] };
const missing = { result: 'partMissing', usedParts: [], expectedParts: [driveKit[1]] };

interface Left {
  reservations?: string[];
  visits?: string[];
  sold?: Record<string, number[]>;
  invoices?: object[];
}

/** Each task of the ways through it, the changes that lead there, and what must be left of the effects. */
const before: [string, Record<string, Body>, Left, typeof special?][] = [
  ['decideArrears', {}, {}],
  ['decideSpecialUser', {}, {}, special],
  ['reportPhoneTriage', {}, {}],
  ['reportGuidedReplacement', { reportPhoneTriage: {} }, {}],
  ['prepareQuote', {}, {}],
  [
    'receiveShortage',
    {
      reportPhoneTriage: {
        ...noPart,
        expectedParts: [{ partNumber: 'CR-WINCH-25', quantity: 99 }],
      },
    },
    { reservations: ['released'] },
  ],
  ['recordQuoteAnswer', {}, { reservations: ['released'] }],
  ['recordDeposit', deposit, { reservations: ['released'] }],
  ['handOutParts', deposit, { reservations: ['released'] }],
  ['confirmVisit', deposit, { reservations: ['issued'], sold: back }],
  ['confirmDeparture', {}, { reservations: ['issued'], sold: back, visits: ['canceled'] }],
  ['recordSiteFacts', {}, { reservations: ['issued'], sold: back, visits: ['canceled'] }],
  ['reportMadeSafe', safety, { visits: ['canceled'] }],
  ['adviseDiagnosis', {}, { reservations: ['issued'], sold: back, visits: ['canceled'] }],
  ['reportRepair', {}, { reservations: ['issued'], sold: back, visits: ['canceled'] }],
  [
    'recordQuoteAnswer-2',
    { 'reportRepair-1': missing },
    { reservations: ['issued', 'released'], sold: back, visits: ['partiallyCompleted'] },
  ],
  ['reportMachineCheck', {}, { reservations: ['issued'], sold: fitted, visits: ['canceled'] }],
  ['writeServiceRecord', {}, { reservations: ['issued'], sold: fitted, visits: ['completed'] }],
  ['confirmCharges', deposit, { reservations: ['issued'], sold: fitted, visits: ['completed'] }],
  [
    'signServiceRecord',
    deposit,
    {
      reservations: ['issued'],
      sold: fitted,
      visits: ['completed'],
      invoices: [{ voidReason: 'canceled' }],
    },
  ],
];

test.concurrent.each(before)(
  'canceled while %s is open: its effects are undone',
  async (task, changes, { reservations = [], visits = [], sold = {}, invoices = [] }, request) => {
    const theCase = await openPaid(desk, request ? { request } : {});
    await plainTo(theCase, task, changes);
    await theCase.act('cancel', reason, { role: 'hotline' });
    const { status, facts } = await theCase.ended();
    expect({ status, paidMinor: facts.paidMinor ?? 0 }).toEqual({
      status: 'canceled',
      paidMinor: 0,
    });
    await expect(theCase.act('note', reason)).rejects.toMatchObject({ name: 'WorkflowGone' });
    const left = await eventually(
      () => booksOf(desk, theCase.caseNumber),
      (books) => books.reservations.every((one) => one === 'released' || one === 'issued'),
    );
    expect(left).toMatchObject({ invoices, balanceMinor: 0 });
    expect({ reservations: left.reservations, sold: left.sold }).toEqual({ reservations, sold });
    expect(left.quotes.filter(({ status }) => /presented|accepted/.test(status))).toEqual([]);
    const saw = await seen(desk.world, theCase.caseNumber);
    expect(saw).toMatchObject({ visits, archived: false });
    expect(saw.messages).toContain('caseCanceled');
    const refunds = left.payments.filter(({ amountMinor }) => amountMinor < 0);
    expect(refunds).toHaveLength(left.payments.length / 2);
  },
);

test.concurrent('once resolved a paid repair is not canceled any more', async () => {
  const theCase = await openPaid(desk);
  await theCase.walkTo('recordOldPartChoice', plainly);
  await expectRefusal(theCase.act('cancel', reason), 'illegalTransition');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
});

test.concurrent('a resolved one is not closed over an open payment or parts that are out', async () => {
  const theCase = await openPaid(desk);
  await theCase.walkTo('recordOldPartChoice', plainly);
  await expectRefusal(theCase.act('close', reason), 'blocked');
  for (const blocker of ['soldParts', 'charge']) await theCase.act('waive', { ...reason, blocker });
  await theCase.act('close', reason);
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'closedBySupervisor' });
});
