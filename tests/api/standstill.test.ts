/** A process that stands still answers 503 while that lasts; a second of work is not that. */
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile(2);
const doorWith = (standstillMs: number) =>
  doorFrom(() => openDoor(database.sql, noEngine, { limits: { standstillMs } }));
const usual = doorWith(5_000);
const impatient = doorWith(50);

/** Nothing else runs in this process meanwhile. */
async function standStill(ms: number): Promise<void> {
  await nextTurn();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('after work of a second, without a tick in between, calls are answered', async () => {
  for (let times = 0; times < 3; times += 1) await standStill(1_100);
  expect((await usual.call('GET', '/v1/flows', 'hotline')).status).toBe(200);
});

test('while standstills are longer than the limit calls are 503, with when to come again', async () => {
  const stalled = async () => {
    await standStill(200);
    await delay(20);
    return impatient.call('GET', '/v1/flows', 'hotline');
  };
  await expect.poll(stalled, { interval: 0, timeout: 20_000 }).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
    headers: { 'retry-after': expect.anything() },
  });
});
