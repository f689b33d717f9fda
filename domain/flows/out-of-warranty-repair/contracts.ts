/** What opens an out-of-warranty repair, and the answers of its own tasks (FLOW-OW, FLOW-ARR, FLOW-SPEC, FLOW-CHARGE, FLOW-PF-OW). */
import { z } from 'zod';
import {
  code,
  partLines,
  partNumber,
  personal,
  quantity,
  reason,
  repairOpening,
  staffNumber,
  stampedSerial,
} from '../../values.ts';

/** `POST /v1/cases` for a repair that the customer or a maintenance contract pays. */
export const openOutOfWarrantyRepair = z.strictObject({
  flow: z.literal('outOfWarrantyRepair').optional(),
  class: z.literal('repair').optional(),
  ...repairOpening,
  /** Asks that the customer gets the parts free (FLOW-SPEC); a supervisor decides. */
  specialUser: z.strictObject({ reason: personal(500) }).optional(),
});
export type OpenOutOfWarrantyRepair = z.infer<typeof openOutOfWarrantyRepair>;

/** Minor units of the tariff's currency. */
const minor = z.int().min(0).max(1_000_000_000);
/** One line of a quote or a bill: so many visits, minutes of labor, or parts. */
const chargeLines = z
  .array(
    z.strictObject({
      item: z.enum(['visit', 'labor', 'part']),
      partNumber: partNumber.optional(),
      quantity: z.int().min(1).max(6000),
      unitPriceMinor: minor,
    }),
  )
  .min(1)
  .max(25);
const usedLines = z
  .array(z.strictObject({ partNumber, quantity, oldPartSerials: z.array(stampedSerial).max(99) }))
  .max(20);
const payment = z.strictObject({
  amountMinor: minor.min(1),
  method: z.enum(['cash', 'card', 'transfer', 'mobile']),
  receiptNumber: code,
  /** What the customer owed from before is paid as well: finance's flag is cleared. */
  settlesArrears: z.boolean().optional(),
});

/** Answers of the flow's own tasks, by task name. */
export const answers = {
  decideArrears: z.strictObject({
    decision: z.enum(['serveFully', 'againstPayment', 'safetyOnly', 'refuse']),
    /** How much of the quote is paid before the work; all of it when left out. */
    depositPercent: z.int().min(1).max(100).optional(),
    reason,
  }),
  decideSpecialUser: z.strictObject({ approved: z.boolean(), reason }),
  prepareQuote: z.strictObject({ lines: chargeLines, remark: personal(2000).optional() }),
  recordQuoteAnswer: z.strictObject({
    decision: z.enum(['accepted', 'declined', 'changesWanted']),
    /** What the customer was told: the revision and its total. */
    revision: z.int().min(1).max(999),
    totalMinor: minor.max(1_000_000_000_000),
    /** What the next revision is to cover, when changes are wanted. */
    expectedParts: partLines.optional(),
    words: personal(2000).optional(),
  }),
  recordDeposit: payment,
  handOutParts: z.strictObject({
    /** The engineer who carries the parts to the customer and signs for them. */
    receivedBy: staffNumber,
    signed: z.literal(true),
    serials: z.array(stampedSerial).max(200),
  }),
  reportMadeSafe: z.strictObject({
    safe: z.literal(true),
    remedyCode: code,
    measures: personal(2000),
  }),
  confirmCharges: z.strictObject({
    lines: chargeLines,
    /** The customer was shown each line and where the tariff is published. */
    explained: z.literal(true),
    objection: personal(2000).optional(),
  }),
  recordOldPartChoice: z.strictObject({ keep: usedLines, handOver: usedLines }),
  takeInParts: z.strictObject({
    /** Sold, but not needed: back on the shelf. */
    unused: partLines,
    handedOver: usedLines,
    disposal: z.enum(['recycle', 'scrap', 'analyze']),
  }),
  recordPayment: payment,
} as const;
