/** Out-of-warranty repair (FLOW-OW with FLOW-ARR, FLOW-SPEC, FLOW-CHARGE, FLOW-PF-OW): its stages in the order of the process. Free of zod. */
import type { Role } from '../../case.ts';
import type { FlowShape, Title } from '../../flow.ts';
import { stages } from '../shared/stages.ts';

export const outOfWarrantyRepairFlow = {
  name: 'outOfWarrantyRepair',
  title: { en: 'Out-of-warranty repair', zh: '三包期外维修' },
  stages: [
    {
      name: 'decidingArrears',
      title: { en: 'Deciding on a customer in arrears', zh: '欠款用户服务审批' },
      tasks: ['decideArrears'],
      leadsTo: ['decidingSpecialUser', 'phoneTriage', 'filing'],
    },
    {
      name: 'decidingSpecialUser',
      title: { en: 'Deciding on a special user', zh: '特殊用户审批' },
      tasks: ['decideSpecialUser'],
    },
    {
      ...stages.phoneTriage,
      leadsTo: ['guidingReplacement', 'quoting', 'reservingParts', 'arrangingVisit', 'verifying'],
    },
    {
      ...stages.guidingReplacement,
      leadsTo: ['quoting', 'reservingParts', 'arrangingVisit', 'writingRecord'],
    },
    {
      name: 'quoting',
      title: { en: 'Quote', zh: '报价' },
      tasks: ['prepareQuote'],
      leadsTo: ['reservingParts', 'awaitingQuote'],
    },
    {
      name: 'reservingParts',
      title: { en: 'Setting parts aside', zh: '预留配件' },
      tasks: ['receiveShortage'],
      leadsTo: ['awaitingQuote', 'issuingParts'],
    },
    {
      name: 'awaitingQuote',
      title: { en: 'The customer decides', zh: '等待用户确认报价' },
      tasks: ['recordQuoteAnswer'],
      leadsTo: [
        'quoting',
        'collectingDeposit',
        'issuingParts',
        'arrangingVisit',
        'writingRecord',
        'handlingOldParts',
        'filing',
      ],
    },
    {
      name: 'collectingDeposit',
      title: { en: 'Payment before the work', zh: '预收款' },
      tasks: ['recordDeposit'],
      leadsTo: ['issuingParts', 'arrangingVisit'],
    },
    {
      name: 'issuingParts',
      title: { en: 'Handing out the parts sold', zh: '售件出库' },
      tasks: ['handOutParts'],
    },
    stages.arrangingVisit,
    stages.departing,
    { ...stages.recordingOnSite, leadsTo: ['diagnosing', 'makingSafe', 'arrangingVisit'] },
    {
      name: 'makingSafe',
      title: { en: 'Making the machine safe, no more', zh: '仅做安全处置' },
      tasks: ['reportMadeSafe'],
      leadsTo: ['writingRecord'],
    },
    { ...stages.diagnosing, leadsTo: ['repairing', 'quoting'] },
    {
      ...stages.repairing,
      leadsTo: ['checkingMachine', 'quoting', 'reservingParts', 'arrangingVisit'],
    },
    { ...stages.checkingMachine, leadsTo: ['writingRecord', 'diagnosing'] },
    { ...stages.writingRecord, leadsTo: ['charging', 'signingOff'] },
    {
      name: 'charging',
      title: { en: 'Fee breakdown and invoice', zh: '费用明细与开票' },
      tasks: ['confirmCharges'],
    },
    {
      ...stages.signingOff,
      leadsTo: ['handlingOldParts', 'collectingPayment', 'verifying', 'furtherService', 'filing'],
    },
    {
      name: 'handlingOldParts',
      title: { en: "The customer's choice about the old parts", zh: '旧件处理' },
      tasks: ['recordOldPartChoice', 'takeInParts'],
      leadsTo: ['collectingPayment', 'verifying', 'filing'],
    },
    {
      name: 'collectingPayment',
      title: { en: 'Payment', zh: '收款' },
      tasks: ['recordPayment'],
      leadsTo: ['verifying', 'filing'],
    },
    { ...stages.verifying, leadsTo: ['furtherService', 'filing'] },
    {
      ...stages.furtherService,
      leadsTo: ['quoting', 'reservingParts', 'arrangingVisit', 'handlingOldParts', 'filing'],
    },
    stages.filing,
  ],
} as const satisfies FlowShape;

export type PaidRepairStage = (typeof outOfWarrantyRepairFlow)['stages'][number]['name'];
/** How it can end, beside `canceled` and `closedBySupervisor`. */
export type PaidRepairOutcome =
  | 'repaired'
  | 'repairedByPhone'
  | 'quoteDeclined'
  | 'quoteExpired'
  | 'serviceRefused'
  | 'madeSafe'
  | 'endedUnsatisfied';

/** Which role answers the flow's own tasks. */
export const roles = {
  decideArrears: 'supervisor',
  decideSpecialUser: 'supervisor',
  prepareQuote: 'hotline',
  recordQuoteAnswer: 'hotline',
  recordDeposit: 'hotline',
  handOutParts: 'partsKeeper',
  reportMadeSafe: 'engineer',
  confirmCharges: 'engineer',
  recordOldPartChoice: 'engineer',
  takeInParts: 'partsKeeper',
  recordPayment: 'hotline',
} as const satisfies Record<string, Role>;

/** What the flow's own tasks are called. */
export const titles: Record<keyof typeof roles, Title> = {
  decideArrears: { en: 'Decide how a customer in arrears is served', zh: '决定欠款用户的服务方式' },
  decideSpecialUser: { en: 'Decide whether parts are free', zh: '决定是否免收配件费' },
  prepareQuote: { en: 'Prepare the quote', zh: '编制报价' },
  recordQuoteAnswer: {
    en: "Record the customer's answer to the quote",
    zh: '记录用户对报价的答复',
  },
  recordDeposit: { en: 'Record the payment before the work', zh: '登记预收款' },
  handOutParts: { en: 'Hand out the parts sold', zh: '发放售件' },
  reportMadeSafe: { en: 'Report the machine made safe', zh: '报告安全处置结果' },
  confirmCharges: { en: 'Go through the charges with the customer', zh: '与用户核对费用明细' },
  recordOldPartChoice: { en: 'Ask what becomes of the old parts', zh: '询问用户旧件去留' },
  takeInParts: { en: 'Take in unused and old parts', zh: '收回未用件与旧件' },
  recordPayment: { en: 'Record the payment', zh: '登记收款' },
};
