/** Emergency response (FLOW-EMER with FLOW-TS, FLOW-DRILL): its stages in the order of the documented process. Free of zod. */
import type { Role } from '../../case.ts';
import type { FlowShape, Title } from '../../flow.ts';

export const emergencyResponseFlow = {
  name: 'emergencyResponse',
  title: { en: 'Emergency response', zh: '应急响应' },
  stages: [
    {
      name: 'paging',
      title: { en: 'Paging who is on call', zh: '呼叫值班人员' },
      tasks: ['answerPage'],
      leadsTo: ['paging', 'firstContact'],
    },
    {
      name: 'firstContact',
      title: { en: 'First contact and first solution', zh: '首次响应与初步方案' },
      tasks: ['reportFirstContact'],
      leadsTo: ['remoteFix', 'borrowingParts', 'arrangingVisit', 'recoveringData'],
    },
    {
      name: 'remoteFix',
      title: { en: 'Remote fix', zh: '远程处理' },
      tasks: ['reportRemoteFix'],
      leadsTo: ['remoteFix', 'borrowingParts', 'arrangingVisit', 'recoveringData', 'recording'],
    },
    {
      name: 'borrowingParts',
      title: { en: 'Borrowing parts', zh: '办理借件手续' },
      tasks: ['approveLoan', 'receiveShortage', 'issueParts', 'decideRejectedLoan'],
    },
    {
      name: 'arrangingVisit',
      title: { en: 'Arranging the visit', zh: '预约上门' },
      tasks: ['confirmVisit'],
    },
    {
      name: 'departing',
      title: { en: 'Departure check', zh: '出发检查' },
      tasks: ['confirmDeparture'],
    },
    {
      name: 'recordingOnSite',
      title: { en: 'On-site record and safety', zh: '现场纪录与安全' },
      tasks: ['recordSiteFacts', 'confirmSafety'],
      leadsTo: ['diagnosing', 'arrangingVisit'],
    },
    {
      name: 'diagnosing',
      title: { en: 'Determining the fault', zh: '故障判定' },
      tasks: ['reportDiagnosis', 'adviseDiagnosis', 'decideCoverage'],
      leadsTo: ['repairing', 'recoveringData', 'writingRecord'],
    },
    {
      name: 'repairing',
      title: { en: 'Repair or part swap', zh: '维修或更换部件' },
      tasks: ['adviseReplacement', 'reportRepair', 'planEscalation'],
      leadsTo: ['checkingMachine', 'borrowingParts', 'arrangingVisit'],
    },
    {
      name: 'checkingMachine',
      title: { en: 'Whole-machine check', zh: '主机全面检查' },
      tasks: ['reportMachineCheck'],
      leadsTo: ['recoveringData', 'writingRecord', 'diagnosing'],
    },
    {
      name: 'recoveringData',
      title: { en: 'Data recovery', zh: '数据恢复' },
      tasks: ['reportDataRecovery'],
      leadsTo: ['recoveringData', 'writingRecord', 'recording'],
    },
    {
      name: 'writingRecord',
      title: { en: 'Service record', zh: '填写维修记录' },
      tasks: ['writeServiceRecord'],
      leadsTo: ['claimingWarranty', 'signingOff'],
    },
    {
      name: 'claimingWarranty',
      title: { en: 'Warranty procedure', zh: '办理三包手续' },
      tasks: ['fileWarrantyClaim'],
    },
    {
      name: 'signingOff',
      title: { en: 'Signature and rating', zh: '用户签字评价' },
      tasks: ['signServiceRecord', 'decideRefusedSignature'],
    },
    {
      name: 'recording',
      title: { en: 'Incident report and resolution', zh: '事件报告与处理记录' },
      tasks: ['writeIncidentReport'],
      leadsTo: ['returningParts', 'verifying', 'furtherService'],
    },
    {
      name: 'returningParts',
      title: { en: 'Old parts in, loan cleared', zh: '交回旧件，解除借件' },
      tasks: ['reportReturn', 'receiveOldParts'],
      leadsTo: ['verifying', 'reviewing'],
    },
    {
      name: 'verifying',
      title: { en: 'Verification by the customer', zh: '客户验证' },
      tasks: ['recordCallback'],
      leadsTo: ['followingUp', 'furtherService'],
    },
    {
      name: 'followingUp',
      title: { en: 'Follow-up', zh: '后续跟进' },
      tasks: ['recordFollowUp'],
      leadsTo: ['reviewing', 'furtherService'],
    },
    {
      name: 'furtherService',
      title: { en: 'Further service until satisfied', zh: '继续服务至满意' },
      tasks: ['planFurtherService', 'decideFurtherService'],
      leadsTo: ['borrowingParts', 'arrangingVisit', 'returningParts', 'reviewing'],
    },
    {
      name: 'reviewing',
      title: { en: 'Case review', zh: '案例复盘' },
      tasks: ['reviewEmergency'],
      leadsTo: ['scoringDrill', 'filing'],
    },
    {
      name: 'scoringDrill',
      title: { en: 'Scoring the drill', zh: '演练评分' },
      tasks: ['scoreDrill'],
    },
    { name: 'filing', title: { en: 'Knowledge entry and archive', zh: '归档' }, tasks: [] },
  ],
} as const satisfies FlowShape;

export type EmergencyStage = (typeof emergencyResponseFlow)['stages'][number]['name'];
/** How it can end, beside `canceled` and `closedBySupervisor`; a drill always ends as one. */
export type EmergencyOutcome =
  | 'restored'
  | 'restoredRemotely'
  | 'notCovered'
  | 'endedUnsatisfied'
  | 'drillCompleted';

/** Which role answers the flow's own tasks. */
export const roles = {
  answerPage: 'support',
  reportFirstContact: 'support',
  reportRemoteFix: 'support',
  reportDataRecovery: 'support',
  writeIncidentReport: 'support',
  recordFollowUp: 'hotline',
  reviewEmergency: 'quality',
  scoreDrill: 'manager',
} as const satisfies Record<string, Role>;

/** What the flow's own tasks are called. */
export const titles: Record<keyof typeof roles, Title> = {
  answerPage: { en: 'Answer the page', zh: '应答呼叫' },
  reportFirstContact: { en: 'Report the first contact', zh: '报告首次响应' },
  reportRemoteFix: { en: 'Report the remote fix', zh: '报告远程处理结果' },
  reportDataRecovery: { en: 'Report the data recovery', zh: '报告数据恢复结果' },
  writeIncidentReport: { en: 'Write the incident report', zh: '填写事件报告' },
  recordFollowUp: { en: 'Follow up with the customer', zh: '后续跟进客户' },
  reviewEmergency: { en: 'Review the emergency', zh: '应急案例复盘' },
  scoreDrill: { en: 'Score the drill', zh: '演练评分' },
};
