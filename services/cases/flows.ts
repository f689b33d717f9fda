/** What each flow is promised by, a line each, under the flow's name. */

export { defectReport } from './facts-defect-report.ts';
export { outOfWarrantyRepair } from './facts-out-of-warranty-repair.ts';
export { emergencyResponse, inWarrantyRepair } from './facts-repair.ts';
export { scheduledInspection } from './facts-scheduled-inspection.ts';
