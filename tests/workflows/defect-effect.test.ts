/** Promises over weeks: owners are reminded, an overdue action raises the alert, and its effect is judged by data (N23). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStores } from '../../services/stores.ts';
import type { Case } from '../support/workflows/case.ts';
import { linesOf, openReport, school } from '../support/workflows/defects.ts';
import { createDesk, type Desk, eventually } from '../support/workflows/desk.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { type SkippingWorld, startSkippingWorld } from '../support/workflows/skipping.ts';

let skipping: SkippingWorld;
let desk: Desk;
beforeEach(async () => {
  skipping = await startSkippingWorld();
  desk = createDesk(skipping.world);
});
afterEach(async () => {
  await allIsWell(skipping.world);
  await skipping.world.close();
});

const dayMs = 86_400_000;

/** A failure of that school's switch, so many days from now. */
async function failed(number: number, inDays: number): Promise<Case> {
  const theCase = await desk.open();
  const failedAt = new Date((await skipping.nowMs()) + inDays * dayMs).toISOString();
  await createStores(skipping.world.sql).defects.effects.recordFailure({
    effectKey: `${theCase.caseNumber}/1/defects.recordFailure/1`,
    caseNumber: theCase.caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    serialNumber: school(number),
    faultCode: 'NET-PSU-HUM',
    causeCode: null,
    remedyCode: 'REPLACED',
    failedAt,
    windowMs: 90 * dayMs,
  });
  return theCase;
}

const sent = (theCase: Case, template: string) => async () => {
  const rows = await skipping.world.sql`select from notifications
    where case_number = ${theCase.caseNumber} and template = ${template}`;
  return rows.length;
};

const alerts = async (theCase: Case) =>
  (await linesOf(theCase, 'alertRaised')).map(({ detail }) => detail.trigger);

test('with the last reminder of a step an alert is raised', async () => {
  const theCase = await openReport(desk);
  await theCase.walkTo('acknowledgeDefect');
  await skipping.pass('6d');
  expect(await alerts(theCase)).toEqual([]);
  await skipping.pass('25h');
  await eventually(
    () => alerts(theCase),
    ([first]) => first === 'no answer after the last reminder',
  );
  expect(await sent(theCase, 'defectReminder')()).toBe(3);
  await theCase.act('cancel', { reason: 'Reported elsewhere.' });
  await theCase.ended();
});

test('the owner is reminded of each step until it is done, of the action before and when it is due, and an overdue one raises the alert', async () => {
  const theCase = await openReport(desk);
  const reminders = sent(theCase, 'defectReminder');
  await theCase.walkTo('acknowledgeDefect');
  for (const [pass, count] of [
    ['23h', 0],
    ['2h', 1],
    ['2d', 2],
  ] as const) {
    await skipping.pass(pass);
    await eventually(reminders, (told) => told === count);
  }
  await theCase.answer('acknowledgeDefect');
  await theCase.task('reportRootCause');
  await skipping.pass('25h');
  await eventually(reminders, (told) => told === 3);
  await theCase.walkTo('reportActionInPlace');
  const { dueAt } = await theCase.task('reportActionInPlace');
  const { action } = (await theCase.view()).facts as { action: { dueAt: string } };
  expect(dueAt).toBe(action.dueAt);
  const due = sent(theCase, 'actionDue');
  await skipping.pass('26d');
  expect(await due()).toBe(0);
  await skipping.pass('25h');
  await eventually(due, (told) => told === 1);
  expect((await theCase.view()).alertLevel).toBe(0);
  await skipping.pass('3d');
  await eventually(due, (told) => told === 2);
  await theCase.once(({ view }) => view.alertLevel > 0);
  await theCase.answer('reportActionInPlace');
  expect(await theCase.ended()).toMatchObject({ outcome: 'correctiveActionInPlace' });
});

const checkOf = (theCase: Case, cycle: number) =>
  skipping.world.client.workflow.getHandle(`${theCase.caseNumber}/effectCheck${cycle}`);
/** While a result is waited for the server lets the days pass. */
async function resultOf(theCase: Case, cycle: number): Promise<unknown> {
  const result = await checkOf(theCase, cycle).result();
  await skipping.orphanEnded();
  return result;
}

test('an action that works is confirmed after 90 days by the numbers, and the report stays closed', async () => {
  const theCase = await openReport(desk);
  for (const number of [1, 2, 3]) await failed(number, -5);
  await theCase.walkTo('the end');
  await theCase.ended();
  await failed(4, 20);
  await skipping.pass('89d');
  expect((await theCase.view()).facts.effectCheck).toMatchObject({ state: 'waiting' });
  expect(await resultOf(theCase, 1)).toMatchObject({ outcome: 'effective' });
  expect(await theCase.view()).toMatchObject({
    cycle: 1,
    status: 'closed',
    facts: {
      effectCheck: {
        state: 'effective',
        treated: { units: 2, failures: 0 },
        prior: { units: 22, failures: 4 },
      },
    },
  });
  expect(await linesOf(theCase, 'effectConfirmed')).toHaveLength(1);
  const { events } = await checkOf(theCase, 1).fetchHistory();
  const timers = (events ?? []).filter((event) => event.timerStartedEventAttributes);
  const summary = timers.map((event) =>
    Buffer.from(event.userMetadata?.summary?.data ?? []).toString(),
  );
  expect(summary).toEqual(['"effect check"']);
});

test('a fault that comes back on treated units begins the next cycle, tells the source cases, and leaves the first verdict as it was', async () => {
  const sources = [await failed(1, -5), await failed(2, -5)];
  const theCase = await openReport(desk);
  await theCase.walkTo('the end');
  await theCase.ended();
  const verdicts = () => skipping.world.sql`
    select c.cycle, closing_view, effective, treated_failures from case_cycles c
    left join effect_checks using (case_number, cycle) where c.case_number = ${theCase.caseNumber} order by 1`;
  const [before] = await verdicts();
  expect(before).toMatchObject({ effective: null });
  sources.push(await failed(11, 30));
  expect(await resultOf(theCase, 1)).toMatchObject({ outcome: 'failed' });

  const reopened = await theCase.once(({ view }) => view.cycle === 2 && view.status === 'triaged');
  expect(reopened.view).toMatchObject({ stage: 'analysing', outcome: null });
  expect(reopened.openTasks).toMatchObject([
    { id: 'fileFaultAnalysis-101', context: { failedEffectCheck: { treated: { failures: 1 } } } },
  ]);
  expect(await linesOf(theCase, 'caseReopened')).toMatchObject([{ cycle: 2, subject: 'cycle 2' }]);
  for (const source of sources)
    expect(await linesOf(source, 'effectCheckFailed')).toMatchObject([
      { subject: theCase.caseNumber, detail: { nextCycle: 2 } },
    ]);
  const [first] = await verdicts();
  expect(first).toMatchObject({
    effective: false,
    treated_failures: 1,
    closing_view: { cycle: 1, status: 'closed', outcome: 'correctiveActionInPlace' },
  });
  // a late double click of the first cycle answers nothing of the second
  await expect(theCase.deliver('fileFaultAnalysis', lateClick)).rejects.toMatchObject({
    refusal: 'taskNotOpen',
  });

  await theCase.walkTo('the end', { proposeAction: { actionCode: 'PSU-REV-C' } });
  await theCase.once(({ view }) => view.status === 'closed');
  expect(await resultOf(theCase, 2)).toMatchObject({ outcome: 'effective' });
  expect(await theCase.view()).toMatchObject({
    cycle: 2,
    outcome: 'correctiveActionInPlace',
    facts: { action: { actionCode: 'PSU-REV-C' }, effectCheck: { state: 'effective' } },
  });
  expect((await verdicts())[0]).toEqual(first);
});

const lateClick = {
  actor: { id: 'ST-03', role: 'support' },
  occurredAt: new Date().toISOString(),
  actId: 'late-click',
  taskId: 'fileFaultAnalysis-1',
  answer: { failureModeCode: 'PSU-CAP-AGED', occurrences: 3, document: null },
};
