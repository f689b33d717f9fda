/** Promises over days and weeks: a hold costs nothing, a rung is never lost or doubled, a loan is chased (N1, N3, N10). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Case } from '../support/workflows/case.ts';
import { createDesk, eventually } from '../support/workflows/desk.ts';
import { type SkippingWorld, startSkippingWorld } from '../support/workflows/skipping.ts';
import { loanTo, nothingNeeded } from '../support/workflows/steps.ts';

let skipping: SkippingWorld;
beforeEach(async () => {
  skipping = await startSkippingWorld();
});
afterEach(() => skipping?.world.close());

const hourMs = 3_600_000;
const linesOf = async (theCase: Case, kind: string) =>
  (await theCase.timeline()).filter((line) => line.kind === kind);
const lengthOf = async (theCase: Case) => (await theCase.handle.fetchHistory()).events?.length ?? 0;

test('a case on hold for 30 days adds no event to its history; then the next rung fires at the right time', async () => {
  const theCase = await createDesk(skipping.world).open();
  await theCase.answer('reportPhoneTriage', nothingNeeded);
  await theCase.task('confirmVisit');
  await theCase.act('hold', { reason: 'On holiday.', holdReason: 'customerRequestedDate' });
  const quiet = await eventually(
    async () => [await lengthOf(theCase), await lengthOf(theCase)],
    ([once, again]) => once === again,
  );
  await skipping.pass('30d');
  expect(await lengthOf(theCase)).toBe(quiet[0]);
  await theCase.act('resume', { reason: 'Back.' });
  const [[held], [resumed]] = [
    await linesOf(theCase, 'caseHeld'),
    await linesOf(theCase, 'caseResumed'),
  ];
  const stoodMs = Date.parse(resumed?.at ?? '') - Date.parse(held?.at ?? '');
  expect(stoodMs).toBeGreaterThanOrEqual(30 * 24 * hourMs);
  await skipping.pass('48h');
  const rung = await eventually(
    () => linesOf(theCase, 'clockRung'),
    (lines) => lines.length > 0,
  );
  const openedAt = Date.parse((await theCase.row()).openedAt);
  expect(Date.parse(String(rung[0]?.detail.rungAt))).toBe(openedAt + 0.75 * 48 * hourMs + stoodMs);
});

test('each rung of each clock rings once, in order, within a minute of its time, and raises the alert (N3, I17)', async () => {
  const theCase = await createDesk(skipping.world).open();
  await theCase.task('reportPhoneTriage');
  for (let day = 0; day < 8; day += 1) await skipping.pass('1d');
  const rung = await eventually(
    () => linesOf(theCase, 'clockRung'),
    (lines) => lines.length === 9,
  );
  expect(rung.map(({ subject, detail }) => `${subject} ${detail.percent}`)).toEqual([
    'response 75',
    'response 100',
    'response 150',
    'restore 75',
    'restore 100',
    'restore 150',
    'resolution 75',
    'resolution 100',
    'resolution 150',
  ]);
  for (const { detail } of rung) expect(Number(detail.lagMs)).toBeLessThan(60_000);
  expect(await theCase.view()).toMatchObject({ alertLevel: 3, status: 'triaged' });
});

test('a loan is chased when it is due and at each overdue level, while parts come back lot by lot, and never once it is cleared', async () => {
  const theCase = await createDesk(skipping.world).open();
  await loanTo(theCase, 'confirmVisit');
  const chased = async () => {
    const sent = await skipping.world.sql<{ text: string }[]>`select text from notifications
      where case_number = ${theCase.caseNumber} and template = 'loanOverdue' order by seq`;
    return sent.length;
  };
  await skipping.pass('6d');
  expect(await chased()).toBe(0);
  await skipping.pass('25h');
  await eventually(chased, (count) => count === 1);
  const back = (partNumber: string) => ({
    slipNumber: undefined,
    lines: [{ partNumber, usedWithCore: 0, returnedUnused: 1, oldPartSerials: [] }],
  });
  await theCase.answer('loan1-reportReturn-1', back('HP-SEAL-230'));
  await skipping.pass('72h');
  await eventually(chased, (count) => count === 2);
  await theCase.answer('loan1-reportReturn-2', back('HP-PUMP-230'));
  await skipping.pass('96h');
  await eventually(chased, (count) => count === 3);
  const { context } = await theCase.task('loan1-reportReturn-3');
  expect(context).toMatchObject({
    outstanding: [
      { partNumber: 'HP-PUMP-230', outstanding: 0 },
      { partNumber: 'HP-SEAL-230', outstanding: 1 },
    ],
  });
  await theCase.answer('loan1-reportReturn-3', back('HP-SEAL-230'));
  const loan = skipping.world.client.workflow.getHandle(`${theCase.caseNumber}/loan1`);
  expect(await loan.result()).toMatchObject({ outcome: 'cleared' });
  await skipping.pass('20d');
  expect(await chased()).toBe(3);
});
