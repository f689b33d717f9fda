/** All partners away for two hours, on the time-skipping server: cases wait, seen and whole, and go on by themselves (N25). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import type { CaseRow } from '../../services/cases/index.ts';
import { brokenAt, type RudePartner, startRudePartner } from '../support/rude-partner.ts';
import type { Case } from '../support/workflows/case.ts';
import { createDesk, eventually } from '../support/workflows/desk.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { seen } from '../support/workflows/seen.ts';
import { type SkippingWorld, startSkippingWorld } from '../support/workflows/skipping.ts';
import { loanTo } from '../support/workflows/steps.ts';

let partner: RudePartner;
let skipping: SkippingWorld;
beforeAll(async () => {
  partner = await startRudePartner(2_000);
  const { address } = partner;
  skipping = await startSkippingWorld({ parts: address, dispatch: address, notification: address });
});
afterAll(async () => {
  await allIsWell(skipping.world);
  expect(await brokenAt(partner.books)).toEqual([]);
  await skipping.world.close();
  await partner.close();
});

const hasEnded = ({ view }: CaseRow) => view.status === 'closed';
/** What a case, or a loan of it, can't go on without; messages hold nothing up. */
const partnerWait = ({ view, partnerWaits = [] }: CaseRow) =>
  [view.waitingOn, ...partnerWaits].find((wait) => ['parts', 'dispatch'].includes(wait?.who ?? ''))
    ?.what;
/** Answers whatever is asked, until the case waits for a partner and asks nothing more, or has ended: which of them. */
async function walkUntilItWaits(theCase: Case): Promise<string> {
  for (;;) {
    const found = await theCase.once(
      (row) => hasEnded(row) || row.openTasks.length > 0 || partnerWait(row) !== undefined,
    );
    if (found.openTasks.length === 0) return partnerWait(found) ?? found.view.status;
    for (const { id } of found.openTasks) await theCase.answer(id);
  }
}

async function twoHoursLater(): Promise<void> {
  await skipping.pass('2h');
  await partner.back();
  await skipping.pass('2m');
}

// first, while the engine's clock is the database's: a loan's waits are shown by the latter
test('two hours with nobody listening: a case of each flow goes as far as it can, says what it waits for, and ends closed; so does a bill', {
  timeout: 180_000,
}, async () => {
  const desk = createDesk(skipping.world);
  const opened = await Promise.all(flows.map(({ name }) => desk.open({ flow: name })));
  await partner.goAway();
  const waits = await Promise.all(opened.map(walkUntilItWaits));
  expect(Object.fromEntries(flows.map(({ name }, index) => [name, waits[index]]))).toEqual({
    inWarrantyRepair: 'parts.reserve',
    outOfWarrantyRepair: 'parts.reserve',
    scheduledInspection: 'dispatch.rank',
    emergencyResponse: 'dispatch.onCall',
    defectReport: 'closed',
  });
  await twoHoursLater();

  const paid = opened[flows.findIndex(({ name }) => name === 'outOfWarrantyRepair')] as Case;
  await paid.walkTo('confirmCharges');
  await partner.goAway();
  await paid.answer('confirmCharges');
  await paid.once(({ view }) => view.waitingOn?.what === 'parts.soldTo');
  await twoHoursLater();

  const ends = await Promise.all(opened.map((theCase) => theCase.walkTo('the end')));
  expect(ends.map(({ view }) => view.status)).toEqual(flows.map(() => 'closed'));
});

test('two hours without any partner: the case says what it waits for since when, asks at least once a minute, and ends with each effect once', async () => {
  const theCase = await createDesk(skipping.world).open();
  await loanTo(theCase, 'confirmVisit');
  partner.behave(() => ({ fault: 'error500', doneFirst: false }));
  await theCase.answer('confirmVisit');
  const { view } = await theCase.once((row) => row.view.waitingOn?.who === 'dispatch');
  const since = Date.parse(view.waitingOn?.since ?? '');
  const before = partner.seen.length;
  await skipping.pass('2h');
  const asked = partner.seen.slice(before).filter(({ path }) => path === 'dispatch/book');
  expect(asked.length).toBeGreaterThan(100);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
  const now = await theCase.handle.query<typeof view>('readCase');
  expect(now.waitingOn).toMatchObject({ what: 'dispatch.book', who: 'dispatch' });
  expect((await skipping.nowMs()) - since).toBeGreaterThan(7_200_000 - 1);
  partner.behave(null);
  await skipping.pass('2m');
  await loanTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const there = await seen({ ...skipping.world, sql: partner.books }, theCase.caseNumber);
  expect(there).toMatchObject({ visits: ['completed'], reservations: ['issued'] });
  await eventually(
    async () =>
      (await seen({ ...skipping.world, sql: partner.books }, theCase.caseNumber)).messages,
    (messages) => messages.includes('resultReport'),
  );
});
