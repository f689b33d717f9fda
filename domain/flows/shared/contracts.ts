/** Answers of the tasks that several flows put before a person. */
import { z } from 'zod';
import {
  code,
  count,
  engineerNumber,
  faultCode,
  instant,
  location,
  partLines,
  partNumber,
  personal,
  quantity,
  rating,
  reason,
  slipNumber,
  staffNumber,
  stampedSerial,
} from '../../values.ts';

/** A part that was fitted, with a serial of an old part for each. */
const usedLine = z.strictObject({
  partNumber,
  quantity,
  oldPartSerials: z.array(stampedSerial).max(99),
});

/** Answers by task name. */
export const answers = {
  reportPhoneTriage: z.strictObject({
    likelyFaultCode: faultCode,
    fixedByPhone: z.boolean(),
    /** Decision A of FLOW-IW. */
    customerHasPart: z.boolean(),
    /** Decision B: only for a customer who has the part. */
    guideByPhone: z.boolean(),
    expectedParts: partLines,
    findings: personal(2000),
  }),
  reportGuidedReplacement: z.strictObject({
    fixed: z.boolean(),
    usedParts: z.array(usedLine).max(20),
    /** What the visit needs beyond the customer's own part, when the guidance failed. */
    expectedParts: partLines,
    findings: personal(2000),
  }),
  approveLoan: z.strictObject({ approved: z.boolean(), remark: personal(500).optional() }),
  receiveShortage: z.strictObject({ location, lines: partLines.min(1) }),
  issueParts: z.strictObject({
    /** The engineer who draws the parts and signs for them. */
    borrower: staffNumber,
    borrowerSigned: z.literal(true),
    serials: z.array(stampedSerial).max(200),
  }),
  decideRejectedLoan: z.strictObject({
    decision: z.enum(['askAgain', 'visitWithoutParts']),
    expectedParts: partLines,
    reason,
  }),
  confirmVisit: z.strictObject({
    engineerNumber,
    /** The proposed slot of that engineer when left out. */
    start: instant.optional(),
    end: instant.optional(),
    customerAgreed: z.literal(true),
  }),
  confirmDeparture: z.strictObject({
    mustCarryItems: z.boolean(),
    workClothing: z.boolean(),
    tools: z.boolean(),
    papers: z.boolean(),
    missing: personal(500).optional(),
  }),
  recordSiteFacts: z.strictObject({
    faultAccount: personal(2000),
    operationBefore: personal(2000),
    operationAfter: personal(2000),
    /** Nobody was there: the visit is arranged anew, and never held against the customer. */
    customerAbsent: z.boolean().optional(),
    userSignature: personal(80).optional(),
    witnessSignatures: z.array(personal(80)).max(3),
  }),
  confirmSafety: z.strictObject({ workClothing: z.boolean(), powerCut: z.boolean() }),
  reportDiagnosis: z.strictObject({
    faultLocated: z.boolean(),
    faultCode,
    causeCode: code,
    covered: z.boolean(),
    determination: personal(2000),
  }),
  adviseDiagnosis: z.strictObject({
    determination: z.enum(['confirmed', 'lookAgain', 'askHeadquarters']),
    advice: personal(2000),
  }),
  decideCoverage: z.strictObject({ decision: z.enum(['goodwill', 'notCovered']), reason }),
  adviseReplacement: z.strictObject({
    procedure: z.strictObject({ id: code, version: z.int().min(1).max(9999) }),
    advice: personal(2000),
  }),
  reportRepair: z.strictObject({
    result: z.enum(['repaired', 'partMissing', 'cannotRepair']),
    usedParts: z
      .array(
        z.strictObject({
          partNumber,
          quantity,
          source: z.enum(['loan', 'customer', 'sale']),
          oldPartSerials: z.array(stampedSerial).max(99),
        }),
      )
      .max(20),
    remedyCode: code,
    stepsFollowed: z.boolean(),
    /** What is still needed, when a part is missing. */
    expectedParts: partLines,
    /** Days until it can go on, as the customer is told. */
    expectedDays: z.int().min(1).max(90).optional(),
    remark: personal(2000).optional(),
  }),
  planEscalation: z.strictObject({
    plan: z.enum(['repairOnSite', 'anotherVisit']),
    expectedParts: partLines,
    expectedDays: z.int().min(1).max(90).optional(),
    agreedWithCustomer: z.literal(true),
    measures: personal(2000),
  }),
  reportMachineCheck: z.strictObject({
    runsNormally: z.boolean(),
    items: z
      .array(z.strictObject({ item: code, ok: z.boolean() }))
      .min(1)
      .max(30),
  }),
  writeServiceRecord: z.strictObject({
    workDone: personal(4000),
    precautions: personal(2000),
    laborMinutes: z.int().min(1).max(6000),
  }),
  fileWarrantyClaim: z.strictObject({
    slipNumber,
    lines: z
      .array(
        z.strictObject({ partNumber, quantity, oldPartSerials: z.array(stampedSerial).max(99) }),
      )
      .min(1)
      .max(20),
  }),
  signServiceRecord: z.strictObject({
    version: z.int().min(1).max(999),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    signed: z.boolean(),
    signedBy: personal(80).optional(),
    refusal: personal(500).optional(),
    device: z.enum(['paper', 'tablet', 'phone']),
    rating: rating.optional(),
    copyFourHandedOver: z.literal(true),
    precautionsTaught: z.literal(true),
    opinion: personal(2000).optional(),
  }),
  decideRefusedSignature: z.strictObject({
    decision: z.enum(['acceptUnsigned', 'serveAgain']),
    reason,
  }),
  reportReturn: z.strictObject({
    slipNumber: slipNumber.optional(),
    lines: z
      .array(
        z.strictObject({
          partNumber,
          usedWithCore: count,
          returnedUnused: count,
          oldPartSerials: z.array(stampedSerial).max(99),
        }),
      )
      .min(1)
      .max(20),
  }),
  receiveOldParts: z.strictObject({
    slipNumber,
    lines: z
      .array(
        z.strictObject({ partNumber, quantity, oldPartSerials: z.array(stampedSerial).max(99) }),
      )
      .min(1)
      .max(20),
  }),
  recordCallback: z.strictObject({
    result: z.enum(['reached', 'noAnswer', 'postponed', 'refused']),
    fixed: z.enum(['fixed', 'partly', 'notFixed']).optional(),
    rating: rating.optional(),
    /** When the customer asked to be called. */
    callAgainAt: instant.optional(),
    remarks: personal(2000).optional(),
  }),
  planFurtherService: z.strictObject({
    /** Root-cause class of the dissatisfaction (FLOW-CSAT). */
    cause: z.enum([
      'attitude',
      'irregularConduct',
      'lateVisit',
      'longRepair',
      'lateAppointment',
      'chargeDisputed',
      'lateDelivery',
      'productQuality',
      'sales',
    ]),
    expectedParts: partLines,
    measures: personal(2000),
  }),
  decideFurtherService: z.strictObject({
    decision: z.enum(['serveAgain', 'endUnsatisfied']),
    reason,
  }),
  resolveFailure: z.strictObject({ decision: z.literal('tryAgain'), reason }),
} as const;
