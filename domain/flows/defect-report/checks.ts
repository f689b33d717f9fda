/** What the answers of a defect report must fulfil beyond their shape. Pure, and free of zod. */
import type { Checks } from '../../checks.ts';
import { when } from '../../problems.ts';

/** What each task carries. Numbers and codes only. */
export interface Contexts {
  fileFaultAnalysis: {
    productModel: string;
    faultCode: string;
    affectedSerials: string[];
    /** What the effect check of the cycle before found; null in the first cycle. */
    failedEffectCheck: object | null;
  };
  verifyDefect: { failureModeCode: string; occurrences: number; reportNumber: string };
  acknowledgeDefect: { grade: string };
  proposeAction: {
    causeCode: string;
    productModel: string;
    affectedSerials: string[];
    /** When the task was opened; an action is due later than that, and than the moment of the answer. */
    earliestDueAt: string;
    proposedDueAt: string;
    /** The moment of the answer: not in the task, added by whoever judges. */
    now?: string;
  };
  approveAction: { actionCode: string; dueAt: string; affectedModels: string[]; now?: string };
  reportActionInPlace: {
    actionCode: string;
    dueAt: string;
    treats: 'listedUnits' | 'allUnits';
    treatedSerials: string[];
  };
}

const unitsFit = (treats: string, serials: string[]) => [
  ...when(
    treats === 'listedUnits' && serials.length === 0,
    '/treatedSerials',
    'list at least one unit: the effect is checked on them',
  ),
  ...when(
    treats === 'allUnits' && serials.length > 0,
    '/treatedSerials',
    'none is listed when every unit is treated',
  ),
];

/** Asked at the door and again by the workflow. */
export const engineChecks: Checks = {
  verifyDefect: ({ result, grade, duplicateOf }, { reportNumber }) => [
    ...when(result === 'verified' && grade === undefined, '/grade', 'grade a verified defect'),
    ...when(
      result === 'duplicate' && duplicateOf === undefined,
      '/duplicateOf',
      'name the report that stays',
    ),
    ...when(
      duplicateOf !== undefined && duplicateOf === reportNumber,
      '/duplicateOf',
      'another report than this one',
    ),
  ],
  proposeAction: (answer, { productModel, earliestDueAt, now = earliestDueAt }) => [
    ...when(
      answer.dueAt !== undefined && Date.parse(answer.dueAt) <= Date.parse(now),
      '/dueAt',
      `lies in the past: must be later than ${now}`,
    ),
    ...when(
      productModel !== undefined && !answer.affectedModels.includes(productModel),
      '/affectedModels',
      `${productModel} is affected: it is what the report is about`,
    ),
    ...unitsFit(answer.treats, answer.treatedSerials),
  ],
  approveAction: ({ approved }, { dueAt, now = '' }) =>
    when(
      approved && Date.parse(dueAt) <= Date.parse(now),
      '/approved',
      `the action was due ${dueAt}: send it back for a later date`,
    ),
  reportActionInPlace: ({ treatedSerials }, { treats }) => unitsFit(treats, treatedSerials),
};
