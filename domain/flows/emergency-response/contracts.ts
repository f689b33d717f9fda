/** What opens an emergency, and the answers of its own tasks (FLOW-EMER, FLOW-TS, FLOW-DRILL). */
import { z } from 'zod';
import {
  channel,
  code,
  contact,
  customerNumber,
  fault,
  instant,
  partLines,
  personal,
  rating,
  reason,
  serialNumber,
  severity,
  staffNumber,
} from '../../values.ts';

/** `POST /v1/cases` for an emergency: the report form of FLOW-EMER. Graded by its impact unless it is graded already. */
export const openEmergencyResponse = z.strictObject({
  flow: z.literal('emergencyResponse').optional(),
  /** A repair that is critical to the customer's business is an emergency too (FLOW-INTAKE). */
  class: z.enum(['emergency', 'repair']).optional(),
  customerNumber,
  serialNumber,
  /** `internal`: the fault pre-warning system saw it first (M17). */
  channel,
  contact: contact.optional(),
  fault,
  severity: severity.optional(),
  /** A rehearsal: the same flow, and nobody is told anything (FLOW-DRILL). */
  drill: z.boolean().optional(),
  allowDuplicate: z.strictObject({ reason }).optional(),
});
export type OpenEmergencyResponse = z.infer<typeof openEmergencyResponse>;

const score = z.int().min(0).max(100);
/** What a review may change (FLOW-DRILL 6). */
const improvements = z.array(z.enum(['flow', 'resources', 'training', 'technology'])).max(4);
/** A new grade; one lower than before needs its reason. */
const grade = { severity, gradeReason: personal(500).optional() };

/** Answers of the flow's own tasks, by task name. */
export const answers = {
  answerPage: z.strictObject({
    /** Who takes it owns the case; who doesn't has the next one paged at once. */
    takes: z.boolean(),
    remark: personal(500).optional(),
  }),
  reportFirstContact: z.strictObject({
    channel: z.enum(['phone', 'mail', 'onSite']),
    problemConfirmed: z.boolean(),
    ...grade,
    firstSolution: personal(2000),
    way: z.enum(['remote', 'visit', 'dataRecovery']),
    dataLost: z.boolean(),
    /** What a visit must bring, and what the customer has in stock. */
    expectedParts: partLines,
    customerParts: partLines,
  }),
  reportRemoteFix: z.strictObject({
    result: z.enum(['fixed', 'notFixed']),
    /** What became of the change that was made. */
    change: z.enum(['none', 'kept', 'rolledBack']),
    customerTold: z.boolean(),
    ...grade,
    /** What follows when it is not fixed. */
    next: z.enum(['remote', 'visit', 'dataRecovery']).optional(),
    dataLost: z.boolean(),
    expectedParts: partLines,
    findings: personal(2000),
  }),
  reportDataRecovery: z.strictObject({
    recovered: z.enum(['complete', 'partial', 'failed']),
    source: z.enum(['backup', 'replica', 'media']),
    tryAgain: z.boolean(),
    findings: personal(2000),
  }),
  writeIncidentReport: z.strictObject({
    handlingMinutes: z.int().min(1).max(100_000),
    staff: z.array(staffNumber).min(1).max(20),
    causeCode: code,
    remedyCode: code,
    solution: personal(4000),
    customerFeedback: personal(2000).optional(),
  }),
  recordFollowUp: z.strictObject({
    result: z.enum(['reached', 'noAnswer', 'postponed', 'refused']),
    fixed: z.enum(['fixed', 'partly', 'notFixed']).optional(),
    rating: rating.optional(),
    /** When the customer asked to be called. */
    callAgainAt: instant.optional(),
    feedback: personal(2000).optional(),
  }),
  reviewEmergency: z.strictObject({
    rootCause: z.enum(['product', 'operation', 'environment', 'software', 'service', 'unknown']),
    improvements,
    findings: personal(4000),
  }),
  scoreDrill: z.strictObject({
    form: z.enum(['tabletop', 'live', 'simulated']),
    response: score,
    efficiency: score,
    satisfaction: score,
    improvements,
    gaps: personal(4000),
  }),
} as const;
