import type { Examples } from '../../tasks.ts';
import type { OpenDefectReport } from './contracts.ts';
import type { roles } from './stages.ts';

/** Requests that open the flow; the first leads down the longest documented path. */
export const openExamples: OpenDefectReport[] = [
  {
    flow: 'defectReport',
    productModel: 'NET-SW48',
    fault: {
      code: 'NET-PSU-HUM',
      description: 'Teachers of two schools report a hum before the switch fails.',
    },
    severity: 'medium',
    source: { kind: 'suggestion' },
    affectedSerials: ['NET-SCH-0011', 'NET-SCH-0012'],
  },
];

const treated = ['NET-SCH-0011', 'NET-SCH-0012'];

/** Answers that lead to a corrective action in place. */
export const examples: Examples<keyof typeof roles> = {
  fileFaultAnalysis: () => ({
    failureModeCode: 'PSU-CAP-AGED',
    occurrences: 3,
    conditions: 'Unventilated cabinet, above 35 °C for weeks.',
    evidence: 'Two supplies opened: bulging capacitors beside the transformer.',
  }),
  verifyDefect: () => ({
    result: 'verified',
    grade: 'major',
    findings: 'Reproduced in the climate chamber after 40 hours.',
  }),
  acknowledgeDefect: () => ({ owner: 'ST-07' }),
  reportRootCause: () => ({
    causeCode: 'CAP-UNDERRATED',
    origin: 'design',
    determination: 'The capacitor is rated for 85 °C; its place reaches 92 °C.',
  }),
  proposeAction: ({ productModel = 'NET-SW48', affectedSerials = treated, proposedDueAt }) => ({
    actionCode: 'PSU-REV-B',
    ...(proposedDueAt === undefined ? {} : { dueAt: proposedDueAt }),
    affectedModels: [productModel],
    treats: affectedSerials.length > 0 ? 'listedUnits' : 'allUnits',
    treatedSerials: affectedSerials,
    description: 'Power supply of revision B, with capacitors for 105 °C.',
  }),
  approveAction: () => ({ approved: true, reason: 'Cause proven, cost in proportion.' }),
  reportActionInPlace: ({ treatedSerials = treated }) => ({
    treatedSerials,
    evidence: 'Revision B fitted in both schools; production changed over.',
  }),
};
