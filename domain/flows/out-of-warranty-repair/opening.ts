import { z } from 'zod';
import { personal, repairOpening } from '../../values.ts';

/** `POST /v1/cases` for a repair that the customer or a maintenance contract pays. */
export const openOutOfWarrantyRepair = z.strictObject({
  flow: z.literal('outOfWarrantyRepair').optional(),
  class: z.literal('repair').optional(),
  ...repairOpening,
  /** Asks that the customer gets the parts free (FLOW-SPEC); a supervisor decides. */
  specialUser: z.strictObject({ reason: personal(500) }).optional(),
});
export type OpenOutOfWarrantyRepair = z.infer<typeof openOutOfWarrantyRepair>;

/** Requests that open the flow; the first leads down the longest documented path. */
export const openExamples: OpenOutOfWarrantyRepair[] = [
  {
    flow: 'outOfWarrantyRepair',
    customerNumber: 'CU-1002',
    serialNumber: 'ZE60E-000009',
    channel: 'phone',
    contact: { name: 'Zhao Gang', phone: '+86 139 0000 1002' },
    fault: {
      code: 'TRK-DRIVE-STALL',
      description: 'The left track stalls when the excavator turns.',
      impactScope: 'machineDown',
    },
    specialUser: { reason: 'Clears the road to a flooded village.' },
  },
  {
    flow: 'outOfWarrantyRepair',
    customerNumber: 'CU-1004',
    serialNumber: 'SRV-DC-0001',
    channel: 'phone',
    contact: { name: 'Tan Wei Ming', phone: '+86 139 0000 1004' },
    fault: {
      code: 'SRV-FAN-NOISE',
      description: 'One fan of the storage server grinds.',
      impactScope: 'singleFunction',
    },
  },
];
