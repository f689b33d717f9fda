/** Schedules fire rounds on a real engine: one case for each nominal time, whatever was down and however often it is asked again (N22). */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { OccurrenceDue, ScheduleTerms } from '../../domain/schedule.ts';
import { newSchedule, scheduleExamples } from '../../domain/schedule-contracts.ts';
import { createCaseStarter } from '../../services/cases/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { openWaiting } from '../../services/schedules/index.ts';
import { createStores } from '../../services/stores.ts';
import type { Case } from '../support/workflows/case.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import {
  because,
  createPlanning,
  openerOf,
  type Planning,
  weeks,
} from '../support/workflows/planning.ts';
import { brokenReplays, historyOf } from '../support/workflows/replay.ts';

const desk = deskOfThisFile();
let planning: Planning;
beforeAll(() => {
  planning = createPlanning(desk.world);
});

const openOccurrence = (due: OccurrenceDue) => desk.world.deps.schedules.openOccurrence(due);
const roundsOf = (schedule: string) => desk.world.sql<{ caseNumber: string; nominalAt: string }[]>`
  select case_number as "caseNumber", plan->'occurrence'->>'nominalAt' as "nominalAt" from cases
  where plan->'occurrence'->>'scheduleNumber' = ${schedule} order by 2`;
/** What a sweeper opens with. */
const sweeping = () => ({
  ...createStores(desk.world.sql),
  parts: createParts(desk.world.sql),
  starter: createCaseStarter(desk.world.client, {
    taskQueue: desk.world.engine.taskQueues.workflows,
  }),
  now: () => new Date().toISOString(),
});
const [drill] = scheduleExamples.map((example) => newSchedule.parse(example));
/** Other terms of the same schedule. */
const asking = (request: object) => (before: ScheduleTerms) => ({
  ...before,
  request: { ...before.request, ...request },
});
const caseNumbered = (caseNumber: string | null): Case => desk.caseOf(caseNumber ?? '');

test('an outage over three nominal times is made up for: exactly three rounds, and a backfill of the same times opens none', async () => {
  await desk.world.workers.stop();
  const scheduleNumber = await planning.planned({ interval: { every: 'PT1S' } });
  const schedule = desk.world.client.schedule.getHandle(scheduleNumber);
  await delay(3_500);
  await planning.schedules.pause(scheduleNumber, because);
  const { recentActions } = (await schedule.describe()).info;
  expect(recentActions.length).toBeGreaterThanOrEqual(3);
  expect(await roundsOf(scheduleNumber)).toEqual([]);
  const due = recentActions.map(({ scheduledAt }) => scheduledAt.toISOString()).sort();

  await desk.world.workers.start();
  const made = await planning.settled(scheduleNumber, due.length);
  expect(made.map(({ nominalAt, result }) => [nominalAt, result])).toEqual(
    due.map((nominalAt) => [nominalAt, 'opened']),
  );
  expect((await roundsOf(scheduleNumber)).map(({ nominalAt }) => nominalAt)).toEqual(due);

  const window = { from: due[0] ?? '', to: due.at(-1) ?? '', limit: 100 };
  for (let repeat = 0; repeat < 2; repeat += 1)
    expect(await planning.schedules.backfill(scheduleNumber, window)).toEqual({
      kind: 'done',
      nominalTimes: due,
    });
  await delay(1_500);
  expect(await roundsOf(scheduleNumber)).toHaveLength(due.length);
});

test('a backfill opens one round for each nominal time in its window, both ends included', async () => {
  const scheduleNumber = await planning.planned();
  const { nominal } = weeks(3);
  expect(nominal).toHaveLength(3);
  const window = { from: nominal[0] ?? '', to: nominal[2] ?? '', limit: 100 };
  await planning.schedules.backfill(scheduleNumber, window);
  const made = await planning.settled(scheduleNumber, 3);
  expect(made.map(({ nominalAt, result }) => [nominalAt, result])).toEqual(
    nominal.map((at) => [at, 'opened']),
  );
  const theCase = caseNumbered(made[0]?.caseNumber ?? null);
  expect(await theCase.row()).toMatchObject({
    flow: 'scheduledInspection',
    openedBy: { id: 'system:schedule' },
    plan: { source: { kind: 'schedule' }, occurrence: { scheduleNumber, nominalAt: nominal[0] } },
  });
});

test('an occurrence that is asked for by many at once opens one round', async () => {
  const scheduleNumber = await planning.planned();
  const [nominalAt = ''] = weeks(1).nominal;
  const due = { scheduleNumber, nominalAt };
  const asked = Array.from({ length: 20 }, () => openOccurrence(due));
  const numbers = (await Promise.all(asked)).map(({ caseNumber }) => caseNumber);
  expect(new Set(numbers).size).toBe(1);
  expect(await roundsOf(scheduleNumber)).toHaveLength(1);
});

test('a schedule that skips leaves out what falls due while its round is open, and names that round', async () => {
  const scheduleNumber = await planning.planned({ overlap: 'skip' });
  const { from, to, nominal } = weeks(3);
  await planning.schedules.backfill(scheduleNumber, { from, to, limit: 100 });
  const made = await planning.settled(scheduleNumber, nominal.length);
  const opened = made.filter(({ result }) => result === 'opened');
  expect(opened).toHaveLength(1);
  expect(new Set(made.map(({ caseNumber }) => caseNumber))).toEqual(
    new Set([opened[0]?.caseNumber]),
  );
  expect(made.filter(({ result }) => result === 'skipped')).toHaveLength(nominal.length - 1);

  const theCase = caseNumbered(opened[0]?.caseNumber ?? null);
  await theCase.act('cancel', { reason: 'The school is closed.' });
  await theCase.ended();
  const again = await openOccurrence({
    scheduleNumber,
    nominalAt: made.find(({ result }) => result === 'skipped')?.nominalAt ?? '',
  });
  expect(again.result).toBe('skipped'); // what became of it stands
  expect(await roundsOf(scheduleNumber)).toHaveLength(1);
});

test('a schedule that buffers opens the waiting round once the open one has ended, whoever sweeps', async () => {
  const scheduleNumber = await planning.planned({ overlap: 'bufferOne' });
  const { nominal } = weeks(3);
  const open = (nominalAt = '') => openOccurrence({ scheduleNumber, nominalAt });
  const first = await open(nominal[0]);
  expect(first).toMatchObject({ result: 'opened' });
  expect(await open(nominal[1])).toMatchObject({
    result: 'buffered',
    caseNumber: first.caseNumber,
  });
  expect(await open(nominal[2])).toMatchObject({ result: 'skipped' });
  const deps = sweeping();
  expect(await openWaiting(deps)).toBe(0);
  const theCase = caseNumbered(first.caseNumber);
  await theCase.act('cancel', { reason: 'The school is closed.' });
  await theCase.ended();
  await Promise.all([openWaiting(deps), openWaiting(deps)]);
  expect((await planning.settled(scheduleNumber, 3)).map(({ result }) => result)).toEqual([
    'opened',
    'opened',
    'skipped',
  ]);
  expect(await roundsOf(scheduleNumber)).toHaveLength(2);
});

test('a changed schedule opens its next round by the new terms, and an open round keeps the old ones', async () => {
  const scheduleNumber = await planning.planned();
  const { nominal } = weeks(2);
  const open = (nominalAt = '') => openOccurrence({ scheduleNumber, nominalAt });
  const first = caseNumbered((await open(nominal[0])).caseNumber);
  await planning.schedules.change(
    scheduleNumber,
    asking({ phase: 'late', dueWithin: 'P2D' }),
    because,
  );
  const second = caseNumbered((await open(nominal[1])).caseNumber);
  expect((await first.row()).plan).toMatchObject({ phase: 'early' });
  const { plan } = await second.row();
  expect(plan).toMatchObject({ phase: 'late', clocks: [{ targetMs: 2 * 86_400_000 }] });
  expect(await open(nominal[0])).toMatchObject({ caseNumber: first.caseNumber });
});

test('a round that an attempt opened without living to say so is found, though the schedule was changed since', async () => {
  const scheduleNumber = await planning.planned();
  const [nominalAt = ''] = weeks(1).nominal;
  const first = await openOccurrence({ scheduleNumber, nominalAt });
  await desk.world.sql`delete from schedule_occurrences where schedule_number = ${scheduleNumber}`;
  await planning.schedules.change(scheduleNumber, asking({ phase: 'late' }), because);
  expect(await openOccurrence({ scheduleNumber, nominalAt })).toMatchObject({
    result: 'opened',
    caseNumber: first.caseNumber,
  });
});

test('an occurrence whose assets have left the customer is refused, and says why', async () => {
  const scheduleNumber = await planning.planned({
    request: { customerNumber: 'CU-1003', phase: 'early', serialNumbers: ['TV55-880001'] },
  });
  const [nominalAt = ''] = weeks(1).nominal;
  expect(await openOccurrence({ scheduleNumber, nominalAt })).toMatchObject({
    result: 'refused',
    detail: '/serialNumbers/0: not an asset of this customer',
  });
});

test('a drill of the emergency flow falls due by the same code, and whom to call is found then', async () => {
  const { flow = '', request = {} } = drill ?? {};
  const scheduleNumber = await planning.planned({ flow, request, overlap: 'bufferOne' });
  const { nominal } = weeks(2);
  const open = (nominalAt = '') => openOccurrence({ scheduleNumber, nominalAt });
  const first = await open(nominal[0]);
  expect(first).toMatchObject({ result: 'opened' });
  const theCase = caseNumbered(first.caseNumber);
  const row = await theCase.row();
  expect(row).toMatchObject({
    flow: 'emergencyResponse',
    openedBy: { id: 'system:schedule' },
    plan: {
      drill: true,
      serialNumber: 'SRV-DC-0002',
      twinKey: scheduleNumber,
      source: { kind: 'schedule' },
      occurrence: { scheduleNumber, nominalAt: nominal[0] },
    },
  });
  const [called] = await desk.world.sql<{ name: string }[]>`
    select name from persons where person_id = ${`contact:${first.caseNumber}`}`;
  const [customer] = await desk.world.sql<{ name: string }[]>`
    select p.name from customers c join persons p using (person_id)
    where customer_number = 'CU-1004'`;
  expect(called).toEqual(customer);

  expect(await open(nominal[1])).toMatchObject({
    result: 'buffered',
    caseNumber: first.caseNumber,
  });
  await theCase.act('cancel', { reason: 'A real one has come.' });
  await theCase.ended();
  await openWaiting(sweeping());
  expect((await planning.settled(scheduleNumber, 2)).map(({ result }) => result)).toEqual([
    'opened',
    'opened',
  ]);
});

test('the opener replays, and started by hand it ends without a trace', async () => {
  const scheduleNumber = await planning.planned();
  const { from, to } = weeks(1);
  await planning.schedules.backfill(scheduleNumber, { from, to, limit: 100 });
  const [made] = await planning.settled(scheduleNumber, 1);
  const workflowId = openerOf(scheduleNumber, made?.nominalAt ?? '');
  await desk.world.client.workflow.getHandle(workflowId).result();
  const history = await historyOf(desk.world, workflowId);
  expect(await brokenReplays([{ workflowId, history }])).toEqual([]);

  const byHand = desk.world.client.workflow.execute('scheduleOccurrence', {
    workflowId: randomUUID(),
    taskQueue: desk.world.engine.taskQueues.workflows,
    args: [{ scheduleNumber }],
  });
  await expect(byHand).rejects.toMatchObject({ cause: { type: 'invalidInput' } });
});
