/** Scheduled inspection (FLOW-INSP): its stages in the order of the documented process. Free of zod. */
import { defineFlow, type OutcomeOf, type StagesOf } from '../define.ts';
import { tasks } from './tasks.ts';

export const scheduledInspectionFlow = defineFlow({
  name: 'scheduledInspection',
  title: { en: 'Scheduled inspection', zh: '定期检修' },
  class: 'inspection',
  tasks,
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
  outcomes: ['inspected'],
  accepts: ({ class: asked }) => (asked === 'inspection' ? [] : null),
});

export type InspectionStage = StagesOf<typeof scheduledInspectionFlow>;
export type InspectionOutcome = OutcomeOf<typeof scheduledInspectionFlow>;
