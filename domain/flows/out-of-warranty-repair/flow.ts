/** Out-of-warranty repair (FLOW-OW with FLOW-ARR, FLOW-SPEC, FLOW-CHARGE, FLOW-PF-OW): its stages in the order of the process. Free of zod. */
import { isOwed, isRepair } from '../../routing.ts';
import { defineFlow, type OutcomeOf, type StagesOf } from '../define.ts';
import { stages } from '../repair/stages.ts';
import { repairTasks } from '../repair/tasks.ts';
import { tasks } from './tasks.ts';

export const outOfWarrantyRepairFlow = defineFlow({
  name: 'outOfWarrantyRepair',
  title: { en: 'Out-of-warranty repair', zh: '三包期外维修' },
  class: 'repair',
  tasks: { ...repairTasks, ...tasks },
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
      leadsTo: ['awaitingQuote', 'handingOutParts'],
    },
    {
      name: 'awaitingQuote',
      title: { en: 'The customer decides', zh: '等待用户确认报价' },
      tasks: ['recordQuoteAnswer'],
      leadsTo: [
        'quoting',
        'collectingDeposit',
        'handingOutParts',
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
      leadsTo: ['handingOutParts', 'arrangingVisit'],
    },
    {
      name: 'handingOutParts',
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
  outcomes: [
    'repaired',
    'repairedByPhone',
    'quoteDeclined',
    'quoteExpired',
    'serviceRefused',
    'madeSafe',
    'endedUnsatisfied',
  ],
  accepts: (facts) => {
    if (!isRepair(facts) || isOwed(facts)) return null;
    const isContract = facts.verdict === 'contract';
    return [isContract ? 'a maintenance contract runs' : 'not in warranty: quoted'];
  },
});

export type PaidRepairStage = StagesOf<typeof outOfWarrantyRepairFlow>;
export type PaidRepairOutcome = OutcomeOf<typeof outOfWarrantyRepairFlow>;
