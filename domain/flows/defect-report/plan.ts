import { milliseconds } from '../../duration.ts';
import {
  type CasePlan,
  type Opening,
  type Planned,
  promisesOf,
  type TrendPlan,
  trendOf,
} from '../../plan.ts';
import type { Policy } from '../../policy.ts';
import { defectKey } from '../../recurrence.ts';
import { defectReportFlow } from './flow.ts';
import type { OpenDefectReport } from './opening.ts';

/** What the door gathers before a defect report is promised. */
export interface DefectFacts {
  model: { productModel: string; productClass: string };
  policy: Policy;
}

export interface DefectReportPlan extends CasePlan {
  productModel: string;
  faultCode: string;
  affectedSerials: string[];
  trend: TrendPlan;
  /** Milliseconds after which the owner of an open step is reminded, ascending. */
  ownerRemindersMs: number[];
  /** When a corrective action is due unless its proposal says otherwise. */
  actionWithinMs: number;
  /** How long before that its owner is reminded. */
  actionReminderMs: number;
  /** From the moment that the action was in place. */
  effectCheckAfterMs: number;
  effectAtMostPercent: number;
}

/** A defect is nobody's territory: its owner sits at headquarters. */
const headquarters = 'headquarters';

/** Every promise of a defect report. It runs on reminders, not on the clocks of a repair. */
export function planDefectReport(
  { request, because, source }: Opening<OpenDefectReport>,
  { model, policy }: DefectFacts,
): Planned<DefectReportPlan> {
  const { fault, severity = 'medium', affectedSerials = [] } = request;
  const { kind, caseNumber = null } = request.source;
  return {
    plan: {
      class: defectReportFlow.class,
      ...promisesOf(policy, severity),
      clocks: [],
      severity,
      channel: 'internal',
      customerNumber: null,
      serialNumber: null,
      ...model,
      territory: headquarters,
      faultCode: fault.code,
      entitlement: null,
      routing: { flow: defectReportFlow.name, because },
      source: source ?? { kind, caseNumber },
      twinKey: defectKey(model.productModel, fault.code),
      drill: false,
      affectedSerials,
      trend: trendOf(policy.body),
      ...patienceOf(policy),
    },
  };
}

function patienceOf({ body: { defect } }: Policy) {
  return {
    ownerRemindersMs: defect.ownerReminders.map(milliseconds),
    actionWithinMs: milliseconds(defect.actionWithin),
    actionReminderMs: milliseconds(defect.actionReminder),
    effectCheckAfterMs: milliseconds(defect.effectCheckAfter),
    effectAtMostPercent: defect.effectAtMostPercent,
  };
}
