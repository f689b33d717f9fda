/** The flows that only a case opens, a line each, under their names. Free of zod. */

export { effectCheckFlow as effectCheck } from './defect-report/effect-check.ts';
export { partsLoanFlow as partsLoan } from './parts-loan/flow.ts';
