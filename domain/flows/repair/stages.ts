/** Stages that several flows go through, with the tasks that stand in each; each flow says where they lead. Free of zod. */
import type { Stage } from '../define.ts';
import type { repairTasks } from './tasks.ts';

export const stages = {
  phoneTriage: {
    name: 'phoneTriage',
    title: { en: 'Judging the fault by phone', zh: '电话判断故障' },
    tasks: ['reportPhoneTriage'],
  },
  guidingReplacement: {
    name: 'guidingReplacement',
    title: { en: 'Guiding the customer by phone', zh: '电话指导更换' },
    tasks: ['reportGuidedReplacement'],
  },
  borrowingParts: {
    name: 'borrowingParts',
    title: { en: 'Borrowing parts', zh: '办理借件手续' },
    tasks: ['approveLoan', 'receiveShortage', 'issueParts', 'decideRejectedLoan'],
  },
  arrangingVisit: {
    name: 'arrangingVisit',
    title: { en: 'Arranging the visit', zh: '预约上门' },
    tasks: ['confirmVisit'],
  },
  departing: {
    name: 'departing',
    title: { en: 'Departure check', zh: '出发检查' },
    tasks: ['confirmDeparture'],
  },
  recordingOnSite: {
    name: 'recordingOnSite',
    title: { en: 'On-site record and safety', zh: '现场纪录与安全' },
    tasks: ['recordSiteFacts', 'confirmSafety'],
  },
  diagnosing: {
    name: 'diagnosing',
    title: { en: 'Determining the fault', zh: '故障判定' },
    tasks: ['reportDiagnosis', 'adviseDiagnosis', 'decideCoverage'],
  },
  repairing: {
    name: 'repairing',
    title: { en: 'Repair or replacement', zh: '维修或更换' },
    tasks: ['adviseReplacement', 'reportRepair', 'planEscalation'],
  },
  checkingMachine: {
    name: 'checkingMachine',
    title: { en: 'Whole-machine check', zh: '主机全面检查' },
    tasks: ['reportMachineCheck'],
  },
  writingRecord: {
    name: 'writingRecord',
    title: { en: 'Service record', zh: '填写维修记录' },
    tasks: ['writeServiceRecord'],
  },
  claimingWarranty: {
    name: 'claimingWarranty',
    title: { en: 'Warranty procedure', zh: '办理三包手续' },
    tasks: ['fileWarrantyClaim'],
  },
  signingOff: {
    name: 'signingOff',
    title: { en: 'Signature and rating', zh: '用户签字评价' },
    tasks: ['signServiceRecord', 'decideRefusedSignature'],
  },
  returningParts: {
    name: 'returningParts',
    title: { en: 'Old parts in, loan cleared', zh: '交回旧件，解除借件' },
    tasks: ['reportReturn', 'receiveOldParts'],
  },
  verifying: {
    name: 'verifying',
    title: { en: 'Callback', zh: '回访' },
    tasks: ['recordCallback'],
  },
  furtherService: {
    name: 'furtherService',
    title: { en: 'Further service until satisfied', zh: '继续服务至满意' },
    tasks: ['planFurtherService', 'decideFurtherService'],
  },
  filing: {
    name: 'filing',
    title: { en: 'Knowledge entry and archive', zh: '归档' },
    tasks: [],
  },
} as const satisfies Record<string, Stage<keyof typeof repairTasks>>;
