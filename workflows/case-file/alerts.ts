/** What falls due: rungs of clocks, alerts that nobody acknowledged. It raises alerts, never stops the work. */
import type { Actor, AlertLevel, Severity } from '../../domain/case.ts';
import { type Clock, dueAt, meetClock, type Rung } from '../../domain/clock.ts';
import { nextLevel, rungsAhead, type TargetsMs, tighten } from '../../domain/standing.ts';
import { type Moment, now, type Run, report } from '../kernel/run.ts';
import { tell } from './messages.ts';

const theClock: Actor = { id: 'system:clock', role: 'system' };

/** Alert levels go to these (FLOW-ALERT; the documents lost the owners, so it is a hypothesis): desk, branch, centre. */
const alertRoles = { 1: 'supervisor', 2: 'manager', 3: 'manager' } as const;

/** Each rung fires once, late if the engine was away (N3, N4). */
export function momentsOf(run: Run): Moment[] {
  const { alertRisesAt, alertLevel } = run.state;
  const moments = rungsAhead(run.state, now()).map(({ clock, rung }) => ({
    at: rung.at,
    summary: `${clock.plan.name}: ${rung.percent} %`,
    happen: () => fire(run, clock, rung),
  }));
  if (alertRisesAt === null || alertLevel === 3) return moments;
  const summary = `alert ${alertLevel} unacknowledged`;
  const happen = () =>
    void raise(run, nextLevel(alertLevel), 'notAcknowledged', { actor: theClock });
  return [...moments, { at: alertRisesAt, summary, happen }];
}

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

/** The severity from now on. Clocks that still run keep what was promised, or less where the new grade's targets are shorter. */
export function regrade(run: Run, severity: Severity, targetsMs: TargetsMs): void {
  run.state.severity = severity;
  report(run, { kind: 'severityChanged', subject: severity });
  for (const { name, from, to } of tighten(run.state, targetsMs))
    report(run, { kind: 'clockTightened', subject: name, detail: { from, to } });
}
