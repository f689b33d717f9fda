/** What the own tasks of a paid repair ask for (FLOW-OW, FLOW-ARR, FLOW-SPEC, FLOW-CHARGE, FLOW-PF-OW). */
import { z } from 'zod';
import { type Chargeable, linesFor, type Prices } from '../../charge.ts';
import type { PartLine, UsedLine } from '../../loan.ts';
import {
  code,
  partLines,
  partNumber,
  personal,
  reason,
  staffNumber,
  stampedSerial,
  usedLines,
} from '../../values.ts';
import { defineAnswer } from '../define.ts';
import { repairAnswers } from '../repair/contracts.ts';
import { kit, nextReceipt, oldKit, prices } from './example-charges.ts';
import { openExamples, openOutOfWarrantyRepair } from './opening.ts';

/** What is to be paid. */
export interface Due {
  dueMinor: number;
  currency: string;
  /** Receipts of this case. */
  booked: string[];
}

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
const payment = z.strictObject({
  amountMinor: minor.min(1),
  method: z.enum(['cash', 'card', 'transfer', 'mobile']),
  receiptNumber: code,
  /** What the customer owed from before is paid as well: finance's flag is cleared. */
  settlesArrears: z.boolean().optional(),
});

const work = { visits: 1, laborMinutes: 120, parts: kit };

/** Answers of its own tasks, by task name. */
export const answers = {
  /** `contract`: a maintenance contract pays. */
  decideArrears: defineAnswer(
    z.strictObject({
      decision: z.enum(['serveFully', 'againstPayment', 'safetyOnly', 'refuse']),
      /** How much of the quote is paid before the work; all of it when left out. */
      depositPercent: z.int().min(1).max(100).optional(),
      reason,
    }),
  ).example<{ customerNumber: string; contract: boolean }>(({ contract = false }) =>
    contract
      ? { decision: 'serveFully', reason: 'The contract itself is paid.' }
      : {
          decision: 'againstPayment',
          depositPercent: 50,
          reason: 'Two invoices are open; half of the quote is paid first.',
        },
  ),
  decideSpecialUser: defineAnswer(z.strictObject({ approved: z.boolean(), reason })).example(
    () => ({ approved: true, reason: 'Disaster relief: agreed with the branch.' }),
  ),
  /** `planned` is what the quote is built from. */
  prepareQuote: defineAnswer(
    z.strictObject({ lines: chargeLines, remark: personal(2000).optional() }),
  ).example<{ prices: Prices; planned: Chargeable }>(
    ({ prices: asked = prices, planned = work }) => ({
      lines: linesFor(asked, planned),
      remark: 'Parts are at hand; the visit is possible this week.',
    }),
  ),
  recordQuoteAnswer: defineAnswer(
    z.strictObject({
      decision: z.enum(['accepted', 'declined', 'changesWanted']),
      /** What the customer was told: the revision and its total. */
      revision: z.int().min(1).max(999),
      totalMinor: minor.max(1_000_000_000_000),
      /** What the next revision is to cover, when changes are wanted. */
      expectedParts: partLines.optional(),
      words: personal(2000).optional(),
    }),
  ).example<{
    revision: number;
    totalMinor: number;
    currency: string;
    validUntil: string;
  }>(({ revision = 1, totalMinor = 743_000 }) => ({
    decision: 'accepted',
    revision,
    totalMinor,
  })),
  recordDeposit: defineAnswer(payment).example<Due>(({ dueMinor = 371_500, booked = [] }) => ({
    amountMinor: dueMinor,
    method: 'transfer',
    receiptNumber: nextReceipt(booked),
  })),
  handOutParts: defineAnswer(
    z.strictObject({
      /** The engineer who carries the parts to the customer and signs for them. */
      receivedBy: staffNumber,
      signed: z.literal(true),
      serials: z.array(stampedSerial).max(200),
    }),
  ).example<{ lines: PartLine[]; receivedBy: string | null }>(({ receivedBy }) => ({
    receivedBy: receivedBy ?? 'ST-14',
    signed: true,
    serials: [],
  })),
  reportMadeSafe: defineAnswer(
    z.strictObject({
      safe: z.literal(true),
      remedyCode: code,
      measures: personal(2000),
    }),
  ).example(() => ({
    safe: true,
    remedyCode: 'MADE-SAFE',
    measures: 'Boom lowered and pinned, battery disconnected, machine fenced off.',
  })),
  /** `done` is what may be billed: the parts exactly, visits and minutes at most. */
  confirmCharges: defineAnswer(
    z.strictObject({
      lines: chargeLines,
      /** The customer was shown each line and where the tariff is published. */
      explained: z.literal(true),
      objection: personal(2000).optional(),
    }),
  ).example<{ prices: Prices; done: Chargeable }>(({ prices: asked = prices, done = work }) => ({
    lines: linesFor(asked, done),
    explained: true,
  })),
  recordOldPartChoice: defineAnswer(
    z.strictObject({ keep: usedLines, handOver: usedLines }),
  ).example<{ oldParts: UsedLine[] }>(({ oldParts = oldKit }) => ({
    keep: oldParts.slice(1),
    handOver: oldParts.slice(0, 1),
  })),
  takeInParts: defineAnswer(
    z.strictObject({
      /** Sold, but not needed: back on the shelf. */
      unused: partLines,
      handedOver: usedLines,
      disposal: z.enum(['recycle', 'scrap', 'analyze']),
    }),
  ).example<{ unused: PartLine[]; oldParts: UsedLine[] }>(
    ({ unused = [], oldParts = oldKit.slice(0, 1) }) => ({
      unused,
      handedOver: oldParts,
      disposal: 'recycle',
    }),
  ),
  recordPayment: defineAnswer(payment).example<Due>(({ dueMinor = 371_500, booked = [] }) => ({
    amountMinor: dueMinor,
    method: 'card',
    receiptNumber: nextReceipt(booked),
  })),
};

/** What the door asks for in a paid repair. */
export const contracts = {
  opening: openOutOfWarrantyRepair,
  examples: openExamples,
  answers: { ...repairAnswers, ...answers },
};
