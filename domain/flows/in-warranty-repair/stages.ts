/** In-warranty repair (FLOW-IW): its stages in the order of the documented process, and the tasks that stand in each. Free of zod. */
import type { FlowShape } from '../../flow.ts';

export const inWarrantyRepairFlow = {
  name: 'inWarrantyRepair',
  title: { en: 'In-warranty repair', zh: '三包期内维修' },
  stages: [
    {
      name: 'phoneTriage',
      title: { en: 'Judging the fault by phone', zh: '电话判断故障' },
      tasks: ['reportPhoneTriage'],
      leadsTo: ['guidingReplacement', 'borrowingParts', 'arrangingVisit', 'verifying'],
    },
    {
      name: 'guidingReplacement',
      title: { en: 'Guiding the customer by phone', zh: '电话指导更换' },
      tasks: ['reportGuidedReplacement'],
      leadsTo: ['borrowingParts', 'arrangingVisit', 'writingRecord'],
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
      leadsTo: ['repairing', 'writingRecord'],
    },
    {
      name: 'repairing',
      title: { en: 'Repair or replacement', zh: '维修或更换' },
      tasks: ['adviseReplacement', 'reportRepair', 'planEscalation'],
      leadsTo: ['checkingMachine', 'borrowingParts', 'arrangingVisit'],
    },
    {
      name: 'checkingMachine',
      title: { en: 'Whole-machine check', zh: '主机全面检查' },
      tasks: ['reportMachineCheck'],
      leadsTo: ['writingRecord', 'diagnosing'],
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
      leadsTo: ['returningParts', 'verifying', 'furtherService'],
    },
    {
      name: 'returningParts',
      title: { en: 'Old parts in, loan cleared', zh: '交回旧件，解除借件' },
      tasks: ['reportReturn', 'receiveOldParts'],
      leadsTo: ['verifying', 'filing'],
    },
    {
      name: 'verifying',
      title: { en: 'Callback', zh: '回访' },
      tasks: ['recordCallback'],
      leadsTo: ['furtherService', 'filing'],
    },
    {
      name: 'furtherService',
      title: { en: 'Further service until satisfied', zh: '继续服务至满意' },
      tasks: ['planFurtherService', 'decideFurtherService'],
      leadsTo: ['borrowingParts', 'arrangingVisit', 'returningParts', 'filing'],
    },
    { name: 'filing', title: { en: 'Knowledge entry and archive', zh: '归档' }, tasks: [] },
  ],
} as const satisfies FlowShape;

export type RepairStage = (typeof inWarrantyRepairFlow)['stages'][number]['name'];
/** How it can end, beside `canceled` and `closedBySupervisor`. */
export type RepairOutcome = 'repaired' | 'repairedByPhone' | 'notCovered' | 'endedUnsatisfied';
