/** Emergency response (FLOW-EMER with FLOW-TS, FLOW-DRILL): its stages in the order of the documented process. Free of zod. */
import { stopsBusiness } from '../../routing.ts';
import { defineFlow, type OutcomeOf, type StagesOf } from '../define.ts';
import { stages } from '../repair/stages.ts';
import { repairTasks } from '../repair/tasks.ts';
import { tasks } from './tasks.ts';

export const emergencyResponseFlow = defineFlow({
  name: 'emergencyResponse',
  title: { en: 'Emergency response', zh: '应急响应' },
  class: 'emergency',
  tasks: { ...repairTasks, ...tasks },
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
  outcomes: ['restored', 'restoredRemotely', 'notCovered', 'endedUnsatisfied', 'drillCompleted'],
  accepts: (facts) => {
    if (stopsBusiness(facts)) return ['severity critical: the customer’s business stands still'];
    return facts.class === 'emergency' ? [] : null;
  },
});

export type EmergencyStage = StagesOf<typeof emergencyResponseFlow>;
export type EmergencyOutcome = OutcomeOf<typeof emergencyResponseFlow>;
