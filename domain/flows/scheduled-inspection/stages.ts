/** Scheduled inspection (FLOW-INSP): its stages in the order of the documented process. Free of zod. */
import type { Role } from '../../case.ts';
import type { FlowShape, Title } from '../../flow.ts';

export const scheduledInspectionFlow = {
  name: 'scheduledInspection',
  title: { en: 'Scheduled inspection', zh: '定期检修' },
  stages: [
    {
      name: 'planningRound',
      title: { en: 'Planning the round', zh: '制定巡检计划' },
      tasks: ['planRound'],
      leadsTo: ['planningRound', 'inspecting'],
    },
    {
      name: 'inspecting',
      title: { en: 'Inspection and attendance call', zh: '巡检与到岗回访' },
      tasks: ['recordAttendance', 'fileEarlyForm', 'fileMiddleForm', 'fileLateForm'],
      leadsTo: ['planningRound', 'analysing'],
    },
    {
      name: 'analysing',
      title: { en: 'Analysis of the findings', zh: '巡检信息分析' },
      tasks: ['analyseFindings'],
    },
    {
      name: 'dispatchingFindings',
      title: { en: 'Findings handed on', zh: '问题派单' },
      tasks: [],
    },
    {
      name: 'reporting',
      title: { en: 'Report to the leaders and their decision', zh: '上报领导与决策' },
      tasks: ['decideCauses'],
    },
    { name: 'filing', title: { en: 'Forms filed', zh: '归档' }, tasks: [] },
  ],
} as const satisfies FlowShape;

export type InspectionStage = (typeof scheduledInspectionFlow)['stages'][number]['name'];
/** How it can end, beside `canceled` and `closedBySupervisor`. */
export type InspectionOutcome = 'inspected';

/** Which role answers its own tasks. Who plans rounds is not stated: the engineer who makes the weekly plans (R71). */
export const roles = {
  planRound: 'support',
  recordAttendance: 'hotline',
  fileEarlyForm: 'engineer',
  fileMiddleForm: 'engineer',
  fileLateForm: 'engineer',
  analyseFindings: 'support',
  decideCauses: 'manager',
} as const satisfies Record<string, Role>;

export const titles: Record<keyof typeof roles, Title> = {
  planRound: { en: 'Plan the round', zh: '制定巡检计划' },
  recordAttendance: { en: 'Call to check the inspector’s attendance', zh: '电话查岗' },
  fileEarlyForm: { en: 'File the early-phase form', zh: '填写前期巡检表' },
  fileMiddleForm: { en: 'File the middle-phase form', zh: '填写中期巡检表' },
  fileLateForm: { en: 'File the late-phase form', zh: '填写后期巡检表' },
  analyseFindings: { en: 'Analyse the findings', zh: '分析巡检信息' },
  decideCauses: { en: 'Decide on fault-prone equipment', zh: '易损设备原因决策' },
};
