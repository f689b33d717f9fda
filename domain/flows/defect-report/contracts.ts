/** What the tasks of a defect report ask for. */
import { z } from 'zod';
import {
  caseNumber,
  code,
  instant,
  personal,
  productModel,
  reason,
  serialNumber,
  staffNumber,
} from '../../values.ts';
import { defineAnswer } from '../define.ts';
import { openDefectReport, openExamples } from './opening.ts';

const serials = z.array(serialNumber).max(500);

const treated = ['NET-SCH-0011', 'NET-SCH-0012'];

/** Answers by task name; the examples lead to a corrective action in place. */
export const answers = {
  /** The fault-analysis form (004 2.4). */
  fileFaultAnalysis: defineAnswer(
    z.strictObject({
      failureModeCode: code,
      occurrences: z.int().min(1).max(99_999),
      conditions: personal(2000),
      evidence: personal(4000),
    }),
  ).example<{
    productModel: string;
    faultCode: string;
    affectedSerials: string[];
    /** What the effect check of the cycle before found; null in the first cycle. */
    failedEffectCheck: object | null;
  }>(() => ({
    failureModeCode: 'PSU-CAP-AGED',
    occurrences: 3,
    conditions: 'Unventilated cabinet, above 35 °C for weeks.',
    evidence: 'Two supplies opened: bulging capacitors beside the transformer.',
  })),
  verifyDefect: defineAnswer(
    z.strictObject({
      result: z.enum(['verified', 'notReproduced', 'duplicate']),
      /** Of a verified defect. */
      grade: z.enum(['critical', 'major', 'minor']).optional(),
      duplicateOf: caseNumber.optional(),
      findings: personal(2000),
    }),
  ).example<{
    failureModeCode: string;
    occurrences: number;
    reportNumber: string;
  }>(() => ({
    result: 'verified',
    grade: 'major',
    findings: 'Reproduced in the climate chamber after 40 hours.',
  })),
  acknowledgeDefect: defineAnswer(
    z.strictObject({ owner: staffNumber, remark: personal(500).optional() }),
  ).example<{ grade: string }>(() => ({ owner: 'ST-07' })),
  reportRootCause: defineAnswer(
    z.strictObject({
      causeCode: code,
      origin: z.enum(['design', 'production', 'process', 'supply', 'operation']),
      determination: personal(4000),
    }),
  ).example(() => ({
    causeCode: 'CAP-UNDERRATED',
    origin: 'design',
    determination: 'The capacitor is rated for 85 °C; its place reaches 92 °C.',
  })),
  proposeAction: defineAnswer(
    z.strictObject({
      actionCode: code,
      /** The policy's target when left out. */
      dueAt: instant.optional(),
      affectedModels: z.array(productModel).min(1).max(20),
      /** Which units get it: those listed, or every unit of the affected models. */
      treats: z.enum(['listedUnits', 'allUnits']),
      treatedSerials: serials,
      description: personal(4000),
    }),
  ).example<{
    causeCode: string;
    productModel: string;
    affectedSerials: string[];
    /** When the task was opened; an action is due later than that, and than the moment of the answer. */
    earliestDueAt: string;
    proposedDueAt: string;
    /** The moment of the answer: not in the task, added by whoever judges. */
    now?: string;
  }>(({ productModel = 'NET-SW48', affectedSerials = treated, proposedDueAt }) => ({
    actionCode: 'PSU-REV-B',
    ...(proposedDueAt === undefined ? {} : { dueAt: proposedDueAt }),
    affectedModels: [productModel],
    treats: affectedSerials.length > 0 ? 'listedUnits' : 'allUnits',
    treatedSerials: affectedSerials,
    description: 'Power supply of revision B, with capacitors for 105 °C.',
  })),
  approveAction: defineAnswer(z.strictObject({ approved: z.boolean(), reason })).example<{
    actionCode: string;
    dueAt: string;
    affectedModels: string[];
    now?: string;
  }>(() => ({ approved: true, reason: 'Cause proven, cost in proportion.' })),
  reportActionInPlace: defineAnswer(
    z.strictObject({
      /** The listed units that have it now; none when every unit has. */
      treatedSerials: serials,
      evidence: personal(4000),
    }),
  ).example<{
    actionCode: string;
    dueAt: string;
    treats: 'listedUnits' | 'allUnits';
    treatedSerials: string[];
  }>(({ treatedSerials = treated }) => ({
    treatedSerials,
    evidence: 'Revision B fitted in both schools; production changed over.',
  })),
};

/** What the door asks for in a defect report. */
export const contracts = {
  opening: openDefectReport,
  examples: openExamples,
  answers: { ...answers },
};
