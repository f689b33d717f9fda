/** What others see of a workflow: its row in our database, its search attributes, its page in the Temporal UI. */
import {
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CaseProgress, CaseView, WaitingOn } from '../../domain/case.ts';
import { clockState, dueAt } from '../../domain/clock.ts';
import { pageOf } from '../../domain/page.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import { isEnded } from '../../domain/status.ts';
import {
  opened,
  readCase,
  readRevision,
  readTasks,
  reportAgain,
  searchAttributes,
} from '../wire.ts';
import { partnerWaits } from './divert.ts';
import { ignoreSignal, isEnvelope, untilReadable } from './guard.ts';
import { now, type Run, report, type State } from './run.ts';

/** Answers whoever asks where the workflow stands, and reports it anew to rows that are ahead. */
export function hearReaders(run: Run): void {
  const { state } = run;
  setHandler(opened, async () => {
    await untilReadable(run, () => hasBegun(run) && state.revision <= state.published);
    return { revision: state.published };
  });
  setHandler(readCase, () => run.identity.view());
  setHandler(readTasks, () => state.openTasks);
  setHandler(readRevision, () => state.published);
  setHandler(reportAgain, (act) => {
    const above = isEnvelope(act) ? (act.answer as { above?: unknown } | null)?.above : undefined;
    if (!isEnvelope(act) || !Number.isSafeInteger(above))
      return ignoreSignal(run, 'reportAgain', 'not an envelope');
    state.revision = Math.max(state.revision, above as number);
    const reason = 'a step was lost after it was written';
    report(run, { kind: 'reportedAgain', actor: act.actor, reason });
  });
}

/** Somebody is asked for something, or the work is over already. */
const hasBegun = ({ state, finished }: Run) => state.openTasks.length > 0 || finished;

const iso = (ms: number) => new Date(ms).toISOString();

/** What the world waits for: an effect under way first, then a person, then a message or an undo under way, then nothing. */
function waitingOn(run: Run): WaitingOn | null {
  const { openTasks, status } = run.state;
  const [call = null] = partnerWaits(run);
  if (isEnded(status)) return call;
  const failure = openTasks.find((task) => task.name === 'resolveFailure');
  const [wait] = run.waits;
  if (wait && !failure) return wait;
  const task = failure ?? openTasks[0];
  if (!task) return call;
  return { what: task.name, who: task.assignee ?? task.role, since: task.openedAt };
}

function nextDueAt({ status, clocks, openTasks }: State, at: number): string | null {
  if (isEnded(status)) return null;
  const running = Object.values(clocks).filter((clock) => clockState(clock, at) === 'running');
  const due = [
    ...running.map((clock) => iso(dueAt(clock, at))),
    ...openTasks.flatMap((task) => task.dueAt ?? []),
  ];
  return due.sort()[0] ?? null;
}

/** The read model of a case, derived: nothing in it is kept twice. */
export function viewOf({ caseNumber, flow, cycle, plan }: OpenedCase, run: Run): CaseView {
  const { state } = run;
  const at = now();
  return {
    ...{ caseNumber, flow, cycle, severity: state.severity ?? plan.severity },
    status: state.status,
    stage: state.stage,
    alertLevel: state.alertLevel,
    alertAcknowledged: state.alertAcknowledged,
    holdReason: state.holdReason,
    assignee: state.assignee,
    clocks: Object.values(state.clocks).map((clock) => ({
      name: clock.plan.name,
      startedAt: iso(clock.startedAt),
      dueAt: iso(dueAt(clock, at)),
      state: clockState(clock, at),
      metAt: clock.metAt === null ? null : iso(clock.metAt),
    })),
    nextDueAt: nextDueAt(state, at),
    waitingOn: waitingOn(run),
    blockers: state.blockers,
    waivers: state.waivers,
    outcome: state.outcome,
    completedAt: state.completedAt,
    closedAt: state.closedAt,
    facts: state.facts,
  };
}

/** All that is new since the last row, in one. */
export function takeProgress(run: Run): CaseProgress {
  const { identity, state } = run;
  const { caseNumber, workflowId, cycle } = identity;
  const { revision } = state;
  const progress: CaseProgress = {
    effectKey: `${workflowId}/${cycle}/progress/${revision}`,
    ...{ caseNumber, workflowId, runId: workflowInfo().runId, cycle, revision },
    view: identity.view(),
    openTasks: [...state.openTasks],
    partnerWaits: partnerWaits(run),
    changes: { ...state.changes },
    events: state.unpublished,
  };
  state.unpublished = [];
  return progress;
}

/** Search attributes cost an event: only those that changed, and only when one did. */
export function showInEngine({ view, openTasks }: CaseProgress, shown: Map<string, string>): void {
  if (!view) return;
  setCurrentDetails(pageOf(view, openTasks));
  const pairs = [
    { key: searchAttributes.status, value: view.status },
    { key: searchAttributes.stage, value: view.stage },
    { key: searchAttributes.outcome, value: view.outcome },
    { key: searchAttributes.alertLevel, value: view.alertLevel },
  ];
  const changed = pairs.filter(
    ({ key, value }) => (shown.get(key.name) ?? 'null') !== String(value),
  );
  for (const { key, value } of changed) shown.set(key.name, String(value));
  if (changed.length > 0)
    upsertSearchAttributes(changed as Parameters<typeof upsertSearchAttributes>[0]);
}
