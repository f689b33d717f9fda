/** The catalogue of workflows, and the bundle's entry. */

export { defectReport } from './defect-report.ts';
export { effectCheck } from './effect-check.ts';
export { emergencyResponse } from './emergency-response.ts';
export { inWarrantyRepair } from './in-warranty-repair.ts';
export { inspectionOccurrence } from './inspection-occurrence.ts';
export { outOfWarrantyRepair } from './out-of-warranty-repair.ts';
export { partsLoan } from './parts-loan.ts';
export { scheduledInspection } from './scheduled-inspection.ts';
