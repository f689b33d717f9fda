/** A clock is a ledger: when it started, what it was promised, and the intervals it stood still. Deadlines are derived (N2). */
import type { ClockState } from './case.ts';
import type { ClockPlan } from './plan.ts';

/** `from` and `to` in epoch milliseconds; `to` is null while the pause goes on. */
export interface Pause {
  from: number;
  to: number | null;
  reason: string;
  actor: string;
}

export interface Clock {
  plan: ClockPlan;
  startedAt: number;
  metAt: number | null;
  canceledAt: number | null;
  pauses: Pause[];
  /** Percent values of the rungs that fired, each once (N3). */
  fired: number[];
}

export function newClock(plan: ClockPlan, startedAt: number): Clock {
  return { plan, startedAt, metAt: null, canceledAt: null, pauses: [], fired: [] };
}

/** So many milliseconds after an instant (both ISO 8601). */
export const later = (at: string, ms: number): string =>
  new Date(Date.parse(at) + ms).toISOString();

/** True once its verdict stands: met or canceled. */
export const isSettled = (clock: Clock) => clock.metAt !== null || clock.canceledAt !== null;
const isPaused = (clock: Clock) => clock.pauses.at(-1)?.to === null;

/** Milliseconds the clock has run by `now`: wall time less its pauses. */
export function elapsedMs(clock: Clock, now: number): number {
  const end = clock.metAt ?? clock.canceledAt ?? now;
  const paused = clock.pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(pause.to ?? end, end) - pause.from),
    0,
  );
  return Math.max(0, end - clock.startedAt - paused);
}

/** When the clock will have run `ms`, if nothing pauses it from `now` on. */
export function instantAfter(clock: Clock, ms: number, now: number): number {
  let left = ms;
  let from = clock.startedAt;
  for (const pause of clock.pauses) {
    if (pause.from - from >= left) return from + left;
    left -= pause.from - from;
    from = pause.to ?? now;
  }
  return from + left;
}

export function dueAt(clock: Clock, now: number): number {
  return instantAfter(clock, clock.plan.targetMs, now);
}

/** Met at the very due time counts as met. */
export function clockState(clock: Clock, now: number): ClockState {
  if (clock.canceledAt !== null) return 'canceled';
  if (elapsedMs(clock, now) > clock.plan.targetMs) return 'missed';
  if (clock.metAt !== null) return 'met';
  return isPaused(clock) ? 'paused' : 'running';
}

export function pauseClock(clock: Clock, at: number, reason: string, actor: string): void {
  if (!isSettled(clock) && !isPaused(clock))
    clock.pauses.push({ from: Math.max(at, clock.startedAt), to: null, reason, actor });
}

export function resumeClock(clock: Clock, at: number): void {
  const pause = clock.pauses.at(-1);
  if (pause && pause.to === null) pause.to = Math.max(at, pause.from);
}

/** Stops the clock for good; its verdict never changes afterwards. */
export function meetClock(clock: Clock, at: number): void {
  if (isSettled(clock)) return;
  resumeClock(clock, at);
  clock.metAt = Math.max(at, clock.startedAt);
}

export function cancelClock(clock: Clock, at: number): void {
  if (isSettled(clock)) return;
  resumeClock(clock, at);
  clock.canceledAt = at;
}

export interface Rung {
  percent: number;
  alertLevel: 0 | 1 | 2 | 3;
  at: number;
}

/** The next rung that has not fired, or undefined when the clock is settled, paused, or has none left. */
export function nextRung(clock: Clock, now: number): Rung | undefined {
  if (isSettled(clock) || isPaused(clock)) return undefined;
  const rung = clock.plan.rungs.find(({ percent }) => !clock.fired.includes(percent));
  return (
    rung && {
      ...rung,
      at: instantAfter(clock, Math.round((clock.plan.targetMs * rung.percent) / 100), now),
    }
  );
}
