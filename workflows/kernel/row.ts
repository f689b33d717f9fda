/** What others see of a workflow: it answers who asks; its row, its search attributes and its page in the Temporal UI are written together. */
import {
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CaseProgress } from '../../domain/case.ts';
import { pageOf } from '../../domain/page.ts';
import {
  opened,
  readCase,
  readRevision,
  readTasks,
  reportAgain,
  searchAttributes,
} from '../wire.ts';
import { hearSignal, untilReadable } from './hear.ts';
import type { Run } from './run.ts';

/** Answers whoever asks where the workflow stands, and reports it anew to rows that are ahead. */
export function hearReaders(run: Run): void {
  const { state } = run;
  setHandler(opened, () => untilReadable(run, () => (hasBegun(run) ? state.due : null)));
  setHandler(readCase, () => run.identity.view());
  setHandler(readTasks, () => state.openTasks);
  setHandler(readRevision, () => state.published);
  hearSignal(run, reportAgain, (said, { actor }) => {
    const above = (said as { above?: unknown } | null)?.above;
    if (!Number.isSafeInteger(above)) return 'not an envelope';
    state.revision = Math.max(state.revision, above as number);
    return { kind: 'reportedAgain', actor, reason: 'a step was lost after it was written' };
  });
}

/** Somebody is asked for something, or the work is over already. */
const hasBegun = ({ state, finished }: Run) => state.openTasks.length > 0 || finished;

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
    partnerWaits: identity.partnerWaits(),
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
