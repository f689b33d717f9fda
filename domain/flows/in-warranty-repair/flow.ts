/** In-warranty repair (FLOW-IW): its stages in the order of the documented process, and the tasks that stand in each. Free of zod. */
import { isOwed, isRepair } from '../../routing.ts';
import { defineFlow, type OutcomeOf, type StagesOf } from '../define.ts';
import { stages } from '../repair/stages.ts';
import { repairTasks } from '../repair/tasks.ts';

export const inWarrantyRepairFlow = defineFlow({
  name: 'inWarrantyRepair',
  title: { en: 'In-warranty repair', zh: '三包期内维修' },
  class: 'repair',
  tasks: repairTasks,
  stages: [
    {
      ...stages.phoneTriage,
      leadsTo: ['guidingReplacement', 'borrowingParts', 'arrangingVisit', 'verifying'],
    },
    {
      ...stages.guidingReplacement,
      leadsTo: ['borrowingParts', 'arrangingVisit', 'writingRecord'],
    },
    stages.borrowingParts,
    stages.arrangingVisit,
    stages.departing,
    { ...stages.recordingOnSite, leadsTo: ['diagnosing', 'arrangingVisit'] },
    { ...stages.diagnosing, leadsTo: ['repairing', 'writingRecord'] },
    { ...stages.repairing, leadsTo: ['checkingMachine', 'borrowingParts', 'arrangingVisit'] },
    { ...stages.checkingMachine, leadsTo: ['writingRecord', 'diagnosing'] },
    { ...stages.writingRecord, leadsTo: ['claimingWarranty', 'signingOff'] },
    stages.claimingWarranty,
    { ...stages.signingOff, leadsTo: ['returningParts', 'verifying', 'furtherService'] },
    { ...stages.returningParts, leadsTo: ['verifying', 'filing'] },
    { ...stages.verifying, leadsTo: ['furtherService', 'filing'] },
    {
      ...stages.furtherService,
      leadsTo: ['borrowingParts', 'arrangingVisit', 'returningParts', 'filing'],
    },
    stages.filing,
  ],
  outcomes: ['repaired', 'repairedByPhone', 'notCovered', 'endedUnsatisfied'],
  accepts: (facts) => {
    if (!isRepair(facts) || !isOwed(facts)) return null;
    return facts.arrears ? ['customer in arrears: the warranty is owed all the same'] : [];
  },
});

export type RepairStage = StagesOf<typeof inWarrantyRepairFlow>;
export type RepairOutcome = OutcomeOf<typeof inWarrantyRepairFlow>;
