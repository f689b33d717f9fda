import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../api/engine.ts';
import { connect } from '../../db/connect.ts';
import {
  answer,
  caseFactory,
  openTask,
  readCase,
  standing,
  timelineOf,
} from '../support/api/case-walk.ts';
import { type Door, engineOf, noEngine, openDoor } from '../support/api/door.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let engine: Engine;
let door: Door;
const newCase = caseFactory(() => door);

beforeAll(async () => {
  world = await startWorld();
  engine = engineOf(world, 1_500);
  door = await openDoor(world.sql, engine);
});
afterAll(async () => {
  await door.app.close();
  await world.close();
});

const answersOn = async (caseNumber: string) =>
  (await timelineOf(door, caseNumber)).filter((line) => line.kind === 'taskAnswered').length;

test('with nobody at work an answer is 503; repeated with its key it is applied once', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const key = randomUUID();
  await world.workers.stop();
  expect(await answer(door, task, {}, key)).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
    headers: { 'retry-after': expect.any(String) },
  });
  await world.workers.start();
  await expect
    .poll(async () => (await answer(door, task, {}, key)).status, { timeout: 20_000 })
    .toBe(200);
  expect(await answersOn(caseNumber)).toBe(1);
});

test('a lost reply of the engine is 503; repeated with its key it is 200 and applied once', async () => {
  const forgetful: Engine = {
    ...engine,
    async deliver(act) {
      await engine.deliver(act);
      return noEngine.deliver(act);
    },
  };
  const lossy = await openDoor(world.sql, forgetful);
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const key = randomUUID();
  expect((await answer(lossy, task, {}, key)).status).toBe(503);
  expect((await answer(door, task, {}, key)).status).toBe(200);
  expect(await answersOn(caseNumber)).toBe(1);
  await lossy.app.close();
});

test('without the database it is 503, never a stack trace', async () => {
  const sql = connect('postgres://nobody@127.0.0.1:9/nothing', { connectTimeoutS: 1 });
  const blind = await openDoor(sql, engine);
  const cases = await blind.app.inject({
    url: '/v1/cases',
    headers: { authorization: 'Bearer demo-hotline' },
  });
  expect([cases.statusCode, cases.json().code]).toEqual([503, 'unavailable']);
  expect(cases.headers['retry-after']).toBeDefined();
  expect(cases.body).not.toMatch(/ECONN|127\.0|\bat \w+ \(/);
  const ready = await blind.app.inject('/readyz');
  expect(ready.json()).toMatchObject({ checks: { database: false } });
  await blind.app.close();
  await sql.end();
});

test('garbage sent straight to the engine harms no case', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const before = await readCase(door, caseNumber);
  const handle = world.client.workflow.getHandle(caseNumber);
  const garbage: [unknown][] = [[null], ['x'], [{ actor: { id: 'ST-05', role: 'king' } }]];
  for (const args of garbage)
    await expect(
      handle.executeUpdate<unknown, [unknown]>('reportPhoneTriage', { args }),
    ).rejects.toThrow();
  await expect(
    handle.executeUpdate<unknown, [unknown]>('noSuchUpdate', { args: [1] }),
  ).rejects.toThrow();
  await handle.signal('noSuchSignal', { junk: true });
  expect(standing(await readCase(door, caseNumber))).toEqual(standing(before));
  expect((await answer(door, task)).status).toBe(200);
});

test('when everybody is at work the door is ready', async () => {
  await expect
    .poll(async () => (await door.app.inject('/readyz')).statusCode, { timeout: 20_000 })
    .toBe(200);
});
