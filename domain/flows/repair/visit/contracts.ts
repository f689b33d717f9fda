/** What is asked of a visit: before it, on site, and of those who back it up. */
import { z } from 'zod';
import { exampleSlot, type SlotContext } from '../../../dispatch.ts';
import type { LoanTally, PartLine } from '../../../loan.ts';
import {
  code,
  engineerNumber,
  faultCode,
  instant,
  partLines,
  partNumber,
  personal,
  quantity,
  reason,
  stampedSerial,
} from '../../../values.ts';
import { defineAnswer } from '../../define.ts';
import { withSerials } from '../example-parts.ts';

/** Answers by task name. */
export const answers = {
  confirmVisit: defineAnswer(
    z.strictObject({
      engineerNumber,
      /** The proposed slot of that engineer when left out. */
      start: instant.optional(),
      end: instant.optional(),
      customerAgreed: z.literal(true),
    }),
  ).example<SlotContext>((context) => ({
    ...(exampleSlot(context) ?? { engineerNumber: 'EN-01' }),
    customerAgreed: true,
  })),
  confirmDeparture: defineAnswer(
    z.strictObject({
      mustCarryItems: z.boolean(),
      workClothing: z.boolean(),
      tools: z.boolean(),
      papers: z.boolean(),
      missing: personal(500).optional(),
    }),
  ).example<{ engineerNumber: string; start: string }>(() => ({
    mustCarryItems: true,
    workClothing: true,
    tools: true,
    papers: true,
  })),
  recordSiteFacts: defineAnswer(
    z.strictObject({
      faultAccount: personal(2000),
      operationBefore: personal(2000),
      operationAfter: personal(2000),
      /** Nobody was there: the visit is arranged anew, and never held against the customer. */
      customerAbsent: z.boolean().optional(),
      userSignature: personal(80).optional(),
      witnessSignatures: z.array(personal(80)).max(3),
    }),
  ).example<{ signatures: 'none' | 'user' | 'userAndWitnesses' }>(
    ({ signatures = 'userAndWitnesses' }) => ({
      faultAccount: 'Oil under the pump; the boom sinks under load.',
      operationBefore: 'Digging at full reach for two hours.',
      operationAfter: 'The operator lowered the boom and stopped the engine.',
      ...(signatures === 'none' ? {} : { userSignature: 'Li Wei' }),
      witnessSignatures: signatures === 'userAndWitnesses' ? ['Wang Fang', 'Zhao Min'] : [],
    }),
  ),
  confirmSafety: defineAnswer(
    z.strictObject({ workClothing: z.boolean(), powerCut: z.boolean() }),
  ).example(() => ({ workClothing: true, powerCut: true })),
  reportDiagnosis: defineAnswer(
    z.strictObject({
      faultLocated: z.boolean(),
      faultCode,
      causeCode: code,
      covered: z.boolean(),
      determination: personal(2000),
    }),
  ).example<{ faultCode: string }>(({ faultCode = 'HYD-PUMP-LOSS' }) => ({
    faultLocated: true,
    faultCode,
    causeCode: 'SEAL-WORN',
    covered: true,
    determination: 'Shaft seal worn through; pump housing scored.',
  })),
  adviseDiagnosis: defineAnswer(
    z.strictObject({
      determination: z.enum(['confirmed', 'lookAgain', 'askHeadquarters']),
      advice: personal(2000),
    }),
  ).example<{ faultCode: string; causeCode: string }>(() => ({
    determination: 'confirmed',
    advice: 'Matches two earlier cases; replace pump and seals together.',
  })),
  decideCoverage: defineAnswer(
    z.strictObject({ decision: z.enum(['goodwill', 'notCovered']), reason }),
  ).example(() => ({ decision: 'goodwill', reason: 'First fault of a loyal customer.' })),
  adviseReplacement: defineAnswer(
    z.strictObject({
      procedure: z.strictObject({ id: code, version: z.int().min(1).max(9999) }),
      advice: personal(2000),
    }),
  ).example(() => ({
    procedure: { id: 'PS-HYD-012', version: 3 },
    advice: 'Bleed the circuit before the first start.',
  })),
  /** `sold`: parts that the engineer carries for sale; left out where none are. */
  reportRepair: defineAnswer(
    z.strictObject({
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
  ).example<{
    onLoan: LoanTally[];
    customerParts: PartLine[];
    sold?: PartLine[];
  }>(({ onLoan = [], sold = [], customerParts = [] }) => ({
    result: 'repaired',
    usedParts: [
      ...onLoan
        .filter((line) => line.outstanding > 0)
        .map((line) => ({
          ...withSerials({ partNumber: line.partNumber, quantity: line.outstanding }),
          source: 'loan' as const,
        })),
      ...sold.map((line) => ({ ...withSerials(line), source: 'sale' as const })),
      ...(onLoan.length > 0 || sold.length > 0
        ? []
        : customerParts.map((line) => ({ ...withSerials(line), source: 'customer' as const }))),
    ],
    remedyCode: 'REPLACED',
    stepsFollowed: true,
    expectedParts: [],
  })),
  planEscalation: defineAnswer(
    z.strictObject({
      plan: z.enum(['repairOnSite', 'anotherVisit']),
      expectedParts: partLines,
      expectedDays: z.int().min(1).max(90).optional(),
      agreedWithCustomer: z.literal(true),
      measures: personal(2000),
    }),
  ).example(() => ({
    plan: 'repairOnSite',
    expectedParts: [],
    agreedWithCustomer: true,
    measures: 'A senior engineer joins on site today.',
  })),
  reportMachineCheck: defineAnswer(
    z.strictObject({
      runsNormally: z.boolean(),
      items: z
        .array(z.strictObject({ item: code, ok: z.boolean() }))
        .min(1)
        .max(30),
    }),
  ).example(() => ({
    runsNormally: true,
    items: [
      { item: 'PRESSURE', ok: true },
      { item: 'LEAKS', ok: true },
      { item: 'SLEW', ok: true },
    ],
  })),
};
