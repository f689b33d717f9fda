/** FLOW-EMER 2 and 3: who answers the page, when the answer counts, and what grade it has. Also drills (FLOW-DRILL). */
import { expect, test } from 'vitest';
import type { Body, Case } from '../support/workflows/case.ts';
import { expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { remotely } from '../support/workflows/emergency-steps.ts';
import { seen } from '../support/workflows/seen.ts';

const desk = deskOfThisFile();

const open = (request: Body = {}) => desk.open({ flow: 'emergencyResponse', request });
const linesOf = async (theCase: Case, kind: string) =>
  (await theCase.timeline()).filter((line) => line.kind === kind);
const clockOf = async (theCase: Case, name: string) =>
  (await theCase.view()).clocks.find((clock) => clock.name === name);
const finish = async (theCase: Case) => {
  await theCase.walkTo('the end', remotely);
  await theCase.ended();
};

test.concurrent('the first on call with the skill is paged by name, and has so long to answer', async () => {
  const theCase = await open();
  const page = await theCase.task('answerPage');
  expect(page).toMatchObject({ role: 'support', assignee: 'ST-34', stage: 'paging' });
  expect(page.context).toEqual({ paged: 'ST-34', round: 1, severity: 'critical' });
  expect(Date.parse(page.dueAt ?? '') - Date.parse(page.openedAt)).toBe(4 * 60_000);
  await finish(theCase);
  const paged = await desk.world.sql`select recipient, text from notifications
    where case_number = ${theCase.caseNumber} and template = 'paged'`;
  expect(paged).toMatchObject([{ recipient: { kind: 'staff', staffNumber: 'ST-34' } }]);
});

test.concurrent('whoever of the technical team answers the page owns the case; the response is the contact with the customer', async () => {
  const theCase = await open();
  await theCase.answer('answerPage');
  const contact = await theCase.task('reportFirstContact');
  expect(contact).toMatchObject({ assignee: 'ST-03', role: 'support' });
  expect(await theCase.view()).toMatchObject({ assignee: 'ST-03', status: 'triaged' });
  expect(await clockOf(theCase, 'response')).toMatchObject({ state: 'running' });
  await theCase.answer('reportFirstContact', remotely.reportFirstContact);
  expect(await theCase.view()).toMatchObject({ status: 'inProgress' });
  expect(await clockOf(theCase, 'response')).toMatchObject({ state: 'met' });
  await finish(theCase);
});

test.concurrent('who does not take the page has the next one paged at once', async () => {
  const theCase = await open();
  await theCase.answer('answerPage-1', { takes: false, remark: 'In a tunnel.' });
  expect(await theCase.task('answerPage-2')).toMatchObject({ assignee: 'ST-03' });
  await theCase.answer('answerPage-2', { takes: false, remark: 'On another emergency.' });
  expect(await theCase.task('answerPage-3')).toMatchObject({ assignee: 'ST-33' });
  await expectRefusal(theCase.deliver('answerPage', lateAnswer()), 'taskNotOpen');
  await finish(theCase);
});

const lateAnswer = (): Body => ({
  actor: { id: 'ST-34', role: 'support' },
  occurredAt: new Date().toISOString(),
  actId: 'a late double click',
  taskId: 'answerPage-1',
  answer: { takes: true, document: null },
});

test.concurrent('after the last on call the supervisor is told, and the ladder starts again; after the last round the page stands open for all', async () => {
  const theCase = await open();
  const notMine = { takes: false, remark: 'Abroad.' };
  for (let page = 1; page <= 3; page += 1) await theCase.answer(`answerPage-${page}`, notMine);
  expect((await theCase.task('answerPage-4')).context).toMatchObject({ paged: 'ST-34', round: 2 });
  expect(await theCase.view()).toMatchObject({ alertLevel: 2 });
  for (let page = 4; page <= 9; page += 1) await theCase.answer(`answerPage-${page}`, notMine);
  const last = await theCase.task('answerPage-10');
  expect(last).toMatchObject({ assignee: null, context: { paged: null } });
  expect(await theCase.view()).toMatchObject({ alertLevel: 3 });
  await theCase.answer('answerPage-10', notMine);
  await theCase.answer('answerPage-11');
  await finish(theCase);
  const { messages } = await seen(desk.world, theCase.caseNumber);
  expect(messages.filter((one) => one === 'paged')).toHaveLength(9);
  expect(messages.filter((one) => one === 'pageUnanswered')).toHaveLength(3);
});

test.concurrent('a supervisor who reassigns the case names who answers it', async () => {
  const theCase = await open();
  await theCase.task('answerPage');
  await theCase.act('reassign', { assignee: 'ST-32', reason: 'Knows the site.' });
  expect(await theCase.task('reportFirstContact')).toMatchObject({ assignee: 'ST-32' });
  expect((await linesOf(theCase, 'taskWithdrawn')).map((line) => line.subject)).toEqual([
    'answerPage-1',
  ]);
  await finish(theCase);
});

test.concurrent('where nobody is on call the supervisor is told at once, and anybody of the team may answer', async () => {
  await desk.world.sql`delete from on_call_duties where product_class = 'homeAppliance'`;
  const theCase = await open({
    customerNumber: 'CU-1005',
    serialNumber: 'TV55-880001',
    fault: { code: 'TV-NO-PICTURE', description: 'A wall of the control room is dark.' },
    severity: 'medium',
  });
  expect(await theCase.task('answerPage-1')).toMatchObject({ assignee: null });
  await finish(theCase);
  const { messages } = await seen(desk.world, theCase.caseNumber);
  expect(messages).not.toContain('paged');
  expect(messages.filter((one) => one === 'pageUnanswered')).toHaveLength(1);
});

test.concurrent('a report that turns out to be none is rejected before the first contact, and canceled after it', async () => {
  const none = { reason: 'A planned shutdown.' };
  const early = await open();
  await early.answer('answerPage');
  const unconfirmed = early.answer('reportFirstContact', { problemConfirmed: false });
  await expectRefusal(unconfirmed, 'invalidAnswer');
  await early.act('reject', none, { role: 'hotline' });
  expect(await early.ended()).toMatchObject({ status: 'rejected' });
  const late = await open();
  await late.answers('answerPage', 'reportFirstContact');
  await expectRefusal(late.act('reject', none), 'illegalTransition');
  await late.act('cancel', none);
  expect(await late.ended()).toMatchObject({ status: 'canceled' });
});

test.concurrent('an emergency that is graded lower keeps its promises; the reason stays in the database', async () => {
  const theCase = await open();
  await theCase.answer('answerPage');
  const before = await clockOf(theCase, 'restore');
  const lower = { ...remotely.reportFirstContact, severity: 'medium' };
  await theCase.answer('reportFirstContact', { ...lower, gradeReason: 'One tenant only.' });
  expect(await theCase.view()).toMatchObject({ severity: 'medium' });
  expect(JSON.stringify(await theCase.timeline())).not.toContain('One tenant only.');
  expect(await clockOf(theCase, 'restore')).toMatchObject({ dueAt: before?.dueAt });
  await finish(theCase);
});

test.concurrent('one that turns out graver has the shorter clocks from then on', async () => {
  const theCase = await open({ severity: 'medium' });
  await theCase.answers('answerPage');
  await theCase.answer('reportFirstContact', { ...remotely.reportFirstContact, severity: 'high' });
  await theCase.answer('reportRemoteFix', {
    severity: 'critical',
    next: 'remote',
    dataLost: false,
  });
  expect(await theCase.view()).toMatchObject({ severity: 'critical' });
  const restore = await clockOf(theCase, 'restore');
  expect(Date.parse(restore?.dueAt ?? '') - Date.parse(restore?.startedAt ?? '')).toBe(
    4 * 3_600_000,
  );
  const tightened = (await linesOf(theCase, 'clockTightened')).map((line) => line.subject);
  expect(tightened).toEqual(['restore', 'resolution', 'restore']);
  await finish(theCase);
});

test.concurrent('a drill is the same flow, with no message to anybody, no claim and no part used up, and is scored at its end', async () => {
  const theCase = await open({ drill: true });
  await theCase.walkTo('reportReturn');
  const usedUp = { usedWithCore: 1, returnedUnused: 1, oldPartSerials: ['OLD-1'] };
  await expectRefusal(
    theCase.answer('reportReturn', {
      slipNumber: 'SLIP-1',
      lines: [{ partNumber: 'SV-DISK-8T', ...usedUp }],
    }),
    'invalidAnswer',
  );
  await theCase.walkTo('scoreDrill');
  const { context } = await theCase.task('scoreDrill');
  const { clocks } = context as { clocks: { name: string; targetMs: number; tookMs: number }[] };
  const response = clocks.find((clock) => clock.name === 'response');
  expect(response).toMatchObject({ targetMs: 15 * 60_000 });
  expect(response?.tookMs).toBeLessThan(60_000);
  await theCase.answer('scoreDrill', { response: 80, efficiency: 70, satisfaction: 60 });
  const view = await theCase.ended();
  expect(view).toMatchObject({
    status: 'closed',
    outcome: 'drillCompleted',
    facts: { drill: { response: 80, efficiency: 70, satisfaction: 60, form: 'simulated' } },
  });
  const saw = await seen(desk.world, theCase.caseNumber);
  expect(saw).toMatchObject({ messages: [], articles: 0, archived: true, visits: ['completed'] });
  expect(saw).toMatchObject({
    claims: 0,
    oldParts: 0,
    loans: { loan1: { 'SV-DISK-8T': [2, 0, 2, 0], 'SV-MEM-32G': [1, 0, 1, 0] } },
  });
  const withheld = (await linesOf(theCase, 'messageWithheld')).map((line) => line.subject);
  expect(withheld).toEqual(
    expect.arrayContaining([
      ...['message applicationConfirmed', 'message paged', 'message notFinished'],
      ...['message dispatched', 'message resultReport', 'message improvementProposed'],
    ]),
  );
  await expect(theCase.act('note', { reason: 'Late.' })).rejects.toMatchObject({
    name: 'WorkflowGone',
  });
});
