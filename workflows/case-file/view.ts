/** What others see of a workflow, derived from where it stands. */
import type { CaseView, WaitingOn } from '../../domain/case.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import { clockView, nextDueAt } from '../../domain/standing.ts';
import { isEnded } from '../../domain/status.ts';
import { now, type Run } from '../kernel/run.ts';

/** What the world waits for: an effect under way first, then a person, then a message or an undo under way, then nothing. */
function waitingOn(run: Run): WaitingOn | null {
  const { openTasks, status } = run.state;
  const [call = null] = run.identity.partnerWaits();
  if (isEnded(status)) return call;
  const failure = openTasks.find((task) => task.name === 'resolveFailure');
  const [wait] = run.waits;
  if (wait && !failure) return wait;
  const task = failure ?? openTasks[0];
  if (!task) return call;
  return { what: task.name, who: task.assignee ?? task.role, since: task.openedAt };
}

/** The read model of a case, derived: nothing in it is kept twice. */
export function viewOf({ caseNumber, flow, cycle, plan }: OpenedCase, run: Run): CaseView {
  const { state } = run;
  const { status, stage, alertLevel, alertAcknowledged, holdReason, assignee } = state;
  const { blockers, waivers, outcome, completedAt, closedAt, facts } = state;
  const at = now();
  return {
    ...{ caseNumber, flow, cycle, status, stage, severity: state.severity ?? plan.severity },
    ...{ alertLevel, alertAcknowledged, holdReason, assignee },
    clocks: Object.values(state.clocks).map((clock) => clockView(clock, at)),
    ...{ nextDueAt: nextDueAt(state, at), waitingOn: waitingOn(run) },
    ...{ blockers, waivers, outcome, completedAt, closedAt, facts },
  };
}
