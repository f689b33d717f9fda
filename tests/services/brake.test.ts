/** The queue of openings, by itself. */
import { expect, test } from 'vitest';
import { createBrake } from '../../services/cases/index.ts';

/** A work that lasts until it is ended, and notes when it begins. */
function work(begun: string[], name: string) {
  const [held, begins] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  const run = () => {
    begun.push(name);
    begins.resolve();
    return held.promise;
  };
  return { run, begins: begins.promise, end: () => held.resolve(name) };
}

test('so many are at work at once, the others begin in the order in which they came', async () => {
  const brake = createBrake({ atOnce: 2, waiting: 10 });
  const begun: string[] = [];
  const works = ['a', 'b', 'c', 'd'].map((name) => work(begun, name));
  expect(brake.isBusy()).toBe(false);
  const passed = works.map(({ run }) => brake.pass(run));
  await works[1]?.begins;
  expect([begun, brake.isBusy()]).toEqual([['a', 'b'], true]);
  works[1]?.end();
  expect(await passed[1]).toBe('b');
  await works[2]?.begins;
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const { end } of works) end();
  expect(await Promise.all(passed)).toEqual(['a', 'b', 'c', 'd']);
  expect(brake.isBusy()).toBe(false);
});

test('who finds the line full is turned away, and so is who waits too long; neither has begun', async () => {
  const brake = createBrake({ atOnce: 1, waiting: 1, waitMs: 20 });
  const begun: string[] = [];
  const first = work(begun, 'first');
  const passing = brake.pass(first.run);
  const waiting = brake.pass(work(begun, 'waits').run);
  expect(await brake.pass(work(begun, 'too many').run)).toBeUndefined();
  expect(await waiting).toBeUndefined();
  const next = brake.pass(async () => 'next');
  first.end();
  expect([await passing, await next]).toEqual(['first', 'next']);
  expect([begun, brake.isBusy()]).toEqual([['first'], false]);
});

test('a work that fails leaves its place', async () => {
  const brake = createBrake({ atOnce: 1, waiting: 0 });
  await expect(brake.pass(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await brake.pass(async () => 'goes')).toBe('goes');
});
