import type { Body, Case } from './case.ts';

/** Ways off the longest path: changes to the examples. */
export const fixedByPhone: Body = { fixedByPhone: true, guideByPhone: false };
export const noPart: Body = { customerHasPart: false, guideByPhone: false };
export const nothingNeeded: Body = { ...noPart, expectedParts: [] };
export const notGuided: Body = { guideByPhone: false };
export const refusedSignature: Body = {
  signed: false,
  signedBy: undefined,
  rating: undefined,
  refusal: 'Wants to see it work first.',
};
export const pumpKit = [
  { partNumber: 'HP-PUMP-230', quantity: 1 },
  { partNumber: 'HP-SEAL-230', quantity: 2 },
];

/** A visit without parts, up to a task: the shortest way there. */
export const visitTo = (theCase: Case, name: string, changes: Record<string, Body> = {}) =>
  theCase.walkTo(name, { reportPhoneTriage: nothingNeeded, ...changes });

/** A visit with the kit on loan, up to a task. */
export const loanTo = (theCase: Case, name: string, changes: Record<string, Body> = {}) =>
  theCase.walkTo(name, { reportPhoneTriage: { ...noPart, expectedParts: pumpKit }, ...changes });
