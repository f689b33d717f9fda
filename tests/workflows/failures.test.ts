/** Partners that refuse or are away: the case waits, seen and whole, until somebody decides or they are back (N25). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDesk, type Desk, eventually, expectRefusal } from '../support/workflows/desk.ts';
import { createOutage } from '../support/workflows/outage.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { seen } from '../support/workflows/seen.ts';
import { loanTo, notGuided, visitTo } from '../support/workflows/steps.ts';
import { startWorld, type World } from '../support/world.ts';

const outage = createOutage();
let world: World;
let desk: Desk;
beforeAll(async () => {
  world = await startWorld({ wrap: outage.wrap });
  desk = createDesk(world);
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});
const reason = 'Spoken to the partner.';

test.concurrent('an effect refused for good becomes a task of the supervisor, and is tried again under its key', async () => {
  const theCase = await desk.open();
  outage.refuse('dispatch.book', theCase.caseNumber);
  await visitTo(theCase, 'resolveFailure');
  const task = await theCase.task('resolveFailure');
  expect(task).toMatchObject({
    role: 'supervisor',
    context: { effect: 'dispatch.book', failure: 'RequestRefused' },
  });
  await theCase.answer('resolveFailure-1');
  await theCase.task('resolveFailure-2');
  outage.heal('dispatch.book', theCase.caseNumber);
  await theCase.answer('resolveFailure-2');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(world, theCase.caseNumber)).visits).toEqual(['completed']);
});

test.concurrent('a case that waits for a refused step can be canceled', async () => {
  const theCase = await desk.open();
  outage.refuse('dispatch.book', theCase.caseNumber);
  await visitTo(theCase, 'resolveFailure');
  await theCase.act('cancel', { reason });
  expect(await theCase.ended()).toMatchObject({ status: 'canceled' });
  expect((await seen(world, theCase.caseNumber)).visits).not.toContain('booked');
});

test.concurrent('a loan whose step is refused asks the supervisor under its own prefix', async () => {
  const theCase = await desk.open();
  outage.refuse('parts.reserve', theCase.caseNumber);
  await loanTo(theCase, 'resolveFailure');
  expect((await theCase.task('resolveFailure')).id).toBe('loan1-resolveFailure-1');
  outage.heal('parts.reserve', theCase.caseNumber);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a partner that is away is waited for, and the case says since when', async () => {
  const theCase = await desk.open();
  outage.refuse('dispatch.rank', theCase.caseNumber, 'away');
  await theCase.answer('reportPhoneTriage', { ...notGuided });
  const { view } = await theCase.once((row) => row.view.waitingOn?.what === 'dispatch.rank');
  expect(view.waitingOn).toMatchObject({ who: 'dispatch', since: expect.stringContaining('T') });
  expect(view.status).toBe('inProgress');
  outage.heal('dispatch.rank', theCase.caseNumber);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a supervisor closes a resolved case over a step that a partner refuses, once its blocker is waived', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', notGuided);
  await theCase.walkTo('receiveOldParts');
  outage.refuse('parts.receiveOldParts', theCase.caseNumber);
  await theCase.answer('receiveOldParts');
  await theCase.task('resolveFailure');
  await expectRefusal(theCase.act('close', { reason }), 'blocked');
  await theCase.act('waive', { reason, blocker: 'oldParts' });
  await theCase.act('close', { reason });
  const view = await theCase.ended();
  expect(view).toMatchObject({
    status: 'closed',
    outcome: 'closedBySupervisor',
    waivers: [{ id: 'oldParts' }],
  });
  expect(await seen(world, theCase.caseNumber)).toMatchObject({ articles: 1, archived: true });
});

test.concurrent('a case held while its own books are away is resolved all the same when they are back', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'signServiceRecord');
  outage.refuse('records.recordSignature', theCase.caseNumber, 'away');
  const signed = theCase.answer('signServiceRecord');
  await eventually(
    () => theCase.handle.query<unknown[]>('readTasks'),
    (tasks) => tasks.length === 0,
  );
  const held = theCase.act('hold', { reason, holdReason: 'awaitingApproval' });
  await eventually(
    () => theCase.handle.query<{ status: string }>('readCase'),
    (view) => view.status === 'onHold',
  );
  outage.heal('records.recordSignature', theCase.caseNumber);
  await Promise.all([signed, held]);
  await theCase.task('recordCallback');
  expect(await theCase.view()).toMatchObject({ status: 'resolved', holdReason: null });
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
});

test.concurrent('a message that its gateway refuses for good is said on the timeline and holds nothing up', async () => {
  const theCase = await desk.open();
  outage.refuse('notification.send', theCase.caseNumber);
  outage.refuse('notification.sendMessages', theCase.caseNumber);
  await visitTo(theCase, 'confirmDeparture');
  outage.heal('notification.send', theCase.caseNumber);
  outage.heal('notification.sendMessages', theCase.caseNumber);
  await eventually(
    () => theCase.timeline(),
    (lines) => lines.some((line) => line.kind === 'messageRefused'),
  );
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('service that ends unsatisfied is resolved: not canceled any more while its loan is out', async () => {
  const theCase = await desk.open({ policy: { maxServiceRounds: 1 } });
  await loanTo(theCase, 'decideFurtherService', {
    reportPhoneTriage: { customerHasPart: false, guideByPhone: false },
    signServiceRecord: { rating: 'D' },
  });
  await theCase.answer('decideFurtherService');
  await theCase.task('reportReturn');
  expect((await theCase.view()).status).toBe('resolved');
  await expectRefusal(theCase.act('cancel', { reason }), 'illegalTransition');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'endedUnsatisfied' });
});
