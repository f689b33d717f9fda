import type { Role } from './case.ts';
import type { TaskName } from './contracts.ts';

export interface Title {
  en: string;
  zh: string;
}

/** A flow as people read it: its stages in order, and the tasks that may stand open in each. */
export interface FlowShape {
  readonly name: string;
  readonly title: Title;
  readonly stages: readonly {
    readonly name: string;
    readonly title: Title;
    readonly tasks: readonly TaskName[];
  }[];
}

/** Which role answers a task: roles admit, assignees inform (api.md). */
export const taskRoles: Record<TaskName, Role> = {
  reportPhoneTriage: 'engineer',
  reportGuidedReplacement: 'engineer',
  approveLoan: 'partsKeeper',
  receiveShortage: 'partsKeeper',
  issueParts: 'partsKeeper',
  decideRejectedLoan: 'supervisor',
  confirmVisit: 'hotline',
  confirmDeparture: 'engineer',
  recordSiteFacts: 'engineer',
  confirmSafety: 'engineer',
  reportDiagnosis: 'engineer',
  adviseDiagnosis: 'support',
  decideCoverage: 'supervisor',
  adviseReplacement: 'support',
  reportRepair: 'engineer',
  planEscalation: 'support',
  reportMachineCheck: 'engineer',
  writeServiceRecord: 'engineer',
  fileWarrantyClaim: 'engineer',
  signServiceRecord: 'engineer',
  decideRefusedSignature: 'supervisor',
  reportReturn: 'partsKeeper',
  receiveOldParts: 'partsKeeper',
  recordCallback: 'hotline',
  planFurtherService: 'engineer',
  decideFurtherService: 'supervisor',
  resolveFailure: 'supervisor',
};

/** Tasks that the kernel may put before a person in any flow and at any stage. */
export const kernelTasks: readonly TaskName[] = ['resolveFailure'];

/** What a task is called where people read it. */
export const taskTitles: Record<TaskName, Title> = {
  reportPhoneTriage: { en: 'Judge the fault by phone', zh: '电话询问并判断故障' },
  reportGuidedReplacement: {
    en: 'Report the replacement guided by phone',
    zh: '报告电话指导更换结果',
  },
  approveLoan: { en: 'Approve the parts loan', zh: '审批借件' },
  receiveShortage: { en: 'Take in the missing parts', zh: '缺件到货入库' },
  issueParts: { en: 'Issue the parts', zh: '发放借件' },
  decideRejectedLoan: { en: 'Decide after a rejected loan', zh: '借件未批准的处理' },
  confirmVisit: { en: 'Agree the visit with the customer', zh: '与用户约定上门时间' },
  confirmDeparture: { en: 'Departure check', zh: '出发前检查' },
  recordSiteFacts: { en: 'Write the on-site record', zh: '填写现场纪录' },
  confirmSafety: { en: 'Confirm work clothing and power cut', zh: '确认着装并断电' },
  reportDiagnosis: { en: 'Report the fault determination', zh: '报告故障判定' },
  adviseDiagnosis: { en: 'Back up the diagnosis', zh: '后方支持故障判定' },
  decideCoverage: { en: 'Decide on a fault outside the warranty', zh: '三包外故障的处理' },
  adviseReplacement: { en: 'Back up the replacement', zh: '后方支持更换' },
  reportRepair: { en: 'Report the repair', zh: '报告维修结果' },
  planEscalation: { en: 'Plan the escalated repair', zh: '制定升级维修方案' },
  reportMachineCheck: { en: 'Check the whole machine', zh: '主机全面检查' },
  writeServiceRecord: { en: 'Write the service record', zh: '填写维修记录' },
  fileWarrantyClaim: { en: 'Complete the warranty procedure', zh: '办理三包手续' },
  signServiceRecord: { en: 'Have the service record signed and rated', zh: '用户签字并评价' },
  decideRefusedSignature: { en: 'Decide on a refused signature', zh: '用户拒签的处理' },
  reportReturn: {
    en: 'Take back old parts and slip, clear the loan',
    zh: '收回旧件与三包单，解除借件',
  },
  receiveOldParts: { en: 'Take in the old parts and the slip', zh: '收取旧件与三包单' },
  recordCallback: { en: 'Call the customer back', zh: '电话回访' },
  planFurtherService: { en: 'Plan further service', zh: '制定继续服务方案' },
  decideFurtherService: { en: 'Decide whether to serve on', zh: '决定是否继续服务' },
  resolveFailure: { en: 'Settle a refused step', zh: '处理被拒步骤' },
};
