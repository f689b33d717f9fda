import { z } from 'zod';
import {
  caseNumber,
  code,
  contact,
  faultCode,
  instant,
  personal,
  productModel,
  reason,
  serialNumber,
  severity,
  staffNumber,
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

const serials = z.array(serialNumber).max(500);

/** Answers of its own tasks. */
export const answers = {
  /** The fault-analysis form (004 2.4). */
  fileFaultAnalysis: z.strictObject({
    failureModeCode: code,
    occurrences: z.int().min(1).max(99_999),
    conditions: personal(2000),
    evidence: personal(4000),
  }),
  verifyDefect: z.strictObject({
    result: z.enum(['verified', 'notReproduced', 'duplicate']),
    /** Of a verified defect. */
    grade: z.enum(['critical', 'major', 'minor']).optional(),
    duplicateOf: caseNumber.optional(),
    findings: personal(2000),
  }),
  acknowledgeDefect: z.strictObject({ owner: staffNumber, remark: personal(500).optional() }),
  reportRootCause: z.strictObject({
    causeCode: code,
    origin: z.enum(['design', 'production', 'process', 'supply', 'operation']),
    determination: personal(4000),
  }),
  proposeAction: z.strictObject({
    actionCode: code,
    /** The policy's target when left out. */
    dueAt: instant.optional(),
    affectedModels: z.array(productModel).min(1).max(20),
    /** Which units get it: those listed, or every unit of the affected models. */
    treats: z.enum(['listedUnits', 'allUnits']),
    treatedSerials: serials,
    description: personal(4000),
  }),
  approveAction: z.strictObject({ approved: z.boolean(), reason }),
  reportActionInPlace: z.strictObject({
    /** The listed units that have it now; none when every unit has. */
    treatedSerials: serials,
    evidence: personal(4000),
  }),
} as const;
