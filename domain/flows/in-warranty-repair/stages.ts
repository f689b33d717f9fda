/** In-warranty repair (FLOW-IW): its stages in the order of the documented process, and the tasks that stand in each. Free of zod. */
import type { FlowShape } from '../../flow.ts';
import { stages } from '../shared/stages.ts';

export const inWarrantyRepairFlow = {
  name: 'inWarrantyRepair',
  title: { en: 'In-warranty repair', zh: '三包期内维修' },
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
} as const satisfies FlowShape;

export type RepairStage = (typeof inWarrantyRepairFlow)['stages'][number]['name'];
/** How it can end, beside `canceled` and `closedBySupervisor`. */
export type RepairOutcome = 'repaired' | 'repairedByPhone' | 'notCovered' | 'endedUnsatisfied';
