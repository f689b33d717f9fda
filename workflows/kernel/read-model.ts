/** What others see of a workflow: its rows in our database, its search attributes, its page in the Temporal UI. */
import {
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CaseProgress, CaseView, OpenTask } from '../../domain/case.ts';
import { readRevision, readTasks, tellAgain } from '../messages.ts';
import { searchAttributes } from '../search-attributes.ts';
import { keepBooks } from './effects.ts';
import { isEnvelope } from './guard.ts';
import { partnerWaits } from './partners.ts';
import { pageOf, storyOf } from './story.ts';
import { publish, type WorkFile } from './work-file.ts';

/** Answers whoever asks where the workflow stands, and tells it anew to rows that are ahead. */
export function listenToReaders(file: WorkFile): void {
  setHandler(readTasks, () => file.state.openTasks);
  setHandler(readRevision, () => file.state.published);
  setHandler(tellAgain, (act) => {
    const above = isEnvelope(act) ? (act.answer as { above?: unknown } | null)?.above : undefined;
    if (!isEnvelope(act) || !Number.isSafeInteger(above))
      return ignoreSignal(file, 'tellAgain', 'not an envelope');
    file.state.revision = Math.max(file.state.revision, above as number);
    publish(file, {
      kind: 'toldAgain',
      actor: act.actor,
      reason: 'a step was lost after it was written',
    });
  });
}

/** A signal that can't be taken is said on the timeline, and changes nothing. */
export function ignoreSignal(file: WorkFile, subject: string, reason: string): void {
  publish(file, { kind: 'signalIgnored', subject, reason });
}

/** Publishes whatever is new, as long as the workflow runs: one statement per step, in order. Ends when the file drains. */
export async function keepReadModel(file: WorkFile): Promise<void> {
  const shown = new Map<string, string>();
  for (;;) {
    await condition(() => isDue(file) || hasDrained(file));
    await untilQuiet(file);
    if (file.booking > 0) continue;
    if (file.state.unpublished.length === 0) return;
    const progress = takeProgress(file);
    if (progress.view) showInEngine(progress.view, progress.openTasks, shown);
    file.busy += 1;
    await keepBooks('recordProgress', progress, storyOf(progress));
    file.busy -= 1;
  }
}

const hasDrained = ({ draining, busy, state }: WorkFile) =>
  draining && busy === 0 && state.messages.length === 0;

/** Lets the flow run as far as it gets in this activation, so that one act makes one step of the read model. */
async function untilQuiet({ state }: WorkFile): Promise<void> {
  let seen = state.revision;
  for (let turns = 0; turns < 50; turns += 1) {
    await null;
    if (state.revision !== seen) turns = 0;
    seen = state.revision;
  }
}

const isDue = ({ state, booking }: WorkFile) => state.unpublished.length > 0 && booking === 0;

function takeProgress(file: WorkFile): CaseProgress {
  const { workflowId, runId } = workflowInfo();
  const { identity, state } = file;
  const progress: CaseProgress = {
    effectKey: `${workflowId}/${identity.cycle}/progress/${state.revision}`,
    caseNumber: identity.caseNumber,
    workflowId,
    runId,
    cycle: identity.cycle,
    revision: state.revision,
    view: identity.view(),
    openTasks: [...state.openTasks],
    partnerWaits: partnerWaits(file),
    events: state.unpublished,
  };
  state.unpublished = [];
  state.published = state.revision;
  return progress;
}

/** Search attributes cost an event: only those that changed, and only when one did. */
function showInEngine(view: CaseView, tasks: OpenTask[], shown: Map<string, string>): void {
  setCurrentDetails(pageOf(view, tasks));
  const pairs = [
    { key: searchAttributes.status, value: view.status },
    { key: searchAttributes.stage, value: view.stage },
    { key: searchAttributes.outcome, value: view.outcome },
    { key: searchAttributes.alertLevel, value: view.alertLevel },
    { key: searchAttributes.nextDue, value: nextPromise(view) },
  ];
  const changed = pairs.filter(
    ({ key, value }) => (shown.get(key.name) ?? 'null') !== String(value),
  );
  for (const { key, value } of changed) shown.set(key.name, String(value));
  if (changed.length > 0)
    upsertSearchAttributes(changed as Parameters<typeof upsertSearchAttributes>[0]);
}

/** The next promise to the customer that falls due: tasks come and go within it. */
function nextPromise(view: CaseView): Date | null {
  const due = view.clocks.filter((clock) => clock.state === 'running').map((clock) => clock.dueAt);
  const [first] = due.sort();
  return first ? new Date(first) : null;
}
