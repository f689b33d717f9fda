/** The supervisor's words (N19): each accepted or refused at once, with a reason, on the timeline. */
import { expect, test } from 'vitest';
import type { Role } from '../../domain/case.ts';
import type { RecordedEvent } from '../../services/cases/index.ts';
import type { Case } from '../support/workflows/case.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import { fixedByPhone, nothingNeeded, visitTo } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const reason = 'Agreed by phone.';
const hold = { reason, holdReason: 'awaitingCustomer' as const };
const lineOf = async (theCase: Case, kind: string): Promise<RecordedEvent> => {
  const [line] = (await theCase.timeline()).filter((one) => one.kind === kind);
  if (!line) throw new Error(`no ${kind}`);
  return line;
};
const clockOf = async (theCase: Case, name: string) => {
  const clock = (await theCase.view()).clocks.find((one) => one.name === name);
  if (!clock) throw new Error(`no clock ${name}`);
  return clock;
};
async function finish(theCase: Case): Promise<void> {
  await visitTo(theCase, 'the end');
  await theCase.ended();
}

test.concurrent('a hold stops the clocks that its reason pauses; the resume shifts what is due by the very milliseconds', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', nothingNeeded);
  const before = await clockOf(theCase, 'restore');
  await theCase.act('hold', hold);
  expect(await theCase.view()).toMatchObject({ status: 'onHold', holdReason: 'awaitingCustomer' });
  const states = (await theCase.view()).clocks.map(({ name, state }) => [name, state]);
  expect(states).toEqual([
    ['response', 'met'],
    ['restore', 'paused'],
    ['resolution', 'paused'],
  ]);
  await expectRefusal(theCase.act('hold', hold), 'illegalTransition');
  await theCase.act('resume', { reason });
  const [held, resumed] = [await lineOf(theCase, 'caseHeld'), await lineOf(theCase, 'caseResumed')];
  const stood = Date.parse(resumed.at) - Date.parse(held.at);
  expect(stood).toBeGreaterThan(0);
  const after = await clockOf(theCase, 'restore');
  expect(Date.parse(after.dueAt) - Date.parse(before.dueAt)).toBe(stood);
  expect(held).toMatchObject({ actor: { id: 'ST-05' }, reason, subject: 'awaitingCustomer' });
  await expectRefusal(theCase.act('resume', { reason }), 'illegalTransition');
  await finish(theCase);
});

test.concurrent("waiting for one's own parts pauses nothing", async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', nothingNeeded);
  await theCase.act('hold', { reason, holdReason: 'awaitingParts' }, { role: 'engineer' });
  expect((await clockOf(theCase, 'restore')).state).toBe('running');
  await finish(theCase);
});

test.concurrent('an answer ends a hold, and says so', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'confirmDeparture');
  await theCase.act('hold', hold, { role: 'hotline' });
  await theCase.answer('confirmDeparture');
  expect(await theCase.view()).toMatchObject({ status: 'inProgress', holdReason: null });
  expect(await lineOf(theCase, 'caseResumed')).toMatchObject({ actor: { id: 'ST-02' } });
  await finish(theCase);
});

test.concurrent('a case held before anybody worked on it is triaged again when it goes on', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await theCase.act('hold', hold, { role: 'hotline' });
  expect((await clockOf(theCase, 'response')).state).toBe('running');
  await theCase.act('resume', { reason }, { role: 'hotline' });
  expect((await theCase.view()).status).toBe('triaged');
  await finish(theCase);
});

test.concurrent('an alert rises level by level, never falls, is acknowledged, and tells who owns its level', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await theCase.act('escalate', { reason }, { role: 'hotline' });
  expect(await theCase.view()).toMatchObject({ alertLevel: 1, alertAcknowledged: false });
  await expectRefusal(theCase.act('escalate', { reason, level: 1 }), 'illegalTransition');
  await expectRefusal(theCase.act('acknowledge', { reason }, { role: 'hotline' }), 'forbidden');
  await theCase.act('acknowledge', { reason });
  expect(await theCase.view()).toMatchObject({ alertLevel: 1, alertAcknowledged: true });
  await expectRefusal(theCase.act('acknowledge', { reason }), 'illegalTransition');
  await theCase.act('escalate', { reason, level: 3 });
  expect(await theCase.view()).toMatchObject({ alertLevel: 3, alertAcknowledged: false });
  await expectRefusal(theCase.act('escalate', { reason }), 'illegalTransition');
  await finish(theCase);
  const alerts = await desk.world.sql`select recipient->>'role' as role from notifications
    where case_number = ${theCase.caseNumber} and template = 'alert' order by seq`;
  expect(alerts.map((row) => row.role)).toEqual(['supervisor', 'manager']);
});

test.concurrent('an alert that nobody acknowledges rises by itself to the top', async () => {
  const theCase = await desk.open({ policy: { acknowledgeWithin: 'PT1S' } });
  await theCase.task('reportPhoneTriage');
  await theCase.act('escalate', { reason });
  await theCase.once((row) => row.view.alertLevel === 3);
  const raised = (await theCase.timeline()).filter((line) => line.kind === 'alertRaised');
  expect(raised.map((line) => [line.subject, line.detail.trigger])).toEqual([
    ['level 1', 'manual'],
    ['level 2', 'notAcknowledged'],
    ['level 3', 'notAcknowledged'],
  ]);
  await finish(theCase);
});

test.concurrent('a case is given to another engineer: open tasks show it, and the engineer hears it', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'confirmDeparture');
  await theCase.act('reassign', { reason, assignee: 'ST-13' });
  expect((await theCase.view()).assignee).toBe('ST-13');
  expect((await theCase.task('confirmDeparture')).assignee).toBe('ST-13');
  await expectRefusal(
    theCase.act('reassign', { reason, assignee: 'ST-12' }, { role: 'engineer' }),
    'forbidden',
  );
  await finish(theCase);
  const told = await desk.world
    .sql`select from notifications where case_number = ${theCase.caseNumber}
    and template = 'assigned' and recipient->>'staffNumber' = 'ST-13'`;
  expect(told).toHaveLength(1);
});

test.concurrent('anybody who works here may add a note, an auditor may not', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  const writers: Role[] = [
    'hotline',
    'engineer',
    'support',
    'partsKeeper',
    'manager',
    'quality',
    'admin',
  ];
  for (const role of writers) await theCase.act('note', { reason }, { role });
  await expectRefusal(theCase.act('note', { reason }, { role: 'auditor' }), 'forbidden');
  const notes = (await theCase.timeline()).filter((line) => line.kind === 'noted');
  expect(notes.map((line) => line.actor.role)).toEqual(writers);
  await finish(theCase);
});

test.concurrent('an engineer asks for support while at work, and only then', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await expectRefusal(
    theCase.act('requestSupport', { reason }, { role: 'engineer' }),
    'illegalTransition',
  );
  await visitTo(theCase, 'reportDiagnosis');
  await theCase.act('requestSupport', { reason }, { role: 'engineer' });
  expect(await lineOf(theCase, 'supportRequested')).toMatchObject({ subject: 'diagnosing' });
  await finish(theCase);
  expect((await seen(desk.world, theCase.caseNumber)).messages).toContain('backUpRequested');
});

test.concurrent('only what stands in the way can be waived, by a supervisor', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.task('recordCallback');
  const waive = (blocker: string, role: Role = 'supervisor') =>
    theCase.act('waive', { reason, blocker }, { role });
  await expectRefusal(waive('loan1'), 'illegalTransition');
  await expectRefusal(waive('callback', 'hotline'), 'forbidden');
  await waive('callback');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', waivers: [{ id: 'callback' }] });
});

test.concurrent('a case is not closed before its work is done, nor over what stands in the way', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await expectRefusal(theCase.act('close', { reason }), 'illegalTransition');
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.task('recordCallback');
  await expectRefusal(theCase.act('close', { reason }), 'blocked');
  await theCase.answer('recordCallback');
  await theCase.ended();
});

test.concurrent('a word said twice under one act id is one word', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  const revision = await theCase.act('hold', hold, { actId: 'act-1' });
  expect(await theCase.act('hold', hold, { actId: 'act-1' })).toBe(revision);
  await theCase.act('resume', { reason });
  expect(await theCase.act('hold', hold, { actId: 'act-1' })).toBe(revision);
  expect((await theCase.view()).status).toBe('triaged');
  await finish(theCase);
});

test.concurrent('what is due is seen: rungs ring once, in order, above 100 % too, with their lag', async () => {
  const rungs = [50, 100, 150].map((percent, index) => ({
    percent,
    alertLevel: (index + 1) as 1 | 2 | 3,
  }));
  const target = { critical: 'PT2S', high: 'PT2S', medium: 'PT2S', low: 'PT2S' };
  const clock = { name: 'restore' as const, target, pausedBy: [], rungs, source: 'R04' };
  const theCase = await desk.open({ policy: { clocks: [clock] } });
  const rung = await eventually(
    async () => (await theCase.timeline()).filter((line) => line.kind === 'clockRung'),
    (lines) => lines.length === 3,
  );
  expect(rung.map((line) => line.detail.percent)).toEqual([50, 100, 150]);
  const openedAt = Date.parse((await theCase.row()).openedAt);
  for (const { at, detail } of rung) {
    const rungAt = Date.parse(String(detail.rungAt));
    expect(rungAt - openedAt).toBe(20 * Number(detail.percent));
    expect(Date.parse(at) - rungAt).toBe(detail.lagMs);
  }
  expect(await clockOf(theCase, 'restore')).toMatchObject({ state: 'missed', metAt: null });
  await finish(theCase);
});
