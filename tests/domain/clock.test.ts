import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Clock,
  cancelClock,
  clockState,
  dueAt,
  elapsedMs,
  instantAfter,
  meetClock,
  newClock,
  nextRung,
  pauseClock,
  resumeClock,
} from '../../domain/clock.ts';
import type { ClockPlan } from '../../domain/plan.ts';

const plan = (targetMs: number, percents: number[] = []): ClockPlan => ({
  name: 'restore',
  targetMs,
  pausedBy: ['awaitingCustomer'],
  rungs: percents.map((percent) => ({ percent, alertLevel: 1 })),
});
const pause = (clock: Clock, at: number) => pauseClock(clock, at, 'waits', 'ST-05');

/** Walks every millisecond and counts those in which the clock ran: as slow and as plain as can be. */
function bruteForce(words: Word[], until: number): number {
  let running = true;
  let elapsed = 0;
  for (let at = 0; at < until; at += 1) {
    for (const word of words) if (word.at === at) running = word.kind === 'resume';
    if (running) elapsed += 1;
  }
  return elapsed;
}

interface Word {
  at: number;
  kind: 'pause' | 'resume';
}
const words = fc
  .array(fc.record({ at: fc.nat(400), kind: fc.constantFrom('pause' as const, 'resume' as const) }))
  .map((all) => all.sort((a, b) => a.at - b.at));

function clockAfter(said: Word[], targetMs: number): Clock {
  const clock = newClock(plan(targetMs), 0);
  for (const { at, kind } of said) kind === 'pause' ? pause(clock, at) : resumeClock(clock, at);
  return clock;
}

test('whatever is paused and resumed, a clock has run what a brute-force clock counts, to the millisecond (N2)', () => {
  fc.assert(
    fc.property(words, fc.nat(600), (said, extra) => {
      const now = Math.max(400, extra);
      expect(elapsedMs(clockAfter(said, 100), now)).toBe(bruteForce(said, now));
    }),
    { numRuns: 500 },
  );
});

test('the due time is the very instant at which the brute-force clock reaches the target', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 300 }), (said, targetMs) => {
      const now = 400;
      const due = dueAt(clockAfter(said, targetMs), now);
      // a pause that goes on is taken to end now
      const told: Word[] = [...said, { at: now, kind: 'resume' }];
      expect(bruteForce(told, due)).toBe(targetMs);
      expect(bruteForce(told, due - 1)).toBe(targetMs - 1);
    }),
    { numRuns: 500 },
  );
});

test('a thousand pauses of 59 s lose no millisecond', () => {
  const clock = newClock(plan(3_600_000), 0);
  for (let at = 1_000, n = 0; n < 1_000; n += 1, at += 60_000) {
    pause(clock, at);
    resumeClock(clock, at + 59_000);
  }
  const end = 1_000 + 1_000 * 60_000;
  expect(elapsedMs(clock, end)).toBe(end - 1_000 * 59_000);
  expect(dueAt(clock, end)).toBe(3_600_000 + 1_000 * 59_000);
});

test('met at the very due time counts as met, a millisecond later as missed', () => {
  const [onTime, late] = [newClock(plan(100), 0), newClock(plan(100), 0)];
  meetClock(onTime, 100);
  meetClock(late, 101);
  expect([clockState(onTime, 500), clockState(late, 500)]).toEqual(['met', 'missed']);
});

test('a clock is running, paused, missed, met or canceled', () => {
  const clock = newClock(plan(100), 0);
  expect(clockState(clock, 100)).toBe('running');
  expect(clockState(clock, 101)).toBe('missed');
  pause(clock, 50);
  expect(clockState(clock, 10_000)).toBe('paused');
  cancelClock(clock, 10_000);
  expect(clockState(clock, 20_000)).toBe('canceled');
});

test('a verdict never changes: a settled clock is neither met anew, paused, nor canceled', () => {
  const clock = newClock(plan(100), 0);
  meetClock(clock, 60);
  meetClock(clock, 400);
  cancelClock(clock, 500);
  pause(clock, 600);
  expect([clock.metAt, clock.canceledAt, clock.pauses]).toEqual([60, null, []]);
  expect(clockState(clock, 10_000)).toBe('met');
});

test('meeting a paused clock ends its pause at that moment', () => {
  const clock = newClock(plan(100), 0);
  pause(clock, 40);
  meetClock(clock, 900);
  expect(elapsedMs(clock, 5_000)).toBe(40);
  expect(clockState(clock, 5_000)).toBe('met');
});

test('an act dated before the clock began counts from its beginning', () => {
  const clock = newClock(plan(100), 1_000);
  pause(clock, 400);
  resumeClock(clock, 300);
  expect(clock.pauses).toEqual([{ from: 1_000, to: 1_000, reason: 'waits', actor: 'ST-05' }]);
  meetClock(clock, 10);
  expect(clock.metAt).toBe(1_000);
});

/** Lets the clock ring until it has no rung left; the instants at which it rang. */
function ringOut(clock: Clock, now: number): [percent: number, at: number][] {
  const rang: [number, number][] = [];
  for (let rung = nextRung(clock, now); rung; rung = nextRung(clock, now)) {
    clock.fired.push(rung.percent);
    rang.push([rung.percent, rung.at]);
  }
  return rang;
}

test('each rung rings once and in order, above 100 % too (N3)', () => {
  const clock = newClock(plan(1_000, [50, 75, 90, 100, 110, 150]), 0);
  expect(ringOut(clock, 0)).toEqual([
    [50, 500],
    [75, 750],
    [90, 900],
    [100, 1_000],
    [110, 1_100],
    [150, 1_500],
  ]);
  expect(nextRung(clock, 99_999)).toBeUndefined();
});

test('a pause shifts the rungs after it and none before it', () => {
  const clock = newClock(plan(1_000, [50, 100, 150]), 0);
  pause(clock, 700);
  expect(nextRung(clock, 800)).toBeUndefined();
  resumeClock(clock, 3_700);
  expect(ringOut(clock, 4_000)).toEqual([
    [50, 500],
    [100, 4_000],
    [150, 4_500],
  ]);
});

test('a settled clock rings no more', () => {
  const clock = newClock(plan(1_000, [50, 100]), 0);
  meetClock(clock, 400);
  expect(nextRung(clock, 2_000)).toBeUndefined();
});

test('an instant inside a pause never comes to be: it is reached at its end', () => {
  const clock = newClock(plan(1_000), 0);
  pause(clock, 100);
  resumeClock(clock, 200);
  expect([instantAfter(clock, 100, 300), instantAfter(clock, 101, 300)]).toEqual([100, 201]);
});
