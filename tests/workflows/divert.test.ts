/** A partner that is down: the case says so, and a supervisor may go on with the built-in service, under the same effect keys (N25). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../db/connect.ts';
import {
  brokenAt,
  type Fault,
  type RudePartner,
  startRudePartner,
} from '../support/rude-partner.ts';
import type { Case } from '../support/workflows/case.ts';
import { createDesk, type Desk, eventually, expectRefusal } from '../support/workflows/desk.ts';
import { emptyStores } from '../support/workflows/outage.ts';
import { booksOf, openPaid, plainTo } from '../support/workflows/paid-steps.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { seen } from '../support/workflows/seen.ts';
import { loanTo, visitTo } from '../support/workflows/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let partner: RudePartner;
let world: World;
let desk: Desk;
/** What the partner does to a call of a case, by `dispatch/book C-000001`. */
const rules = new Map<string, { fault: Fault; doneFirst: boolean }>();
beforeAll(async () => {
  partner = await startRudePartner(1_500);
  partner.behave(({ path, caseNumber }) => rules.get(`${path} ${caseNumber}`) ?? null);
  const { address } = partner;
  world = await startWorld({
    partners: { parts: address, dispatch: address, notification: address },
  });
  desk = createDesk(world);
});
afterAll(async () => {
  await allIsWell(world);
  expect(await brokenAt(partner.books)).toEqual([]);
  await world.close();
  await partner.close();
});

const reason = 'Their system is down until tomorrow.';
const breaks = (theCase: Case, path: string, fault: Fault = 'error500', doneFirst = false) =>
  rules.set(`${path} ${theCase.caseNumber}`, { fault, doneFirst });
const divert = (theCase: Case, service: 'parts' | 'dispatch' | 'notification') =>
  theCase.act('divert', { reason, service });
const diversions = async (theCase: Case) =>
  (await theCase.timeline()).filter(({ kind }) => kind === 'serviceDiverted');
/** The engineer's answer on which a visit is booked. */
const askForVisit = async (theCase: Case) => {
  await visitTo(theCase, 'confirmVisit');
  await theCase.answer('confirmVisit');
};
const waitsFor = (theCase: Case, what: string) =>
  theCase.once(({ view }) => view.waitingOn?.what === what);
const bookedAt = async (sql: Sql, theCase: Case) =>
  (
    await sql`select status from appointments where case_number = ${theCase.caseNumber} order by booking_key`
  ).map(({ status }) => status);

test.concurrent('a case that waits for a partner is diverted: the same step under the same key, with who and why on the timeline', async () => {
  const [theCase, other] = [await desk.open(), await desk.open()];
  breaks(theCase, 'dispatch/book', 'never');
  await askForVisit(theCase);
  await visitTo(other, 'confirmDeparture');
  const { view } = await waitsFor(theCase, 'dispatch.book');
  expect(view.waitingOn).toMatchObject({ who: 'dispatch', since: expect.stringContaining('T') });
  await expectRefusal(divert(theCase, 'parts'), 'illegalTransition');
  const diverted = theCase.act('divert', { reason, service: 'dispatch' }, { role: 'engineer' });
  await expectRefusal(diverted, 'forbidden');
  await divert(theCase, 'dispatch');
  await expectRefusal(divert(theCase, 'dispatch'), 'illegalTransition');
  await visitTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await bookedAt(world.sql, theCase)).toEqual(['completed']);
  expect(await diversions(theCase)).toMatchObject([
    {
      actor: { id: 'ST-05', role: 'supervisor' },
      reason,
      subject: 'dispatch',
      detail: { possiblyDone: [`${theCase.caseNumber}/1/dispatch.book/1`], doneThere: [] },
    },
  ]);
  await visitTo(other, 'the end');
  expect(await other.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await bookedAt(world.sql, other)).toEqual([]);
  expect(await bookedAt(partner.books, other)).toEqual(['completed']);
});

test.concurrent('what the partner did before it fell silent stays there, and is named as possibly done', async () => {
  const theCase = await desk.open();
  breaks(theCase, 'dispatch/book', 'cut', true);
  await askForVisit(theCase);
  await waitsFor(theCase, 'dispatch.book');
  await divert(theCase, 'dispatch');
  await theCase.task('confirmDeparture');
  const [line] = await diversions(theCase);
  const { possiblyDone } = (line?.detail ?? {}) as { possiblyDone?: string[] };
  const [key] = possiblyDone ?? [];
  expect(
    await partner.books`select status from appointments where booking_key = ${key ?? ''}`,
  ).toEqual([{ status: 'booked' }]);
  await theCase.act('cancel', { reason });
  expect(await theCase.ended()).toMatchObject({ status: 'canceled' });
  expect(await bookedAt(world.sql, theCase)).toEqual(['canceled']);
  await partner.books`update appointments set status = 'canceled' where booking_key = ${key ?? ''}`; // as a person would
});

test.concurrent('a loan goes on from what the partner holds: the built-in service is told of it first', async () => {
  const theCase = await desk.open();
  breaks(theCase, 'parts/issueLoan');
  await loanTo(theCase, 'issueParts');
  await theCase.answer('issueParts');
  const { partnerWaits } = await theCase.once(({ partnerWaits = [] }) => partnerWaits.length > 0);
  expect(partnerWaits).toMatchObject([
    { what: 'parts.issueLoan', who: 'parts', workflowId: `${theCase.caseNumber}/loan1` },
  ]);
  await divert(theCase, 'parts');
  await loanTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { reservations, loans } = await seen(world, theCase.caseNumber);
  expect(reservations).toEqual(['issued']);
  expect(Object.keys(loans)).toEqual(['loan1']);
  const lines = await diversions(theCase);
  expect(lines.map(({ detail }) => detail)).toEqual([
    { possiblyDone: [], doneThere: [] },
    {
      possiblyDone: [`${theCase.caseNumber}/loan1/1/parts.issueLoan/1`],
      doneThere: [`${theCase.caseNumber}/loan1/1/parts.reserve/1`],
    },
  ]);
  expect(lines.map(({ actor }) => actor.id)).toEqual(['ST-05', 'ST-05']);
});

test.concurrent('a loan that begins after the diversion has nothing to do with the partner', async () => {
  const theCase = await desk.open();
  breaks(theCase, 'parts/reserve');
  await loanTo(theCase, 'approveLoan');
  await theCase.answer('approveLoan');
  await theCase.once(({ partnerWaits = [] }) => partnerWaits.length > 0);
  await divert(theCase, 'parts');
  const expectedParts = [{ partNumber: 'HP-FILTER-230', quantity: 1 }];
  const missing = { result: 'partMissing', usedParts: [], expectedParts };
  await loanTo(theCase, 'the end', { 'reportRepair-1': missing });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { loans } = await seen(world, theCase.caseNumber);
  expect(Object.keys(loans)).toEqual(['loan1', 'loan2']);
  const asked = partner.seen.filter(({ key }) => key?.startsWith(`${theCase.caseNumber}/loan2`));
  expect(asked.filter(({ path }) => path.startsWith('parts/'))).toEqual([]);
});

test.concurrent('a partner that refuses for good can be diverted too: the next attempt is at the built-in service', async () => {
  const theCase = await desk.open();
  breaks(theCase, 'dispatch/book', 'refused');
  await visitTo(theCase, 'resolveFailure');
  await divert(theCase, 'dispatch');
  await theCase.answer('resolveFailure');
  await visitTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await bookedAt(world.sql, theCase)).toEqual(['completed']);
});

test.concurrent('a bill waits for the stock issue, seen, and is diverted: the built-in ledger is told of the sale before it answers', async () => {
  const theCase = await openPaid(desk);
  breaks(theCase, 'parts/soldTo', 'never');
  await plainTo(theCase, 'confirmCharges');
  await theCase.answer('confirmCharges');
  const { view } = await waitsFor(theCase, 'parts.soldTo');
  expect(view.waitingOn).toMatchObject({ who: 'parts', since: expect.stringContaining('T') });
  await divert(theCase, 'parts');
  await plainTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { invoices, sold } = await booksOf(desk, theCase.caseNumber);
  expect(invoices).toMatchObject([{ voidedAt: null }]);
  expect(sold).toEqual({ 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [2, 0] });
  const [line] = await diversions(theCase);
  const { possiblyDone, doneThere } = (line?.detail ?? {}) as Record<string, string[]>;
  expect(possiblyDone).toEqual([]); // a question does nothing
  expect(doneThere).toContain(`${theCase.caseNumber}/1/parts.issueSale/1`);
});

test.concurrent('a canceled case whose visit the partner does not cancel waits, seen, and is diverted as well', async () => {
  const theCase = await desk.open();
  breaks(theCase, 'dispatch/cancel');
  await visitTo(theCase, 'confirmDeparture');
  await theCase.act('cancel', { reason });
  const { view } = await waitsFor(theCase, 'dispatch.cancel');
  expect(view).toMatchObject({ status: 'canceled', waitingOn: { who: 'dispatch' } });
  await divert(theCase, 'dispatch');
  expect(await theCase.ended()).toMatchObject({ status: 'canceled', waitingOn: null });
  expect(await bookedAt(world.sql, theCase)).toEqual(['canceled']);
  expect(await bookedAt(partner.books, theCase)).toEqual(['booked']);
  await partner.books`update appointments set status = 'canceled' where case_number = ${theCase.caseNumber}`; // as a person would
});

test.concurrent('messages that a gateway does not take hold nothing up; diverted, each goes out once and in order', async () => {
  const theCase = await desk.open();
  breaks(theCase, 'notification/send');
  await visitTo(theCase, 'the end');
  const { view } = await waitsFor(theCase, 'notification.sendMessages');
  expect(view).toMatchObject({ status: 'closed', waitingOn: { who: 'notification' } });
  await divert(theCase, 'notification');
  await theCase.ended();
  await eventually(
    () => theCase.view(),
    ({ waitingOn }) => waitingOn === null,
  );
  const sent = await world.sql`select sequence from notifications
    where case_number = ${theCase.caseNumber} and effect_key like ${`${theCase.caseNumber}/1/%`} order by seq`;
  expect(sent.length).toBeGreaterThan(3);
  expect(sent.map(({ sequence }) => sequence)).toEqual(sent.map((_, index) => index + 1));
});

// not beside the others: they take parts from our own stores
test('a loan that the partner issued comes back here although our own stores have none: its parts come over from the partner', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportReturn');
  const giveBack = await emptyStores(world.sql, 'HP-PUMP-230');
  breaks(theCase, 'parts/returnLoan');
  await theCase.answer('reportReturn');
  await theCase.once(({ partnerWaits = [] }) => partnerWaits.length > 0);
  await divert(theCase, 'parts');
  await loanTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({
    outcome: 'repaired',
    facts: { loans: { loan1: { status: 'cleared' } } },
  });
  await giveBack();
});
