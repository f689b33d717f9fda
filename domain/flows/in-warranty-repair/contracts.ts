import { repairAnswers } from '../repair/contracts.ts';
import { openExamples, openInWarrantyRepair } from './opening.ts';

/** What the door asks for in an in-warranty repair. */
export const contracts = {
  opening: openInWarrantyRepair,
  examples: openExamples,
  answers: repairAnswers,
};
