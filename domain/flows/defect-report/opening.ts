import { z } from 'zod';
import {
  caseNumber,
  contact,
  faultCode,
  personal,
  productModel,
  reason,
  serialNumber,
  severity,
} from '../../values.ts';

const source = z
  .strictObject({
    kind: z.enum(['case', 'inspection', 'suggestion', 'trend', 'single']),
    caseNumber: caseNumber.optional(),
  })
  .refine((given) => given.caseNumber !== undefined || !/^(case|inspection)$/.test(given.kind), {
    path: ['caseNumber'],
    error: 'name the case that it was found in',
  });

/** `POST /v1/cases` for a product defect report (FLOW-DEF): about a model and a fault, not about one machine. */
export const openDefectReport = z.strictObject({
  flow: z.literal('defectReport').optional(),
  class: z.literal('defect').optional(),
  productModel,
  fault: z.strictObject({ code: faultCode, description: personal(2000) }),
  severity: severity.optional(),
  source,
  affectedSerials: z.array(serialNumber).max(100).optional(),
  contact: contact.nullable().optional(),
  allowDuplicate: z.strictObject({ reason }).optional(),
});
export type OpenDefectReport = z.infer<typeof openDefectReport>;

/** Requests that open the flow; the first leads down the longest documented path. */
export const openExamples: OpenDefectReport[] = [
  {
    flow: 'defectReport',
    productModel: 'NET-SW48',
    fault: {
      code: 'NET-PSU-HUM',
      description: 'Teachers of two schools report a hum before the switch fails.',
    },
    severity: 'medium',
    source: { kind: 'suggestion' },
    affectedSerials: ['NET-SCH-0011', 'NET-SCH-0012'],
  },
];
