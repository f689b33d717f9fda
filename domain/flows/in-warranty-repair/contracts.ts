import { z } from 'zod';
import {
  channel,
  contact,
  customerNumber,
  fault,
  reason,
  serialNumber,
  severity,
} from '../../values.ts';

/** `POST /v1/cases` for an in-warranty repair (FLOW-INTAKE inputs). */
export const openInWarrantyRepair = z.strictObject({
  flow: z.literal('inWarrantyRepair').optional(),
  class: z.literal('repair').optional(),
  customerNumber,
  serialNumber,
  channel,
  contact,
  fault,
  severity: severity.optional(),
  allowDuplicate: z.strictObject({ reason }).optional(),
  overrideEntitlement: z.strictObject({ reason }).optional(),
});
export type OpenInWarrantyRepair = z.infer<typeof openInWarrantyRepair>;
