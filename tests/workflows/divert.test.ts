/** A partner that is down: the case says so, and a supervisor may go on with the built-in service, under the same effect keys (N25). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../db/connect.ts';
import {
  brokenAt,
  type Fault,
  type RudePartner,
  startRudePartner,
} from '../support/rude-partner.ts';
import { startWorld, type World } from '../support/world.ts';
import type { Case } from './case.ts';
import { createDesk, type Desk, eventually, expectRefusal } from './desk.ts';
import { emptyStores } from './outage.ts';
import { booksOf, openPaid, plainTo } from './paid-steps.ts';
import { allIsWell } from './replay.ts';
import { seen } from './seen.ts';
import { loanTo, visitTo } from './steps.ts';

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
const breaks = (kase: Case, path: string, fault: Fault = 'error500', doneFirst = false) =>
  rules.set(`${path} ${kase.caseNumber}`, { fault, doneFirst });
const divert = (kase: Case, service: 'parts' | 'dispatch' | 'notification') =>
  kase.say('divert', { reason, service });
const diversions = async (kase: Case) =>
  (await kase.timeline()).filter(({ kind }) => kind === 'serviceDiverted');
/** The engineer's answer on which a visit is booked. */
const askForVisit = async (kase: Case) => {
  await visitTo(kase, 'confirmVisit');
  await kase.answer('confirmVisit');
};
const waitsFor = (kase: Case, what: string) =>
  kase.once(({ view }) => view.waitingOn?.what === what);
const bookedAt = async (sql: Sql, kase: Case) =>
  (
    await sql`select status from appointments where case_number = ${kase.caseNumber} order by booking_key`
  ).map(({ status }) => status);

test.concurrent('a case that waits for a partner is diverted: the same step under the same key, with who and why on the timeline', async () => {
  const [kase, other] = [await desk.open(), await desk.open()];
  breaks(kase, 'dispatch/book', 'never');
  await askForVisit(kase);
  await visitTo(other, 'confirmDeparture');
  const { view } = await waitsFor(kase, 'dispatch.book');
  expect(view.waitingOn).toMatchObject({ who: 'dispatch', since: expect.stringContaining('T') });
  await expectRefusal(divert(kase, 'parts'), 'illegalTransition');
  const word = kase.say('divert', { reason, service: 'dispatch' }, { role: 'engineer' });
  await expectRefusal(word, 'forbidden');
  await divert(kase, 'dispatch');
  await expectRefusal(divert(kase, 'dispatch'), 'illegalTransition');
  await visitTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await bookedAt(world.sql, kase)).toEqual(['completed']);
  expect(await diversions(kase)).toMatchObject([
    {
      actor: { id: 'ST-05', role: 'supervisor' },
      reason,
      subject: 'dispatch',
      detail: { possiblyDone: [`${kase.caseNumber}/1/dispatch.book/1`], doneThere: [] },
    },
  ]);
  await visitTo(other, 'the end');
  expect(await other.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await bookedAt(world.sql, other)).toEqual([]);
  expect(await bookedAt(partner.books, other)).toEqual(['completed']);
});

test.concurrent('what the partner did before it fell silent stays there, and is named as possibly done', async () => {
  const kase = await desk.open();
  breaks(kase, 'dispatch/book', 'cut', true);
  await askForVisit(kase);
  await waitsFor(kase, 'dispatch.book');
  await divert(kase, 'dispatch');
  await kase.task('confirmDeparture');
  const [line] = await diversions(kase);
  const { possiblyDone } = (line?.detail ?? {}) as { possiblyDone?: string[] };
  const [key] = possiblyDone ?? [];
  expect(
    await partner.books`select status from appointments where booking_key = ${key ?? ''}`,
  ).toEqual([{ status: 'booked' }]);
  await kase.say('cancel', { reason });
  expect(await kase.ended()).toMatchObject({ status: 'canceled' });
  expect(await bookedAt(world.sql, kase)).toEqual(['canceled']);
  await partner.books`update appointments set status = 'canceled' where booking_key = ${key ?? ''}`; // as a person would
});

test.concurrent('a loan goes on from what the partner holds: the built-in service is told of it first', async () => {
  const kase = await desk.open();
  breaks(kase, 'parts/issueLoan');
  await loanTo(kase, 'issueParts');
  await kase.answer('issueParts');
  const { partnerWaits } = await kase.once(({ partnerWaits = [] }) => partnerWaits.length > 0);
  expect(partnerWaits).toMatchObject([
    { what: 'parts.issueLoan', who: 'parts', workflowId: `${kase.caseNumber}/loan1` },
  ]);
  await divert(kase, 'parts');
  await loanTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const { reservations, loans } = await seen(world, kase.caseNumber);
  expect(reservations).toEqual(['issued']);
  expect(Object.keys(loans)).toEqual(['loan1']);
  const lines = await diversions(kase);
  expect(lines.map(({ detail }) => detail)).toEqual([
    { possiblyDone: [], doneThere: [] },
    {
      possiblyDone: [`${kase.caseNumber}/loan1/1/parts.issueLoan/1`],
      doneThere: [`${kase.caseNumber}/loan1/1/parts.reserve/1`],
    },
  ]);
  expect(lines.map(({ actor }) => actor.id)).toEqual(['ST-05', 'ST-05']);
});

test.concurrent('a loan that begins after the diversion has nothing to do with the partner', async () => {
  const kase = await desk.open();
  breaks(kase, 'parts/reserve');
  await loanTo(kase, 'approveLoan');
  await kase.answer('approveLoan');
  await kase.once(({ partnerWaits = [] }) => partnerWaits.length > 0);
  await divert(kase, 'parts');
  const expectedParts = [{ partNumber: 'HP-FILTER-230', quantity: 1 }];
  const missing = { result: 'partMissing', usedParts: [], expectedParts };
  await loanTo(kase, 'the end', { 'reportRepair-1': missing });
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const { loans } = await seen(world, kase.caseNumber);
  expect(Object.keys(loans)).toEqual(['loan1', 'loan2']);
  const asked = partner.seen.filter(({ key }) => key?.startsWith(`${kase.caseNumber}/loan2`));
  expect(asked.filter(({ path }) => path.startsWith('parts/'))).toEqual([]);
});

test.concurrent('a partner that refuses for good can be diverted too: the next attempt is at the built-in service', async () => {
  const kase = await desk.open();
  breaks(kase, 'dispatch/book', 'refused');
  await visitTo(kase, 'resolveFailure');
  await divert(kase, 'dispatch');
  await kase.answer('resolveFailure');
  await visitTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await bookedAt(world.sql, kase)).toEqual(['completed']);
});

test.concurrent('a bill waits for the stock issue, seen, and is diverted: the built-in ledger is told of the sale before it answers', async () => {
  const kase = await openPaid(desk);
  breaks(kase, 'parts/soldTo', 'never');
  await plainTo(kase, 'confirmCharges');
  await kase.answer('confirmCharges');
  const { view } = await waitsFor(kase, 'parts.soldTo');
  expect(view.waitingOn).toMatchObject({ who: 'parts', since: expect.stringContaining('T') });
  await divert(kase, 'parts');
  await plainTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const { invoices, sold } = await booksOf(desk, kase.caseNumber);
  expect(invoices).toMatchObject([{ voidedAt: null }]);
  expect(sold).toEqual({ 'TD-MOTOR-60': [1, 0], 'TD-SEAL-60': [2, 0] });
  const [line] = await diversions(kase);
  const { possiblyDone, doneThere } = (line?.detail ?? {}) as Record<string, string[]>;
  expect(possiblyDone).toEqual([]); // a question does nothing
  expect(doneThere).toContain(`${kase.caseNumber}/1/parts.issueSale/1`);
});

test.concurrent('a canceled case whose visit the partner does not cancel waits, seen, and is diverted as well', async () => {
  const kase = await desk.open();
  breaks(kase, 'dispatch/cancel');
  await visitTo(kase, 'confirmDeparture');
  await kase.say('cancel', { reason });
  const { view } = await waitsFor(kase, 'dispatch.cancel');
  expect(view).toMatchObject({ status: 'canceled', waitingOn: { who: 'dispatch' } });
  await divert(kase, 'dispatch');
  expect(await kase.ended()).toMatchObject({ status: 'canceled', waitingOn: null });
  expect(await bookedAt(world.sql, kase)).toEqual(['canceled']);
  expect(await bookedAt(partner.books, kase)).toEqual(['booked']);
  await partner.books`update appointments set status = 'canceled' where case_number = ${kase.caseNumber}`; // as a person would
});

test.concurrent('messages that a gateway does not take hold nothing up; diverted, each goes out once and in order', async () => {
  const kase = await desk.open();
  breaks(kase, 'notification/send');
  await visitTo(kase, 'the end');
  const { view } = await waitsFor(kase, 'notification.sendMessages');
  expect(view).toMatchObject({ status: 'closed', waitingOn: { who: 'notification' } });
  await divert(kase, 'notification');
  await kase.ended();
  await eventually(
    () => kase.view(),
    ({ waitingOn }) => waitingOn === null,
  );
  const sent = await world.sql`select sequence from notifications
    where case_number = ${kase.caseNumber} and effect_key like ${`${kase.caseNumber}/1/%`} order by seq`;
  expect(sent.length).toBeGreaterThan(3);
  expect(sent.map(({ sequence }) => sequence)).toEqual(sent.map((_, index) => index + 1));
});

// not beside the others: they take parts from our own stores
test('a loan that the partner issued comes back here although our own stores have none: its parts come over from the partner', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportReturn');
  const giveBack = await emptyStores(world.sql, 'HP-PUMP-230');
  breaks(kase, 'parts/returnLoan');
  await kase.answer('reportReturn');
  await kase.once(({ partnerWaits = [] }) => partnerWaits.length > 0);
  await divert(kase, 'parts');
  await loanTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({
    outcome: 'repaired',
    facts: { loans: { loan1: { status: 'cleared' } } },
  });
  await giveBack();
});
