import { z } from 'zod';
import { repairOpening } from '../../values.ts';

/** `POST /v1/cases` for an in-warranty repair (FLOW-INTAKE inputs). */
export const openInWarrantyRepair = z.strictObject({
  flow: z.literal('inWarrantyRepair').optional(),
  class: z.literal('repair').optional(),
  ...repairOpening,
});
export type OpenInWarrantyRepair = z.infer<typeof openInWarrantyRepair>;
