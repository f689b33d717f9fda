/** What falls due: rungs of clocks, moments of waits, alerts that nobody acknowledged. It raises alerts, never stops the work. */
import type { Actor, AlertLevel, Severity } from '../../domain/case.ts';
import {
  type Clock,
  dueAt,
  isSettled,
  meetClock,
  nextRung,
  type Rung,
} from '../../domain/clock.ts';
import type { ClockPlan } from '../../domain/plan.ts';
import { tell } from './outbox.ts';
import { now, type Run, report } from './run.ts';

const theClock: Actor = { id: 'system:clock', role: 'system' };

/** What the one timer waits for next, epoch milliseconds. */
export interface Moment {
  at: number;
  summary: string;
  happen: () => void;
}

/** Alert levels go to these (FLOW-ALERT; the documents lost the owners, so it is a hypothesis): desk, branch, centre. */
const alertRoles = { 1: 'supervisor', 2: 'manager', 3: 'manager' } as const;

/** The earliest of all that falls due; each rung fires once, late if the engine was away (N3, N4). */
export function nextMoment(run: Run): Moment | undefined {
  if (run.finished) return undefined;
  const { clocks, alertRisesAt, alertLevel } = run.state;
  const moments = Object.values(clocks).flatMap((clock): Moment[] => {
    const rung = nextRung(clock, now());
    const summary = `${clock.plan.name}: ${rung?.percent} %`;
    return rung ? [{ at: rung.at, summary, happen: () => fire(run, clock, rung) }] : [];
  });
  for (const alarm of run.alarms)
    moments.push({ ...alarm, happen: () => void run.alarms.delete(alarm) });
  if (alertRisesAt !== null && alertLevel < 3)
    moments.push({
      at: alertRisesAt,
      summary: `alert ${alertLevel} unacknowledged`,
      happen: () => raise(run, nextLevel(alertLevel), 'notAcknowledged', { actor: theClock }),
    });
  return moments.sort((a, b) => a.at - b.at)[0];
}

/** One level higher; the third is the highest. */
export const nextLevel = (level: AlertLevel): AlertLevel => (level === 0 ? 1 : level === 1 ? 2 : 3);

function fire(run: Run, clock: Clock, { percent, alertLevel, at }: Rung): void {
  const { name } = clock.plan;
  clock.fired.push(percent);
  const [due, rung] = [dueAt(clock, now()), at].map((ms) => new Date(ms).toISOString());
  report(run, {
    kind: 'clockRung',
    actor: theClock,
    subject: name,
    detail: { percent, dueAt: due, rungAt: rung, lagMs: now() - at },
  });
  run.identity.onRung(alertLevel);
  raise(run, alertLevel, `${name} ${percent} %`, { actor: theClock });
}

/** Raises the alert to a level it has not reached, tells who owns that level, and waits for the acknowledgement (FLOW-ESC). */
export function raise(
  run: Run,
  level: AlertLevel,
  trigger: string,
  by: { actor?: Actor; updateId?: string; reason?: string } = {},
): number {
  const { state } = run;
  const { territory, acknowledgeWithinMs } = run.identity.plan;
  if (level === 0 || level <= state.alertLevel) return state.revision;
  state.alertLevel = level;
  state.alertAcknowledged = false;
  state.alertRisesAt = level < 3 ? now() + acknowledgeWithinMs : null;
  tell(run, 'alert', { kind: 'role', role: alertRoles[level], territory }, { level, trigger });
  const detail = { level, trigger };
  return report(run, { kind: 'alertRaised', ...by, subject: `level ${level}`, detail });
}

/** Meets a clock that runs; its verdict never changes afterwards. */
export function meet(run: Run, name: string): void {
  const clock = run.state.clocks[name];
  if (!clock || clock.metAt !== null) return;
  meetClock(clock, now());
  report(run, { kind: 'clockMet', subject: name });
}

/** Milliseconds that a grade promises, by clock. */
export type TargetsMs = Partial<Record<ClockPlan['name'], number>>;

/** The severity from now on. Clocks that still run keep what was promised, or less where the new grade's targets are shorter. */
export function regrade(run: Run, severity: Severity, targetsMs: TargetsMs): void {
  run.state.severity = severity;
  report(run, { kind: 'severityChanged', subject: severity });
  for (const clock of Object.values(run.state.clocks)) tighten(run, clock, targetsMs);
}

/** A promise may become stricter, never looser. */
function tighten(run: Run, clock: Clock, targetsMs: TargetsMs): void {
  const { name, targetMs: from } = clock.plan;
  const to = targetsMs[name];
  if (isSettled(clock) || to === undefined || to >= from) return;
  clock.plan = { ...clock.plan, targetMs: to };
  report(run, { kind: 'clockTightened', subject: name, detail: { from, to } });
}
