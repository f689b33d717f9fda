/** What is asked once the work is done: record, slip, signature, old parts, callback, further service. */
import { z } from 'zod';
import type { UsedLine } from '../../../loan.ts';
import {
  instant,
  partLines,
  personal,
  rating,
  reason,
  slipNumber,
  usedLines,
} from '../../../values.ts';
import { defineAnswer } from '../../define.ts';
import { kit, withSerials } from '../example-parts.ts';

const usedOr = (used: UsedLine[] | undefined) => used ?? kit.map(withSerials);

/** Answers by task name. */
export const answers = {
  writeServiceRecord: defineAnswer(
    z.strictObject({
      workDone: personal(4000),
      precautions: personal(2000),
      laborMinutes: z.int().min(1).max(6000),
    }),
  ).example(() => ({
    workDone: 'Pump and both seals replaced, circuit bled, machine run for 20 minutes.',
    precautions: 'Warm up for ten minutes below 5 °C; check the oil level weekly.',
    laborMinutes: 180,
  })),
  fileWarrantyClaim: defineAnswer(
    z.strictObject({
      slipNumber,
      lines: usedLines.min(1),
    }),
  ).example<{ usedParts: UsedLine[] }>(({ usedParts }) => ({
    slipNumber: 'SLIP-0001',
    lines: usedOr(usedParts),
  })),
  signServiceRecord: defineAnswer(
    z.strictObject({
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
  ).example<{ version: number; digest: string }>(({ version = 1, digest = '0'.repeat(64) }) => ({
    version,
    digest,
    signed: true,
    signedBy: 'Li Wei',
    device: 'tablet',
    rating: 'A',
    copyFourHandedOver: true,
    precautionsTaught: true,
  })),
  decideRefusedSignature: defineAnswer(
    z.strictObject({
      decision: z.enum(['acceptUnsigned', 'serveAgain']),
      reason,
    }),
  ).example(() => ({
    decision: 'acceptUnsigned',
    reason: 'The customer wants to see a week of work first.',
  })),
  receiveOldParts: defineAnswer(
    z.strictObject({
      slipNumber,
      lines: usedLines.min(1),
    }),
  ).example<{ usedParts: UsedLine[] }>(({ usedParts }) => ({
    slipNumber: 'SLIP-0001',
    lines: usedOr(usedParts),
  })),
  recordCallback: defineAnswer(
    z.strictObject({
      result: z.enum(['reached', 'noAnswer', 'postponed', 'refused']),
      fixed: z.enum(['fixed', 'partly', 'notFixed']).optional(),
      rating: rating.optional(),
      /** When the customer asked to be called. */
      callAgainAt: instant.optional(),
      remarks: personal(2000).optional(),
    }),
  ).example<{ attempt: number }>(() => ({
    result: 'reached',
    fixed: 'fixed',
    rating: 'A',
    remarks: 'Works as before; thanks the engineer.',
  })),
  planFurtherService: defineAnswer(
    z.strictObject({
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
  ).example(() => ({
    cause: 'longRepair',
    expectedParts: [],
    measures: 'Visit again with the senior engineer and adjust the pressure.',
  })),
  decideFurtherService: defineAnswer(
    z.strictObject({
      decision: z.enum(['serveAgain', 'endUnsatisfied']),
      reason,
    }),
  ).example(() => ({
    decision: 'endUnsatisfied',
    reason: 'Everything that the warranty owes is done.',
  })),
};
