/** The supervisor's words (N19): each accepted or refused at once, with a reason, on the timeline. */
import { expect, test } from 'vitest';
import type { Role } from '../../domain/case.ts';
import type { RecordedEvent } from '../../services/cases/index.ts';
import type { Case } from './case.ts';
import { eventually, expectRefusal } from './desk.ts';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { seen } from './seen.ts';
import { fixedByPhone, nothingNeeded, visitTo } from './steps.ts';

const desk = deskOfThisFile();

const reason = 'Agreed by phone.';
const hold = { reason, holdReason: 'awaitingCustomer' as const };
const lineOf = async (kase: Case, kind: string): Promise<RecordedEvent> => {
  const [line] = (await kase.timeline()).filter((one) => one.kind === kind);
  if (!line) throw new Error(`no ${kind}`);
  return line;
};
const clockOf = async (kase: Case, name: string) => {
  const clock = (await kase.view()).clocks.find((one) => one.name === name);
  if (!clock) throw new Error(`no clock ${name}`);
  return clock;
};
async function finish(kase: Case): Promise<void> {
  await visitTo(kase, 'the end');
  await kase.ended();
}

test.concurrent('a hold stops the clocks that its reason pauses; the resume shifts what is due by the very milliseconds', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', nothingNeeded);
  const before = await clockOf(kase, 'restore');
  await kase.say('hold', hold);
  expect(await kase.view()).toMatchObject({ status: 'onHold', holdReason: 'awaitingCustomer' });
  const states = (await kase.view()).clocks.map(({ name, state }) => [name, state]);
  expect(states).toEqual([
    ['response', 'met'],
    ['restore', 'paused'],
    ['resolution', 'paused'],
  ]);
  await expectRefusal(kase.say('hold', hold), 'illegalTransition');
  await kase.say('resume', { reason });
  const [held, resumed] = [await lineOf(kase, 'caseHeld'), await lineOf(kase, 'caseResumed')];
  const stood = Date.parse(resumed.at) - Date.parse(held.at);
  expect(stood).toBeGreaterThan(0);
  const after = await clockOf(kase, 'restore');
  expect(Date.parse(after.dueAt) - Date.parse(before.dueAt)).toBe(stood);
  expect(held).toMatchObject({ actor: { id: 'ST-05' }, reason, subject: 'awaitingCustomer' });
  await expectRefusal(kase.say('resume', { reason }), 'illegalTransition');
  await finish(kase);
});

test.concurrent("waiting for one's own parts pauses nothing", async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', nothingNeeded);
  await kase.say('hold', { reason, holdReason: 'awaitingParts' }, { role: 'engineer' });
  expect((await clockOf(kase, 'restore')).state).toBe('running');
  await finish(kase);
});

test.concurrent('an answer ends a hold, and says so', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'confirmDeparture');
  await kase.say('hold', hold, { role: 'hotline' });
  await kase.answer('confirmDeparture');
  expect(await kase.view()).toMatchObject({ status: 'inProgress', holdReason: null });
  expect(await lineOf(kase, 'caseResumed')).toMatchObject({ actor: { id: 'ST-02' } });
  await finish(kase);
});

test.concurrent('a case held before anybody worked on it is triaged again when it goes on', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  await kase.say('hold', hold, { role: 'hotline' });
  expect((await clockOf(kase, 'response')).state).toBe('running');
  await kase.say('resume', { reason }, { role: 'hotline' });
  expect((await kase.view()).status).toBe('triaged');
  await finish(kase);
});

test.concurrent('an alert rises level by level, never falls, is acknowledged, and tells who owns its level', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  await kase.say('escalate', { reason }, { role: 'hotline' });
  expect(await kase.view()).toMatchObject({ alertLevel: 1, alertAcknowledged: false });
  await expectRefusal(kase.say('escalate', { reason, level: 1 }), 'illegalTransition');
  await expectRefusal(kase.say('acknowledge', { reason }, { role: 'hotline' }), 'forbidden');
  await kase.say('acknowledge', { reason });
  expect(await kase.view()).toMatchObject({ alertLevel: 1, alertAcknowledged: true });
  await expectRefusal(kase.say('acknowledge', { reason }), 'illegalTransition');
  await kase.say('escalate', { reason, level: 3 });
  expect(await kase.view()).toMatchObject({ alertLevel: 3, alertAcknowledged: false });
  await expectRefusal(kase.say('escalate', { reason }), 'illegalTransition');
  await finish(kase);
  const alerts = await desk.world.sql`select recipient->>'role' as role from notifications
    where case_number = ${kase.caseNumber} and template = 'alert' order by seq`;
  expect(alerts.map((row) => row.role)).toEqual(['supervisor', 'manager']);
});

test.concurrent('an alert that nobody acknowledges rises by itself to the top', async () => {
  const kase = await desk.open({ policy: { acknowledgeWithin: 'PT1S' } });
  await kase.task('reportPhoneTriage');
  await kase.say('escalate', { reason });
  await kase.once((row) => row.view.alertLevel === 3);
  const raised = (await kase.timeline()).filter((line) => line.kind === 'alertRaised');
  expect(raised.map((line) => [line.subject, line.detail.trigger])).toEqual([
    ['level 1', 'manual'],
    ['level 2', 'notAcknowledged'],
    ['level 3', 'notAcknowledged'],
  ]);
  await finish(kase);
});

test.concurrent('a case is given to another engineer: open tasks show it, and the engineer hears it', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'confirmDeparture');
  await kase.say('reassign', { reason, assignee: 'ST-13' });
  expect((await kase.view()).assignee).toBe('ST-13');
  expect((await kase.task('confirmDeparture')).assignee).toBe('ST-13');
  await expectRefusal(
    kase.say('reassign', { reason, assignee: 'ST-12' }, { role: 'engineer' }),
    'forbidden',
  );
  await finish(kase);
  const told = await desk.world.sql`select from notifications where case_number = ${kase.caseNumber}
    and template = 'assigned' and recipient->>'staffNumber' = 'ST-13'`;
  expect(told).toHaveLength(1);
});

test.concurrent('anybody who works here may add a note, an auditor may not', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  const writers: Role[] = [
    'hotline',
    'engineer',
    'support',
    'partsKeeper',
    'manager',
    'quality',
    'admin',
  ];
  for (const role of writers) await kase.say('note', { reason }, { role });
  await expectRefusal(kase.say('note', { reason }, { role: 'auditor' }), 'forbidden');
  const notes = (await kase.timeline()).filter((line) => line.kind === 'noted');
  expect(notes.map((line) => line.actor.role)).toEqual(writers);
  await finish(kase);
});

test.concurrent('an engineer asks for support while at work, and only then', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  await expectRefusal(
    kase.say('requestSupport', { reason }, { role: 'engineer' }),
    'illegalTransition',
  );
  await visitTo(kase, 'reportDiagnosis');
  await kase.say('requestSupport', { reason }, { role: 'engineer' });
  expect(await lineOf(kase, 'supportRequested')).toMatchObject({ subject: 'diagnosing' });
  await finish(kase);
  expect((await seen(desk.world, kase.caseNumber)).messages).toContain('backUpRequested');
});

test.concurrent('only what stands in the way can be waived, by a supervisor', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', fixedByPhone);
  await kase.task('recordCallback');
  const waive = (blocker: string, role: Role = 'supervisor') =>
    kase.say('waive', { reason, blocker }, { role });
  await expectRefusal(waive('loan1'), 'illegalTransition');
  await expectRefusal(waive('callback', 'hotline'), 'forbidden');
  await waive('callback');
  expect(await kase.ended()).toMatchObject({ status: 'closed', waivers: [{ id: 'callback' }] });
});

test.concurrent('a case is not closed before its work is done, nor over what stands in the way', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  await expectRefusal(kase.say('close', { reason }), 'illegalTransition');
  await kase.answer('reportPhoneTriage', fixedByPhone);
  await kase.task('recordCallback');
  await expectRefusal(kase.say('close', { reason }), 'blocked');
  await kase.answer('recordCallback');
  await kase.ended();
});

test.concurrent('a word said twice under one act id is one word', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  const revision = await kase.say('hold', hold, { actId: 'act-1' });
  expect(await kase.say('hold', hold, { actId: 'act-1' })).toBe(revision);
  await kase.say('resume', { reason });
  expect(await kase.say('hold', hold, { actId: 'act-1' })).toBe(revision);
  expect((await kase.view()).status).toBe('triaged');
  await finish(kase);
});

test.concurrent('what is due is seen: rungs ring once, in order, above 100 % too, with their lag', async () => {
  const rungs = [50, 100, 150].map((percent, index) => ({
    percent,
    alertLevel: (index + 1) as 1 | 2 | 3,
  }));
  const target = { critical: 'PT2S', high: 'PT2S', medium: 'PT2S', low: 'PT2S' };
  const clock = { name: 'restore' as const, target, pausedBy: [], rungs, source: 'R04' };
  const kase = await desk.open({ policy: { clocks: [clock] } });
  const rung = await eventually(
    async () => (await kase.timeline()).filter((line) => line.kind === 'clockRung'),
    (lines) => lines.length === 3,
  );
  expect(rung.map((line) => line.detail.percent)).toEqual([50, 100, 150]);
  const openedAt = Date.parse((await kase.row()).openedAt);
  for (const { at, detail } of rung) {
    const rungAt = Date.parse(String(detail.rungAt));
    expect(rungAt - openedAt).toBe(20 * Number(detail.percent));
    expect(Date.parse(at) - rungAt).toBe(detail.lagMs);
  }
  expect(await clockOf(kase, 'restore')).toMatchObject({ state: 'missed', metAt: null });
  await finish(kase);
});
