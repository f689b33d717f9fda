/** `/v1/schedules`, where a schedule of any flow is made. What it shares with `/v1/inspection-plans` is tried there. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { scheduleShape, wholeScheduleShape } from '../../api/shapes/schedule.ts';
import { scheduleExamples } from '../../domain/schedule-contracts.ts';
import { createScheduler } from '../../services/schedules/index.ts';
import { type Body, engineOf, openDoor } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile({ workers: false }, (world) => {
  const { client, engine, sql } = world;
  const scheduler = createScheduler(client, { taskQueue: engine.taskQueues.workflows });
  return openDoor(sql, engineOf(world), { scheduler });
});

const path = '/v1/schedules';
const drill: Body = { ...scheduleExamples[0] };
const post = (body: unknown, key = randomUUID()) =>
  door.call('POST', path, 'supervisor', body, key);
async function created(more: Body = {}) {
  const { status, body } = await post({ ...drill, ...more });
  expect(status).toBe(201);
  return scheduleShape.parse(body);
}

test('a quarterly drill is made once per key, and is a Schedule of the engine', async () => {
  const key = randomUUID();
  const first = await post(drill, key);
  const { scheduleNumber } = scheduleShape.parse(first.body);
  expect(first).toMatchObject({
    status: 201,
    headers: { location: `${path}/${scheduleNumber}` },
    body: { ...drill, status: 'active', scheduled: true },
  });
  expect(await post(drill, key)).toMatchObject({ status: 200, body: { scheduleNumber } });
  const { action } = await door.world.client.schedule.getHandle(scheduleNumber).describe();
  expect(action).toMatchObject({ workflowType: 'scheduleOccurrence' });
  const read = await door.call('GET', `${path}/${scheduleNumber}`, 'engineer');
  const { nextOccurrences, occurrences } = wholeScheduleShape.parse(read.body);
  expect(nextOccurrences?.length).toBeGreaterThan(2);
  for (const at of nextOccurrences ?? []) expect(at).toMatch(/-(01|04|07|10)-15T02:00:00.000Z$/);
  expect(occurrences).toEqual([]);
});

test('a changed request takes the place of the old one; words about it are the same as about a plan', async () => {
  const { scheduleNumber, request } = await created();
  const self = `${path}/${scheduleNumber}`;
  const changed = { ...request, serialNumber: 'SRV-DC-0001' };
  expect(
    await door.call('PATCH', self, 'manager', { request: changed, reason: 'The other one.' }),
  ).toMatchObject({ status: 200, body: { request: changed, overlap: 'skip', version: 2 } });
  const reason = { reason: 'Holidays.' };
  expect(await door.call('POST', `${self}/pause`, 'manager', reason)).toMatchObject({
    status: 200,
    body: { status: 'paused', links: { self } },
  });
});

const request = drill.request as Body;
test.each<[string, Body, string]>([
  ['a flow that there isn’t', { flow: 'siteSurvey' }, '/flow'],
  ['another flow’s request', { flow: 'defectReport' }, '/request/drill'],
  [
    'a customer that nobody knows',
    { request: { ...request, customerNumber: 'CU-9999' } },
    '/request/customerNumber',
  ],
  [
    'somebody else’s machine',
    { request: { ...request, serialNumber: 'TV55-880001' } },
    '/request/serialNumber',
  ],
  [
    'a person to call',
    { request: { ...request, contact: { name: 'A', phone: '1' } } },
    '/request/contact',
  ],
])('%s is refused by its field', async (_, more, pointer) => {
  const { status, body } = await post({ ...drill, ...more });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalidRequest' });
  expect((body.errors as Body[]).map((one) => one.pointer)).toContain(pointer);
});

test('an inspection plan is a schedule too, and a drill is no inspection plan', async () => {
  const { scheduleNumber } = await created();
  const planPath = '/v1/inspection-plans';
  expect(await door.call('GET', `${planPath}/${scheduleNumber}`, 'hotline')).toMatchObject({
    status: 404,
  });
  const plan = {
    customerNumber: 'CU-1003',
    phase: 'late',
    interval: { every: 'P7D' },
    timeZone: 'UTC',
  };
  const made = await door.call('POST', planPath, 'supervisor', plan, randomUUID());
  expect(made).toMatchObject({ status: 201, body: { phase: 'late', dueWithin: 'P28D' } });
  const { planNumber } = made.body;
  expect(await door.call('GET', `${path}/${planNumber}`, 'hotline')).toMatchObject({
    status: 200,
    body: {
      flow: 'scheduledInspection',
      request: { customerNumber: 'CU-1003', phase: 'late', dueWithin: 'P28D', severity: 'low' },
    },
  });
  const numbers = async (list: string) =>
    ((await door.call('GET', list, 'hotline')).body.items as Body[]).map(
      (item) => item.scheduleNumber ?? item.planNumber,
    );
  expect(await numbers(planPath)).not.toContain(scheduleNumber);
  expect((await numbers(planPath))[0]).toBe(planNumber);
  expect(await numbers(`${path}?flow=emergencyResponse`)).toContain(scheduleNumber);
  expect((await numbers(path))[0]).toBe(planNumber);
});
