import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, caseFactory, openTask, timelineOf, walk } from '../support/api/case-walk.ts';
import { type Door, engineOf, noEngine, openDoor } from '../support/api/door.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let one: Door;
let other: Door;
const newCase = caseFactory(() => one);

beforeAll(async () => {
  world = await startWorld();
  one = await openDoor(world.sql, engineOf(world));
  other = await openDoor(world.sql, engineOf(world));
});
afterAll(async () => {
  await one.app.close();
  await other.app.close();
  await world.close();
});

test('20 acts at once on one case through two processes: each is applied once, none is lost', async () => {
  const caseNumber = await newCase();
  await walk(one, caseNumber, ({ openTasks }) => openTasks.length === 2);
  const tasks = [
    await openTask(one, caseNumber, 'recordSiteFacts'),
    await openTask(one, caseNumber, 'confirmSafety'),
  ];
  const keys = Array.from({ length: 16 }, () => randomUUID());
  const notes = keys.map((key, index) =>
    (index % 2 === 0 ? one : other).call(
      'POST',
      `/v1/cases/${caseNumber}/actions/note`,
      'supervisor',
      { reason: `Note ${index}.` },
      key,
    ),
  );
  const answers = tasks.flatMap((task) => {
    const key = randomUUID();
    return [one, other].map((door) => answer(door, task, {}, key));
  });
  const given = await Promise.all([...notes, ...answers]);
  expect(given.map(({ status }) => status)).toEqual(Array(20).fill(200));
  const events = await timelineOf(one, caseNumber);
  const noted = events.filter(({ kind }) => kind === 'noted').map(({ reason }) => reason);
  expect(noted.toSorted()).toEqual(keys.map((_, index) => `Note ${index}.`).toSorted());
  const answered = events.filter(({ kind }) => kind === 'taskAnswered');
  for (const { id } of tasks)
    expect(answered.filter(({ subject }) => subject === id)).toHaveLength(1);
});

test('calls per minute are counted over both, and each caller for himself', async () => {
  const now = () => '2030-01-01T00:00:10.000Z';
  const limits = { callsPerMinute: 20 };
  const doors = [
    await openDoor(world.sql, noEngine, { now, limits }),
    await openDoor(world.sql, noEngine, { now, limits }),
  ] as const;
  const calls = async (door: Door, times: number, role: 'hotline' | 'manager' = 'hotline') => {
    const found: number[] = [];
    for (let n = 0; n < times; n += 1)
      found.push((await door.call('GET', '/v1/cases?limit=1', role)).status);
    return found;
  };
  const [first, second] = doors;
  expect(await calls(first, 15)).toEqual(Array(15).fill(200));
  expect(await calls(second, 1)).toEqual([200]);
  await delay(1_500); // each has told the other
  expect(await calls(second, 6)).toEqual([200, 200, 200, 200, 429, 429]);
  expect(await calls(second, 3, 'manager')).toEqual([200, 200, 200]);
  for (const door of doors) await door.app.close();
});
