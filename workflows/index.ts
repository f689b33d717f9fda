/** The catalogue of workflows, and the bundle's entry. */

export { effectCheck } from './defect-report/effect-check.ts';
export { defectReport } from './defect-report/index.ts';
export { emergencyResponse } from './emergency-response/index.ts';
export { inWarrantyRepair } from './in-warranty-repair.ts';
export { scheduleOccurrence } from './occurrence.ts';
export { outOfWarrantyRepair } from './out-of-warranty-repair/index.ts';
export { partsLoan } from './parts-loan/index.ts';
export { scheduledInspection } from './scheduled-inspection.ts';
