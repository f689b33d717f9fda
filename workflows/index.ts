/** The catalogue of workflows, and the bundle's entry. */
export { inWarrantyRepair } from './in-warranty-repair.ts';
export { partsLoan } from './parts-loan.ts';
