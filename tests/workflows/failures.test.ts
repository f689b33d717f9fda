/** Partners that refuse or are away: the case waits, seen and whole, until somebody decides or they are back (N25). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';
import { createDesk, type Desk, eventually, expectRefusal } from './desk.ts';
import { createOutage } from './outage.ts';
import { allIsWell } from './replay.ts';
import { seen } from './seen.ts';
import { loanTo, notGuided, visitTo } from './steps.ts';

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
  const kase = await desk.open();
  outage.refuse('dispatch.book', kase.caseNumber);
  await visitTo(kase, 'resolveFailure');
  const task = await kase.task('resolveFailure');
  expect(task).toMatchObject({
    role: 'supervisor',
    context: { effect: 'dispatch.book', failure: 'RequestRefused' },
  });
  await kase.answer('resolveFailure-1');
  await kase.task('resolveFailure-2');
  outage.heal('dispatch.book', kase.caseNumber);
  await kase.answer('resolveFailure-2');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(world, kase.caseNumber)).visits).toEqual(['completed']);
});

test.concurrent('a case that waits for a refused step can be canceled', async () => {
  const kase = await desk.open();
  outage.refuse('dispatch.book', kase.caseNumber);
  await visitTo(kase, 'resolveFailure');
  await kase.say('cancel', { reason });
  expect(await kase.ended()).toMatchObject({ status: 'canceled' });
  expect((await seen(world, kase.caseNumber)).visits).not.toContain('booked');
});

test.concurrent('a loan whose step is refused asks the supervisor under its own prefix', async () => {
  const kase = await desk.open();
  outage.refuse('parts.reserve', kase.caseNumber);
  await loanTo(kase, 'resolveFailure');
  expect((await kase.task('resolveFailure')).id).toBe('loan1-resolveFailure-1');
  outage.heal('parts.reserve', kase.caseNumber);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a partner that is away is waited for, and the case says since when', async () => {
  const kase = await desk.open();
  outage.refuse('dispatch.rank', kase.caseNumber, 'away');
  await kase.answer('reportPhoneTriage', { ...notGuided });
  const { view } = await kase.once((row) => row.view.waitingOn?.what === 'dispatch.rank');
  expect(view.waitingOn).toMatchObject({ who: 'dispatch', since: expect.stringContaining('T') });
  expect(view.status).toBe('inProgress');
  outage.heal('dispatch.rank', kase.caseNumber);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a supervisor closes a resolved case over a step that a partner refuses, once its blocker is waived', async () => {
  const kase = await desk.open();
  await kase.answer('reportPhoneTriage', notGuided);
  await kase.walkTo('receiveOldParts');
  outage.refuse('parts.receiveOldParts', kase.caseNumber);
  await kase.answer('receiveOldParts');
  await kase.task('resolveFailure');
  await expectRefusal(kase.say('close', { reason }), 'blocked');
  await kase.say('waive', { reason, blocker: 'oldParts' });
  await kase.say('close', { reason });
  const view = await kase.ended();
  expect(view).toMatchObject({
    status: 'closed',
    outcome: 'closedBySupervisor',
    waivers: [{ id: 'oldParts' }],
  });
  expect(await seen(world, kase.caseNumber)).toMatchObject({ articles: 1, archived: true });
});

test.concurrent('a case held while its own books are away is resolved all the same when they are back', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'signServiceRecord');
  outage.refuse('records.recordSignature', kase.caseNumber, 'away');
  const signed = kase.answer('signServiceRecord');
  await eventually(
    () => kase.handle.query<unknown[]>('readTasks'),
    (tasks) => tasks.length === 0,
  );
  const held = kase.say('hold', { reason, holdReason: 'awaitingApproval' });
  await eventually(
    () => kase.handle.query<{ status: string }>('readCase'),
    (view) => view.status === 'onHold',
  );
  outage.heal('records.recordSignature', kase.caseNumber);
  await Promise.all([signed, held]);
  await kase.task('recordCallback');
  expect(await kase.view()).toMatchObject({ status: 'resolved', holdReason: null });
  await kase.answer('recordCallback');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
});

test.concurrent('a message that its gateway refuses for good is said on the timeline and holds nothing up', async () => {
  const kase = await desk.open();
  outage.refuse('notification.send', kase.caseNumber);
  outage.refuse('notification.sendMessages', kase.caseNumber);
  await visitTo(kase, 'confirmDeparture');
  outage.heal('notification.send', kase.caseNumber);
  outage.heal('notification.sendMessages', kase.caseNumber);
  await eventually(
    () => kase.timeline(),
    (lines) => lines.some((line) => line.kind === 'messageRefused'),
  );
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('service that ends unsatisfied is resolved: not canceled any more while its loan is out', async () => {
  const kase = await desk.open({ policy: { maxServiceRounds: 1 } });
  await loanTo(kase, 'decideFurtherService', {
    ...{ reportPhoneTriage: { customerHasPart: false, guideByPhone: false } },
    signServiceRecord: { rating: 'D' },
  });
  await kase.answer('decideFurtherService');
  await kase.task('reportReturn');
  expect((await kase.view()).status).toBe('resolved');
  await expectRefusal(kase.say('cancel', { reason }), 'illegalTransition');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'endedUnsatisfied' });
});
