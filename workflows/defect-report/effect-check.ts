import { ApplicationFailure } from '@temporalio/workflow';
import { effectCheckFlow } from '../../domain/flows/defect-report/effect-check.ts';
import { defectReportFlow } from '../../domain/flows/defect-report/flow.ts';
import type { DefectReportPlan } from '../../domain/flows/defect-report/plan.ts';
import type { EffectCheck } from '../../domain/recurrence.ts';
import { type CaseFile, type Opened, openFile, settle } from '../case-file/index.ts';
import type { Settled } from '../case-file/settle.ts';
import { isoNow } from '../kernel/run.ts';
import { goOn } from '../repair/visit.ts';
import { qualityDesk } from './product-owner.ts';

/** The input of an effect check: the action that a cycle of a report put in place, and when its effect is due to be judged. */
export interface OpenedEffectCheck extends Opened<DefectReportPlan> {
  actionCode: string;
  checkAt: string;
}

/** Effect check, N23: N days after a corrective action was in place, failures of treated units are compared with those of prior ones.
 *  Endings: effective | failed | notCompared, when a supervisor goes on without. A failed one begins the report's next cycle, unless another report is at it already. */
export async function effectCheck(opened: OpenedEffectCheck): Promise<Settled> {
  const file = openCheckFile(opened);

  return settle(file, {
    undos: {},
    finish: async (kind, outcome) => file.end(kind, outcome),
    work: async () => {
      say(file, 'effectCheckPlanned', { checkAt: opened.checkAt });
      await file.sleepUntil(opened.checkAt, 'effect check');
      const check = await compare(file);
      if (!check) return 'notCompared';
      announce(file, check);
      if (check.effective) return 'effective';

      await noteOnSources(file, check);
      await startNextCycle(file, check);
      return 'failed';
    },
  });
}

interface CheckFile extends CaseFile<never, DefectReportPlan> {
  opened: OpenedEffectCheck;
}

/** It can't be called off: it is what the closed report promised. */
function openCheckFile(opened: OpenedEffectCheck): CheckFile {
  if (Number.isNaN(Date.parse(opened?.checkAt)))
    throw ApplicationFailure.nonRetryable('not an opened effect check', 'invalidInput');
  const file: CaseFile<never, DefectReportPlan> = openFile(effectCheckFlow, opened, {
    name: `effectCheck${opened.cycle}`,
    begun: { status: 'inProgress' },
    mayCancel: () => false,
  });
  return Object.assign(file, { opened });
}

/** A line on the report's timeline. */
const say = ({ report, opened }: CheckFile, kind: string, detail: Record<string, unknown>) =>
  report({ kind, subject: opened.actionCode, detail });

const compare = ({ opened, plan, call }: CheckFile): Promise<EffectCheck | null> =>
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
    { without: { give: null } },
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

/** The row stands in it already, and is started by the sweeper when this is gone on without; another report that is at it leaves none
 *  to start. */
async function startNextCycle({ call }: CheckFile, { nextCycle }: EffectCheck): Promise<void> {
  if (nextCycle === null) return;
  await call('cases', 'startCycle', { cycle: nextCycle }, `start cycle ${nextCycle}`, goOn);
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
    { without: { give: [] } },
  );
