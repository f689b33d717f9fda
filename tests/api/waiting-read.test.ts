import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createCaseWatch } from '../../api/case-watch.ts';
import { answer, caseFactory, openTask, readCase } from '../support/api/case-walk.ts';
import { type Door, engineOf, openDoor } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();
const newCase = caseFactory(() => door);
const never = new AbortController().signal;

const readAfter = (caseNumber: string, after: unknown, through: Door = door) =>
  through.call('GET', `/v1/cases/${caseNumber}?after=${after}`, 'hotline');

/** Whether a promise has settled by now. */
const isOver = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), delay(600).then(() => false)]);

/** Once all that the case does by itself is done: its revision. */
async function settled(caseNumber: string): Promise<number> {
  for (;;) {
    const { revision } = await readCase(door, caseNumber);
    await delay(800);
    if ((await readCase(door, caseNumber)).revision === revision) return revision;
  }
}

test('a reading after the newest revision waits for the next act, also through another process', async () => {
  const other = await openDoor(door.world.sql, engineOf(door.world));
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  const revision = await settled(caseNumber);
  const waiting = [readAfter(caseNumber, revision), readAfter(caseNumber, revision)];
  expect(await isOver(Promise.race(waiting))).toBe(false);
  const given = await answer(other, task);
  for (const { status, body } of await Promise.all(waiting)) {
    expect([status, body.caseNumber]).toEqual([200, caseNumber]);
    expect(body.revision).toBeGreaterThanOrEqual(Number(given.body.revision));
  }
  await other.app.close();
});

test('a reading after an older revision is answered at once; one of no case is 404, after no number 422', async () => {
  const caseNumber = await newCase();
  const { revision } = await readCase(door, caseNumber);
  expect(revision).toBeGreaterThan(0);
  expect(await isOver(readAfter(caseNumber, revision - 1))).toBe(true);
  expect((await readAfter('C-999999', 0)).status).toBe(404);
  expect((await readAfter(caseNumber, 'x')).status).toBe(422);
});

test('who waits is answered when the process shuts down', async () => {
  const closing = await openDoor(door.world.sql, engineOf(door.world));
  const caseNumber = await newCase();
  const revision = await settled(caseNumber);
  const waiting = readAfter(caseNumber, revision, closing);
  expect(await isOver(waiting)).toBe(false);
  await closing.app.close();
  expect(await waiting).toMatchObject({ status: 200, body: { caseNumber, revision } });
});

test('a wait ends in time, and when its client has gone', async () => {
  const caseNumber = await newCase();
  const watched = { caseNumber, after: 1_000 };
  const looks: string[][] = [];
  const revisions = (numbers: string[]) => {
    looks.push(numbers);
    return door.deps.stores.cases.revisions(numbers);
  };
  expect(await isOver(createCaseWatch({ revisions }, 300).moved(watched, never))).toBe(true);
  const gone = new AbortController();
  const waiting = createCaseWatch({ revisions }, 60_000).moved(watched, gone.signal);
  expect(await isOver(waiting)).toBe(false);
  gone.abort();
  await waiting;
  await delay(400);
  const before = looks.length;
  expect(before).toBeGreaterThan(1);
  await delay(500);
  expect(looks.length).toBe(before);
});
