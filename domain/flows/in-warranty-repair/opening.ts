import { z } from 'zod';
import { repairOpening } from '../../values.ts';

/** `POST /v1/cases` for an in-warranty repair (FLOW-INTAKE inputs). */
export const openInWarrantyRepair = z.strictObject({
  flow: z.literal('inWarrantyRepair').optional(),
  class: z.literal('repair').optional(),
  ...repairOpening,
});
export type OpenInWarrantyRepair = z.infer<typeof openInWarrantyRepair>;

/** Requests that open the flow; the first leads down the longest documented path. */
export const openExamples: OpenInWarrantyRepair[] = [
  {
    flow: 'inWarrantyRepair',
    customerNumber: 'CU-1001',
    serialNumber: 'ZE230E-000117',
    channel: 'phone',
    contact: { name: 'Li Wei', phone: '+86 139 0000 1001' },
    fault: {
      code: 'HYD-PUMP-LOSS',
      description: 'The excavator loses hydraulic pressure under load.',
      impactScope: 'machineDown',
    },
    severity: 'high',
  },
];
