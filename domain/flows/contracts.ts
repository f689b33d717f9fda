/** What the door asks for in each flow, a line each, under the flow's name. */

export { contracts as defectReport } from './defect-report/contracts.ts';
export { contracts as emergencyResponse } from './emergency-response/contracts.ts';
export { contracts as inWarrantyRepair } from './in-warranty-repair/contracts.ts';
export { contracts as outOfWarrantyRepair } from './out-of-warranty-repair/contracts.ts';
export { contracts as scheduledInspection } from './scheduled-inspection/contracts.ts';
