/** Product defect report (FLOW-DEF, FLOW-FRACAS): its stages in order, and the tasks that stand in each. Free of zod. */
import type { Role } from '../../case.ts';
import type { FlowShape, Title } from '../../flow.ts';

export const defectReportFlow = {
  name: 'defectReport',
  title: { en: 'Product defect report', zh: '产品缺陷报告' },
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
} as const satisfies FlowShape;

export type DefectStage = (typeof defectReportFlow)['stages'][number]['name'];
/** How it can end, beside `canceled` and `closedBySupervisor`. */
export type DefectOutcome = 'correctiveActionInPlace' | 'notReproduced' | 'withdrawnAsDuplicate';

/** Which role answers: `support` analyses, `quality` owns the product, the supervisor is the review board. */
export const roles = {
  fileFaultAnalysis: 'support',
  verifyDefect: 'quality',
  acknowledgeDefect: 'quality',
  reportRootCause: 'quality',
  proposeAction: 'quality',
  approveAction: 'supervisor',
  reportActionInPlace: 'quality',
} as const satisfies Record<string, Role>;

/** What a task is called where people read it. */
export const titles: Record<keyof typeof roles, Title> = {
  fileFaultAnalysis: { en: 'File the fault-analysis form', zh: '填写故障分析表' },
  verifyDefect: { en: 'Verify and grade the defect', zh: '核实缺陷并定级' },
  acknowledgeDefect: { en: 'Acknowledge the defect, name its owner', zh: '确认缺陷并指定责任人' },
  reportRootCause: { en: 'Report the root cause', zh: '报告根本原因' },
  proposeAction: { en: 'Propose a corrective action', zh: '提出纠正措施' },
  approveAction: { en: 'Approve the corrective action', zh: '审批纠正措施' },
  reportActionInPlace: { en: 'Report the action in place', zh: '报告措施已落实' },
};
