import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planShape, wholePlanShape } from '../../api/shapes/schedule.ts';
import { createScheduler, type Scheduler } from '../../services/schedules/index.ts';
import { type Body, type Door, engineOf, noEngine, openDoor } from '../support/api/door.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let scheduler: Scheduler;
let door: Door;
let away: Door;
beforeAll(async () => {
  world = await startWorld({ workers: false });
  const { client, sql } = world;
  scheduler = createScheduler(client, { taskQueue: world.engine.taskQueues.workflows });
  door = await openDoor(sql, engineOf(world), { scheduler });
  away = await openDoor(sql, noEngine);
});
afterAll(async () => {
  await door.app.close();
  await away.app.close();
  await world.close();
});

const weekly: Body = {
  customerNumber: 'CU-1003',
  phase: 'middle',
  calendar: { weekdays: ['monday'], times: ['09:00', '14:30'] },
  timeZone: 'Asia/Shanghai',
  overlap: 'skip',
};
const path = '/v1/inspection-plans';
const post = (
  body: unknown,
  key: string | undefined = randomUUID(),
  role = 'supervisor' as const,
) => door.call('POST', path, role, body, key);
async function created(more: Body = {}) {
  const { status, body } = await post({ ...weekly, ...more });
  expect(status).toBe(201);
  return planShape.parse(body);
}
const refusals = async (subject: string) =>
  (
    await world.sql<{ code: string; reason: string }[]>`
      select detail->>'code' as code, reason from case_events where kind = 'refused' and subject = ${subject} order by seq`
  ).map(({ code }) => code);

test('a plan is made once per key, and is a Schedule of the engine', async () => {
  const key = randomUUID();
  const first = await post(weekly, key);
  expect(first).toMatchObject({
    status: 201,
    body: { status: 'active', version: 1, scheduled: true, serialNumbers: null, overlap: 'skip' },
    headers: { location: `${path}/${first.body.planNumber}` },
  });
  const again = await post(weekly, key);
  expect(again).toMatchObject({ status: 200, body: { planNumber: first.body.planNumber } });
  expect(await post({ ...weekly, phase: 'late' }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused' },
  });
  const schedule = await world.client.schedule.getHandle(String(first.body.planNumber)).describe();
  expect(schedule.spec).toMatchObject({
    timezone: 'Asia/Shanghai',
    calendars: [{ hour: [{ start: 9 }] }, { hour: [{ start: 14 }], minute: [{ start: 30 }] }],
  });
  expect(schedule.policies).toMatchObject({
    overlap: 'ALLOW_ALL',
    catchupWindow: 365 * 86_400_000,
  });
});

test('a plan tells its next rounds, in UTC, as the Schedule will fire them', async () => {
  const { planNumber } = await created();
  const { body } = await door.call('GET', `${path}/${planNumber}`, 'engineer');
  const next = wholePlanShape.parse(body).nextOccurrences ?? [];
  expect(next.length).toBeGreaterThan(2);
  for (const at of next) expect(at).toMatch(/T(01:00|06:30):00.000Z$/); // UTC+8
  for (const at of next) expect(new Date(at).getUTCDay()).toBe(1);
  expect(body).toMatchObject({ allowedActions: [], occurrences: [] });
});

test('while the engine is away a plan can be read, and making one says that it is not known yet', async () => {
  const { planNumber } = await created();
  const read = await away.call('GET', `${path}/${planNumber}`, 'hotline');
  expect(read).toMatchObject({ status: 200, body: { nextOccurrences: null } });
  const key = randomUUID();
  const lost = await away.call('POST', path, 'supervisor', weekly, key);
  expect(lost).toMatchObject({ status: 503, headers: { 'retry-after': expect.anything() } });
  expect(await post(weekly, key)).toMatchObject({ status: 200, body: { scheduled: true } });
});

test('pause, resume, change and delete reach the Schedule, each with its reason in the plan’s changes', async () => {
  const { planNumber } = await created();
  const self = `${path}/${planNumber}`;
  const schedule = world.client.schedule.getHandle(planNumber);
  const say = (word: string, reason: string) =>
    door.call('POST', `${self}/${word}`, 'manager', { reason });

  expect(await say('pause', 'Holidays.')).toMatchObject({
    status: 200,
    body: { status: 'paused' },
  });
  expect((await schedule.describe()).state).toMatchObject({ paused: true, note: /^Holidays/ });
  const shown = await door.call('GET', self, 'supervisor');
  expect(shown.body).toMatchObject({
    nextOccurrences: [],
    allowedActions: ['change', 'resume', 'backfill', 'archive'],
  });
  expect(await say('pause', 'Again.')).toMatchObject({
    status: 409,
    body: { code: 'illegalTransition', currentStatus: 'paused', allowedActions: expect.anything() },
  });
  expect(await say('resume', 'Back.')).toMatchObject({ status: 200, body: { status: 'active' } });

  const change = { interval: { every: 'P14D' }, timeZone: 'UTC', reason: 'Every second week.' };
  expect(await door.call('PATCH', self, 'supervisor', change)).toMatchObject({
    status: 200,
    body: { calendar: null, interval: { every: 'P14D' }, overlap: 'skip', version: 4 },
  });
  const { spec } = await schedule.describe();
  expect(spec).toMatchObject({ intervals: [{ every: 14 * 86_400_000 }], timezone: 'UTC' });
  expect(spec.calendars).toEqual([]);

  const gone = await door.call('DELETE', `${self}?reason=Closed.`, 'supervisor');
  expect(gone).toMatchObject({ status: 200, body: { status: 'archived', allowedActions: [] } });
  await expect(schedule.describe()).rejects.toThrow();
  expect(await door.call('DELETE', `${self}?reason=Closed.`, 'supervisor')).toMatchObject({
    status: 409,
    body: { currentStatus: 'archived', allowedActions: [] },
  });
  const { body } = await door.call('GET', self, 'auditor');
  expect((body.changes as Body[]).map(({ kind, reason }) => [kind, reason])).toEqual([
    ['scheduleArchived', 'Closed.'],
    ['scheduleChanged', 'Every second week.'],
    ['scheduleResumed', 'Back.'],
    ['schedulePaused', 'Holidays.'],
    ['scheduleCreated', null],
  ]);
});

test('a word with a key is said once, whatever came after it', async () => {
  const { planNumber } = await created();
  const pause = (key: string, reason = 'Holidays.') =>
    door.call('POST', `${path}/${planNumber}/pause`, 'supervisor', { reason }, key);
  const key = randomUUID();
  expect(await pause(key)).toMatchObject({ status: 200, body: { version: 2 } });
  await door.call('POST', `${path}/${planNumber}/resume`, 'supervisor', { reason: 'Back.' });
  expect(await pause(key)).toMatchObject({ status: 200, body: { version: 3, status: 'active' } });
  expect(await pause(key, 'Other.')).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused' },
  });
});

test.each<[string, Body, string]>([
  [
    '31 February',
    { calendar: { months: [2], daysOfMonth: [31], times: ['09:00'] } },
    '/calendar/daysOfMonth',
  ],
  ['an empty calendar', { calendar: {} }, '/calendar/times'],
  ['no calendar', { calendar: undefined }, '/calendar'],
  ['every second', { calendar: undefined, interval: { every: 'PT1S' } }, '/interval/every'],
  ['a zone that there isn’t', { timeZone: 'Mars/Base' }, '/timeZone'],
  ['a negative catch-up', { catchUpWindow: '-PT1H' }, '/catchUpWindow'],
  ['a customer that nobody knows', { customerNumber: 'CU-9999' }, '/customerNumber'],
  ['somebody else’s asset', { serialNumbers: ['NET-SCH-0001', 'TV55-880001'] }, '/serialNumbers/1'],
  ['a field that there isn’t', { seconds: 1 }, '/seconds'],
])('%s is refused by its field, and leaves no plan', async (_, more, pointer) => {
  const { status, body } = await post({ ...weekly, ...more });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalidRequest' });
  expect((body.errors as Body[]).map((one) => one.pointer)).toEqual([pointer]);
});

test('only a supervisor or a manager plans; the refusals are in the audit log', async () => {
  const { planNumber } = await created();
  const forbidden = await door.call('POST', path, 'hotline', { nonsense: 1 }, randomUUID());
  expect(forbidden).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await door.call('POST', path, 'supervisor', weekly)).toMatchObject({ status: 400 });
  const self = `${path}/${planNumber}`;
  expect(await door.call('DELETE', `${self}?reason=x`, 'engineer')).toMatchObject({ status: 403 });
  expect(await door.call('DELETE', self, 'supervisor')).toMatchObject({ status: 422 });
  expect(await door.call('PATCH', self, 'supervisor', { reason: 'x' })).toMatchObject({
    status: 422,
  });
  expect(await refusals('createInspectionPlan')).toContain('forbidden');
  expect(await refusals(`${planNumber} archive`)).toEqual(['forbidden', 'invalidRequest']);
  for (const unknown of ['IP-9999', 'IP-1', '1e3', '%20'])
    expect(await door.call('GET', `${path}/${unknown}`, 'hotline')).toMatchObject({ status: 404 });
});

test('a backfill lies in the past, and opens no more than 100 rounds', async () => {
  const { planNumber } = await created({ calendar: undefined, interval: { every: 'PT1M' } });
  const backfill = (from: string, to: string) =>
    door.call('POST', `${path}/${planNumber}/backfill`, 'supervisor', { from, to });
  const now = Date.now();
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  for (const [from, to, pointer] of [
    [at(-1), at(5), '/to'],
    [at(-1), at(-2), '/to'],
    [at(-500), at(-1), '/from'],
    [at(-600_000), at(-1), '/from'],
  ] as const)
    expect(await backfill(from, to)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    });
});

test('plans are described on the OpenAPI page, and listed', async () => {
  const { planNumber } = await created();
  const { body } = await door.call('GET', '/openapi.json', 'hotline');
  const paths = body.paths as Record<string, Body>;
  expect(Object.keys(paths[`${path}/{planNumber}`] ?? {}).sort()).toEqual([
    'delete',
    'get',
    'patch',
  ]);
  expect(JSON.stringify(paths[path])).toContain('Asia/Shanghai');
  const listed = await door.call(
    'GET',
    `${path}?customerNumber=CU-1003&status=active&limit=1`,
    'auditor',
  );
  expect(listed).toMatchObject({ status: 200, body: { items: [{ planNumber }] } });
});
