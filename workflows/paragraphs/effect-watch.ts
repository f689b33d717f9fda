/** A corrective action is in place: from then on its effect is watched, by a workflow that outlives the report. */
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { DefectReportPlan } from '../../domain/flows/defect-report/plan.ts';
import type { effectCheck, OpenedEffectCheck } from '../effect-check.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import { recall } from '../kernel/work-file.ts';
import { searchAttributes } from '../search-attributes.ts';

/** What is in place since when; `treatedSerials` null: on every unit of the affected models. */
export interface ActionInPlace {
  actionCode: string;
  affectedModels: string[];
  treatedSerials: string[] | null;
  inPlaceAt: string;
}

type Watched = CaseFile<'filing', DefectReportPlan>;

/** Registers the action, and starts the check that is due N days after it was in place (N23). */
export async function watchEffect(file: Watched, action: ActionInPlace): Promise<void> {
  const { productModel, faultCode, effectCheckAfterMs } = file.plan;
  const { cycle } = file.work.identity;
  const checkAt = new Date(Date.parse(action.inPlaceAt) + effectCheckAfterMs).toISOString();
  await file.call(
    'defects',
    'registerAction',
    { cycle, productModel, faultCode, ...action, checkAt },
    `register ${action.actionCode}`,
  );
  file.know({ effectCheck: { state: 'waiting', checkAt } });
  await recall(file.work, 'startEffectCheck', () => start(file, action.actionCode, checkAt));
}

async function start(file: Watched, actionCode: string, checkAt: string): Promise<void> {
  const { caseNumber, plan, work } = file;
  const { cycle } = work.identity;
  const opened: OpenedEffectCheck = { caseNumber, cycle, actionCode, checkAt, plan };
  await startChild<typeof effectCheck>('effectCheck', {
    workflowId: `${workflowInfo().workflowId}/effectCheck${cycle}`,
    args: [opened],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    staticSummary: `effect of ${actionCode}, ${caseNumber}: checked at ${checkAt}`,
    typedSearchAttributes: [
      { key: searchAttributes.flow, value: 'effectCheck' },
      { key: searchAttributes.territory, value: plan.territory },
    ],
  });
}
