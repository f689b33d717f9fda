/** Product defect report (FLOW-DEF, FLOW-FRACAS): its stages in order, and the tasks that stand in each. Free of zod. */
import { defineFlow, type OutcomeOf, type StagesOf } from '../define.ts';
import { tasks } from './tasks.ts';

export const defectReportFlow = defineFlow({
  name: 'defectReport',
  title: { en: 'Product defect report', zh: '产品缺陷报告' },
  class: 'defect',
  tasks,
  stages: [
    {
      name: 'analysing',
      title: { en: 'Fault analysis', zh: '故障分析' },
      tasks: ['fileFaultAnalysis'],
    },
    {
      name: 'verifyingDefect',
      title: { en: 'Verifying and grading the defect', zh: '缺陷核实与定级' },
      tasks: ['verifyDefect'],
      leadsTo: ['acknowledging', 'informing'],
    },
    {
      name: 'acknowledging',
      title: { en: 'Acknowledgement by the product owner', zh: '产品责任人确认' },
      tasks: ['acknowledgeDefect'],
    },
    {
      name: 'findingRootCause',
      title: { en: 'Finding the root cause', zh: '查明根本原因' },
      tasks: ['reportRootCause'],
    },
    {
      name: 'proposingAction',
      title: { en: 'Proposing the corrective action', zh: '提出纠正措施' },
      tasks: ['proposeAction'],
    },
    {
      name: 'approvingAction',
      title: { en: 'Review board', zh: '评审纠正措施' },
      tasks: ['approveAction'],
      leadsTo: ['implementing', 'proposingAction'],
    },
    {
      name: 'implementing',
      title: { en: 'Putting the action in place', zh: '落实纠正措施' },
      tasks: ['reportActionInPlace'],
    },
    { name: 'informing', title: { en: 'Informing the sources', zh: '反馈来源' }, tasks: [] },
    { name: 'filing', title: { en: 'Knowledge entry and archive', zh: '归档' }, tasks: [] },
  ],
  outcomes: ['correctiveActionInPlace', 'notReproduced', 'withdrawnAsDuplicate'],
  accepts: ({ class: asked }) => (asked === 'defect' ? [] : null),
});

export type DefectStage = StagesOf<typeof defectReportFlow>;
export type DefectOutcome = OutcomeOf<typeof defectReportFlow>;
