/** The flows that the door opens, a line each, under their names. Free of zod. */

export { defectReportFlow as defectReport } from './defect-report/flow.ts';
export { emergencyResponseFlow as emergencyResponse } from './emergency-response/flow.ts';
export { inWarrantyRepairFlow as inWarrantyRepair } from './in-warranty-repair/flow.ts';
export { outOfWarrantyRepairFlow as outOfWarrantyRepair } from './out-of-warranty-repair/flow.ts';
export { scheduledInspectionFlow as scheduledInspection } from './scheduled-inspection/flow.ts';
