/** What is asked around a parts loan (FLOW-LOAN). */
import { z } from 'zod';
import type { LoanTally, PartLine, ReturnedLine } from '../../loan.ts';
import {
  count,
  location,
  partLines,
  partNumber,
  personal,
  reason,
  slipNumber,
  staffNumber,
  stampedSerial,
} from '../../values.ts';
import { defineAnswer } from '../define.ts';
import { kit, serialsOf } from '../repair/example-parts.ts';

/** Answers by task name. */
export const answers = {
  approveLoan: defineAnswer(
    z.strictObject({ approved: z.boolean(), remark: personal(500).optional() }),
  ).example<{ lines: PartLine[] }>(() => ({ approved: true })),
  receiveShortage: defineAnswer(z.strictObject({ location, lines: partLines.min(1) })).example<{
    shortages: PartLine[];
    location: string;
  }>(({ shortages = kit, location = 'OFFICE-NORTH' }) => ({
    location,
    lines: shortages,
  })),
  issueParts: defineAnswer(
    z.strictObject({
      /** The engineer who draws the parts and signs for them. */
      borrower: staffNumber,
      borrowerSigned: z.literal(true),
      serials: z.array(stampedSerial).max(200),
    }),
  ).example<{ lines: PartLine[]; borrower: string | null }>(({ borrower }) => ({
    borrower: borrower ?? 'ST-02',
    borrowerSigned: true,
    serials: [],
  })),
  decideRejectedLoan: defineAnswer(
    z.strictObject({
      decision: z.enum(['askAgain', 'visitWithoutParts']),
      expectedParts: partLines,
      reason,
    }),
  ).example<{ lines: PartLine[] }>(({ lines = kit }) => ({
    decision: 'askAgain',
    expectedParts: lines,
    reason: 'The machine stands still; the parts are needed.',
  })),
  /** `drill`: left out otherwise. */
  reportReturn: defineAnswer(
    z.strictObject({
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
  ).example<{ outstanding: LoanTally[]; used: PartLine[]; drill?: true }>(
    ({ outstanding = [], used = [] }) => returnExample(outstanding, used),
  ),
};

function returnExample(
  outstanding: LoanTally[],
  used: PartLine[],
): { slipNumber?: string; lines: ReturnedLine[] } {
  const open =
    outstanding.length > 0
      ? outstanding
      : kit.map((line) => ({ ...line, issued: line.quantity, outstanding: line.quantity }));
  const fitted = outstanding.length > 0 ? used : kit;
  const lines = open
    .filter((line) => line.outstanding > 0)
    .map((line) => {
      const wasUsed = fitted.find((other) => other.partNumber === line.partNumber)?.quantity ?? 0;
      const usedWithCore = Math.min(wasUsed, line.outstanding);
      return {
        partNumber: line.partNumber,
        usedWithCore,
        returnedUnused: line.outstanding - usedWithCore,
        oldPartSerials: serialsOf({ partNumber: line.partNumber, quantity: usedWithCore }),
      };
    });
  return lines.some((line) => line.usedWithCore > 0)
    ? { slipNumber: 'SLIP-0001', lines }
    : { lines };
}
