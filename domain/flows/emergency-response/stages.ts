/** Emergency response (FLOW-EMER with FLOW-TS, FLOW-DRILL): its stages in the order of the documented process. Free of zod. */
import type { Role } from '../../case.ts';
import type { FlowShape, Title } from '../../flow.ts';
import { stages } from '../shared/stages.ts';

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
    stages.borrowingParts,
    stages.arrangingVisit,
    stages.departing,
    { ...stages.recordingOnSite, leadsTo: ['diagnosing', 'arrangingVisit'] },
    { ...stages.diagnosing, leadsTo: ['repairing', 'recoveringData', 'writingRecord'] },
    {
      ...stages.repairing,
      title: { en: 'Repair or part swap', zh: '维修或更换部件' },
      leadsTo: ['checkingMachine', 'borrowingParts', 'arrangingVisit'],
    },
    { ...stages.checkingMachine, leadsTo: ['recoveringData', 'writingRecord', 'diagnosing'] },
    {
      name: 'recoveringData',
      title: { en: 'Data recovery', zh: '数据恢复' },
      tasks: ['reportDataRecovery'],
      leadsTo: ['recoveringData', 'writingRecord', 'recording'],
    },
    { ...stages.writingRecord, leadsTo: ['claimingWarranty', 'signingOff'] },
    stages.claimingWarranty,
    stages.signingOff,
    {
      name: 'recording',
      title: { en: 'Incident report and resolution', zh: '事件报告与处理记录' },
      tasks: ['writeIncidentReport'],
      leadsTo: ['returningParts', 'verifying', 'furtherService'],
    },
    { ...stages.returningParts, leadsTo: ['verifying', 'reviewing'] },
    {
      ...stages.verifying,
      title: { en: 'Verification by the customer', zh: '客户验证' },
      leadsTo: ['followingUp', 'furtherService'],
    },
    {
      name: 'followingUp',
      title: { en: 'Follow-up', zh: '后续跟进' },
      tasks: ['recordFollowUp'],
      leadsTo: ['reviewing', 'furtherService'],
    },
    {
      ...stages.furtherService,
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
    stages.filing,
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
