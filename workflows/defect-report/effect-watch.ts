/** A corrective action is in place: from then on its effect is watched, by a workflow that outlives the report. */
import type { DefectReportPlan } from '../../domain/flows/defect-report/plan.ts';
import type { CaseFile } from '../case-file/index.ts';
import { searchAttributes } from '../wire.ts';
import type { OpenedEffectCheck } from './effect-check.ts';

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
  const { cycle } = file;
  const checkAt = new Date(Date.parse(action.inPlaceAt) + effectCheckAfterMs).toISOString();
  const registered = await file.call(
    'defects',
    'registerAction',
    { cycle, productModel, faultCode, ...action, checkAt },
    `register ${action.actionCode}`,
    { without: { give: 'not registered' as const } },
  );
  if (registered === 'not registered') return; // there is nothing to judge the effect by
  file.know({ effectCheck: { state: 'waiting', checkAt } });
  await start(file, action.actionCode, checkAt);
}

function start(file: Watched, actionCode: string, checkAt: string): Promise<void> {
  const { caseNumber, cycle, plan, openedAt } = file;
  const input: OpenedEffectCheck = { caseNumber, cycle, openedAt, actionCode, checkAt, plan };
  return file.startChild('effectCheck', {
    name: `effectCheck${cycle}`,
    flow: 'effectCheck',
    input,
    summary: `effect of ${actionCode}, ${caseNumber}: checked at ${checkAt}`,
    attributes: [
      { key: searchAttributes.flow, value: 'effectCheck' },
      { key: searchAttributes.territory, value: plan.territory },
    ],
  });
}
