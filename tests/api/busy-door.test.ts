/** A burst of openings: answers come first, and what is turned away was surely not taken. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBrake } from '../../services/cases/index.ts';
import { answer, openTask } from '../support/api/case-walk.ts';
import { type Answer, type Door, engineOf, firstExample, openDoor } from '../support/api/door.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
const doors: Door[] = [];

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  for (const { app } of doors) await app.close();
  await world.close();
});

const doorWith = async (
  ...[engine, opening]: [Door['deps']['engine'], Door['deps']['opening']]
) => {
  const door = await openDoor(world.sql, engine, { opening });
  doors.push(door);
  return door;
};
const open = (door: Door, key: string = randomUUID()) => {
  const body = firstExample({ allowDuplicate: { reason: 'a burst' } });
  return door.call('POST', '/v1/cases', 'hotline', body, key);
};
const count = async (what: 'rows' | 'standing' | 'lines'): Promise<number> => {
  const { sql } = world;
  const [found] = await {
    rows: sql<{ n: number }[]>`select count(*)::int as n from cases`,
    standing: sql<{ n: number }[]>`select count(*)::int as n from cases where run_id is null`,
    lines: sql<{ n: number }[]>`select count(*)::int as n from case_events`,
  }[what];
  return found?.n ?? 0;
};
const busy = {
  status: 503,
  body: { code: 'busy' },
  headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
};

test('in a burst of openings no answer waits behind more of them than are let through at once', async () => {
  const atOnce = 3;
  const patient = engineOf(world, 30_000, 30_000);
  const door = await doorWith(patient, {
    brake: createBrake({ atOnce, waiting: 100, waitMs: 60_000 }),
  });
  const before = await Promise.all([1, 2, 3].map(() => open(door)));
  let opened = 0;
  const burst = Array.from({ length: 60 }, async () => {
    const { status } = await open(door);
    opened += 1;
    return status;
  });
  for (const { body } of before) {
    const task = await openTask(door, String(body.caseNumber));
    expect((await answer(door, task)).status).toBe(200);
    expect(await count('standing')).toBeLessThanOrEqual(atOnce);
  }
  expect(opened).toBeLessThan(burst.length / 2);
  expect(await Promise.all(burst)).toEqual(Array(60).fill(201));
});

test('who is turned away leaves nothing behind; a key that was taken is answered with its case all the same', async () => {
  const engine = engineOf(world);
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const slow: typeof engine = {
    ...engine,
    async open(opened) {
      reached.resolve();
      await release.promise;
      return engine.open(opened);
    },
  };
  const [taken, held, refused] = [randomUUID(), randomUUID(), randomUUID()];
  const door = await doorWith(slow, { brake: createBrake({ atOnce: 1, waiting: 0 }) });
  const known = await open(await doorWith(engine, {}), taken);
  const opening = open(door, held);
  await reached.promise;
  const was = [await count('rows'), await count('lines')];
  expect(await open(door, refused)).toMatchObject(busy);
  expect([await count('rows'), await count('lines')]).toEqual(was);
  expect(await open(door, taken)).toMatchObject({
    status: 200,
    body: { caseNumber: known.body.caseNumber },
  });
  release.resolve();
  expect((await opening).status).toBe(201);
  expect((await open(door, refused)).status).toBe(201);
});

test('with nobody at work so many cases stand over all processes, and no more; then the same key opens its case', async () => {
  await world.workers.stop();
  const engine = engineOf(world, 10_000, 100);
  const mostStanding = 3;
  const two = [await doorWith(engine, { mostStanding }), await doorWith(engine, { mostStanding })];
  const through = async (n: number, key?: string): Promise<Answer> => {
    const door = two[n % 2];
    if (!door) throw new Error('no door');
    return open(door, key);
  };
  const keys = [1, 2, 3].map(() => randomUUID());
  for (const [n, key] of keys.entries()) expect((await through(n, key)).status).toBe(201);
  const late = randomUUID();
  for (const n of [0, 1]) expect(await through(n, late)).toMatchObject(busy);
  expect(await count('standing')).toBe(mostStanding);
  expect((await through(0, keys[2])).status).toBe(200);
  await world.workers.start();
  await expect.poll(async () => (await through(1, late)).status, { timeout: 20_000 }).toBe(201);
});
