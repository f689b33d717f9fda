import { ApplicationFailure } from '@temporalio/workflow';
import { defectReportFlow } from '../domain/flows/defect-report/flow.ts';
import type { DefectReportPlan } from '../domain/flows/defect-report/plan.ts';
import type { EffectCheck } from '../domain/recurrence.ts';
import { type Caller, callerFor } from './kernel/call.ts';
import { alertingOf, wordsOf } from './kernel/case-words.ts';
import { listenToReaders } from './kernel/read-model.ts';
import { type Settled, settle } from './kernel/settle.ts';
import { type CaseState, type Ending, newState } from './kernel/state.ts';
import { humanTask } from './kernel/tasks.ts';
import { isoNow, newWorkFile, once, publish, type WorkFile } from './kernel/work-file.ts';
import * as messages from './messages.ts';
import { qualityDesk } from './paragraphs/product-owner.ts';

/** The input of an effect check: the action that a cycle of a report put in place, and when its effect is due to be judged. */
export interface OpenedEffectCheck {
  caseNumber: string;
  cycle: number;
  actionCode: string;
  checkAt: string;
  plan: DefectReportPlan;
  /** Only in a continued run. */
  carried?: unknown;
}

/** Effect check, N23: N days after a corrective action was in place, failures of treated units are compared with those of prior ones.
 *  Endings: effective | failed. A failed one begins the report's next cycle, unless another report is at it already. */
export async function effectCheck(opened: OpenedEffectCheck): Promise<Settled> {
  const file = openCheckFile(opened);
  const { work } = file;
  const finish = async (kind: Ending['kind'], outcome: string) =>
    void Object.assign(work.state, { status: kind, outcome, openTasks: [] });

  return settle(work, { alerting: alertingOf(file.plan), undos: {}, finish }, async () => {
    say(file, 'effectCheckPlanned', { checkAt: opened.checkAt });
    await file.sleepUntil(opened.checkAt, 'effect check');
    const check = await compare(file);
    announce(file, check);
    if (check.effective) return 'effective';

    await noteOnSources(file, check);
    await startNextCycle(file, check);
    return 'failed';
  });
}

interface CheckFile extends ReturnType<typeof wordsOf<string>> {
  opened: OpenedEffectCheck;
  plan: DefectReportPlan;
  work: WorkFile;
  call: Caller;
}

/** It can't be called off: it is what the closed report promised. */
function openCheckFile(opened: OpenedEffectCheck): CheckFile {
  const { caseNumber, cycle, plan, checkAt } = opened ?? {};
  if (typeof caseNumber !== 'string' || Number.isNaN(Date.parse(checkAt)) || !plan?.taskDueMs)
    throw ApplicationFailure.nonRetryable('not an opened effect check', 'invalidInput');
  const work = newWorkFile(
    {
      caseNumber,
      cycle,
      prefix: `effectCheck${cycle}-`,
      taskDueMs: (task) => plan.taskDueMs[task] ?? plan.taskDueMs.default,
      view: () => null,
      onAnswer: () => undefined,
      mayCancel: () => false,
      drill: plan.drill,
      next: (carried) => ({ ...opened, carried }),
    },
    (opened.carried as CaseState | undefined) ?? { ...newState(), status: 'inProgress' },
  );
  listenToReaders(work);
  const call = callerFor(work, humanTask(messages.resolveFailure, work));
  return { opened, plan, work, call, ...wordsOf<string>(work, plan) };
}

/** A line on the report's timeline. */
const say = ({ work, opened }: CheckFile, kind: string, detail: Record<string, unknown>) =>
  once(work, `say.${kind}`, () => void publish(work, { kind, subject: opened.actionCode, detail }));

const compare = ({ opened, plan, call }: CheckFile): Promise<EffectCheck> =>
  call(
    'defects',
    'checkEffect',
    {
      cycle: opened.cycle,
      atMostPercent: plan.effectAtMostPercent,
      checkedAt: isoNow(),
      firstStage: defectReportFlow.stages[0].name,
    },
    `effect of ${opened.actionCode}: treated against prior units`,
  );

/** On the report's timeline, and to the product's owners. */
function announce(file: CheckFile, check: EffectCheck): void {
  const { effective, treated, prior } = check;
  say(file, effective ? 'effectConfirmed' : 'effectCheckFailed', { ...check });
  file.tell('effectChecked', qualityDesk(file.plan), {
    actionCode: file.opened.actionCode,
    result: effective ? 'effective' : 'failed',
    treated: treated.failures,
    prior: prior.failures,
  });
}

/** The row stands in it already; another report that is at it leaves none to start. */
async function startNextCycle({ call }: CheckFile, { nextCycle }: EffectCheck): Promise<void> {
  if (nextCycle === null) return;
  await call('cases', 'startCycle', { cycle: nextCycle }, `start cycle ${nextCycle}`);
}

const noteOnSources = ({ opened, plan, call }: CheckFile, { nextCycle, openReport }: EffectCheck) =>
  call(
    'defects',
    'noteOnSources',
    {
      note: 'effectCheckFailed',
      at: isoNow(),
      detail: { actionCode: opened.actionCode, nextCycle, openReport },
      windowMs: plan.trend.windowMs,
    },
    'tell the source cases: effectCheckFailed',
  );
