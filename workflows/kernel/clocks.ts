/** Clocks overlap without nesting: one loop holds one timer, for the next rung of any of them. It raises alerts, never stops the work. */
import { condition } from '@temporalio/workflow';
import type { Actor, AlertLevel } from '../../domain/case.ts';
import { type Clock, dueAt, nextRung } from '../../domain/clock.ts';
import { sendMessage } from './messages.ts';
import { now, publish, type WorkFile } from './work-file.ts';

export const theClock: Actor = { id: 'system:clock', role: 'system' };

/** What the timer waits for next: a clock's rung, a wait's own moment, or an alert that nobody acknowledged. */
interface Moment {
  at: number;
  summary: string;
  happen: () => void;
}

/** Alert levels go to these (FLOW-ALERT; the documents lost the owners, so it is a hypothesis): desk, branch, centre. */
const alertRoles = { 1: 'supervisor', 2: 'manager', 3: 'manager' } as const;

/** What an alert does beyond itself: a loan's file tells differently from a case's. */
export interface Alerting {
  acknowledgeWithinMs: number;
  territory: string;
  /** Told of each rung that fires, with the level it asks for. */
  onRung?: (level: AlertLevel) => void;
}

/** Fires each rung once, late if the engine was away (N3, N4). A timer is set only while no step of our own books is under way: one
 *  that is set before such a step and canceled after it would be in the history or not, as the workflow task happened to be cut. */
export async function keepClocks(file: WorkFile, alerting: Alerting): Promise<void> {
  const moment = () => nextMoment(file, alerting);
  while (!file.draining) {
    const next = file.booking === 0 ? moment() : undefined;
    if (!next) {
      await condition(() => file.draining || (file.booking === 0 && moment() !== undefined));
      continue;
    }
    const left = next.at - now();
    const changed = () => file.draining || !isSame(moment(), next);
    if (left > 0 && (await condition(changed, left, { summary: next.summary }))) continue;
    if (!file.draining) next.happen();
  }
}

const isSame = (one: Moment | undefined, other: Moment) =>
  one?.at === other.at && one.summary === other.summary;

function nextMoment(file: WorkFile, alerting: Alerting): Moment | undefined {
  const { clocks, alertRisesAt, alertLevel } = file.state;
  const moments = Object.values(clocks).flatMap((clock): Moment[] => {
    const rung = nextRung(clock, now());
    return rung
      ? [
          {
            at: rung.at,
            summary: `${clock.plan.name}: ${rung.percent} %`,
            happen: () => fireRung(file, clock, rung, alerting),
          },
        ]
      : [];
  });
  for (const alarm of file.alarms)
    moments.push({ ...alarm, happen: () => void file.alarms.delete(alarm) });
  if (alertRisesAt !== null && alertLevel < 3) {
    const level = (alertLevel + 1) as AlertLevel;
    moments.push({
      at: alertRisesAt,
      summary: `alert ${alertLevel} unacknowledged`,
      happen: () => raiseAlert(file, level, 'notAcknowledged', theClock, null, alerting),
    });
  }
  return moments.sort((a, b) => a.at - b.at)[0];
}

function fireRung(
  file: WorkFile,
  clock: Clock,
  rung: { percent: number; alertLevel: AlertLevel; at: number },
  alerting: Alerting,
): void {
  clock.fired.push(rung.percent);
  publish(file, {
    kind: 'clockRung',
    actor: theClock,
    subject: clock.plan.name,
    detail: {
      percent: rung.percent,
      dueAt: new Date(dueAt(clock, now())).toISOString(),
      rungAt: new Date(rung.at).toISOString(),
      lagMs: now() - rung.at,
    },
  });
  alerting.onRung?.(rung.alertLevel);
  raiseAlert(
    file,
    rung.alertLevel,
    `${clock.plan.name} ${rung.percent} %`,
    theClock,
    null,
    alerting,
  );
}

/** Raises the alert to a level it has not reached, tells who owns that level, and waits for the acknowledgement (FLOW-ESC). */
export function raiseAlert(
  file: WorkFile,
  level: AlertLevel,
  trigger: string,
  actor: Actor,
  updateId: string | null,
  alerting: Alerting,
  reason: string | null = null,
): number {
  const { state } = file;
  if (level === 0 || level <= state.alertLevel) return state.revision;
  state.alertLevel = level;
  state.alertAcknowledged = false;
  state.alertRisesAt = level < 3 ? now() + alerting.acknowledgeWithinMs : null;
  sendMessage(
    file,
    'alert',
    { kind: 'role', role: alertRoles[level], territory: alerting.territory },
    { level, trigger },
  );
  return publish(file, {
    kind: 'alertRaised',
    actor,
    reason,
    updateId,
    subject: `level ${level}`,
    detail: { level, trigger },
  });
}
