/** What answers to the tasks of a paid repair must fulfil beyond their shape. Free of zod: the workflow asks the same again. */
import { billProblems, type Chargeable, type Prices, tariffProblems } from '../../charge.ts';
import type { Checks } from '../../checks.ts';
import { type PartLine, type Problem, sumLines } from '../../loan.ts';
import { when } from '../../problems.ts';
import type { UsedLine } from '../shared/checks.ts';

/** What the flow's own tasks carry. Numbers and codes only. */
export interface Contexts {
  /** `contract`: a maintenance contract pays. */
  decideArrears: { customerNumber: string; contract: boolean };
  /** `planned` is what the quote is built from. */
  prepareQuote: { prices: Prices; planned: Chargeable };
  recordQuoteAnswer: { revision: number; totalMinor: number; currency: string; validUntil: string };
  recordDeposit: Due;
  handOutParts: { lines: PartLine[]; receivedBy: string | null };
  /** `done` is what may be billed: the parts exactly, visits and minutes at most. */
  confirmCharges: { prices: Prices; done: Chargeable };
  recordOldPartChoice: { oldParts: UsedLine[] };
  takeInParts: { unused: PartLine[]; oldParts: UsedLine[] };
  recordPayment: Due;
}
interface Due {
  dueMinor: number;
  currency: string;
  /** Receipts of this case. */
  booked: string[];
}

/** No more than is due, and each receipt once. */
const paymentProblems = (
  { amountMinor, receiptNumber }: { amountMinor: number; receiptNumber: string },
  { dueMinor, currency, booked }: Due,
): Problem[] => [
  ...when(
    amountMinor > dueMinor,
    '/amountMinor',
    `${dueMinor} ${currency} in minor units is due, no more`,
  ),
  ...when(
    booked.includes(receiptNumber),
    '/receiptNumber',
    `${receiptNumber} is booked in this case already`,
  ),
];

const text = (lines: PartLine[]) =>
  sumLines(lines)
    .map(({ partNumber, quantity }) => `${quantity} × ${partNumber}`)
    .sort()
    .join(', ');
const serialsOf = (lines: UsedLine[]) =>
  lines
    .flatMap(({ partNumber, oldPartSerials }) =>
      oldPartSerials.map((one) => `${partNumber} ${one}`),
    )
    .sort()
    .join(', ');

/** Asked at the door and again by the workflow. */
export const engineChecks: Checks = {
  decideArrears: (answer, { contract }) => [
    ...when(
      answer.depositPercent !== undefined && answer.decision !== 'againstPayment',
      '/depositPercent',
      'only who is served against payment pays before the work',
    ),
    ...when(
      contract && answer.decision === 'againstPayment',
      '/decision',
      'a maintenance contract pays: serveFully, safetyOnly or refuse',
    ),
  ],
  prepareQuote: (answer, { prices }) => tariffProblems(answer.lines, prices),
  recordQuoteAnswer: (answer, context) => [
    ...when(
      answer.revision !== context.revision,
      '/revision',
      `revision ${context.revision} is the one presented`,
    ),
    ...when(
      answer.totalMinor !== context.totalMinor,
      '/totalMinor',
      `revision ${context.revision} comes to ${context.totalMinor} ${context.currency} in minor units`,
    ),
    ...when(
      answer.expectedParts !== undefined && answer.decision !== 'changesWanted',
      '/expectedParts',
      'only for a customer who wants changes',
    ),
  ],
  recordDeposit: paymentProblems,
  confirmCharges: (answer, { prices, done }) => [
    ...tariffProblems(answer.lines, prices),
    ...billProblems(answer.lines, done),
  ],
  recordOldPartChoice: (answer, { oldParts }) => {
    const all = serialsOf(oldParts);
    return when(
      serialsOf([...answer.keep, ...answer.handOver]) !== all,
      '/keep',
      `each old part is kept or handed over, once: ${all}`,
    );
  },
  takeInParts: (answer, { unused, oldParts }) => [
    ...when(
      text(answer.unused) !== text(unused),
      '/unused',
      `sold and not used: ${text(unused) || 'none'}`,
    ),
    ...when(
      serialsOf(answer.handedOver) !== serialsOf(oldParts),
      '/handedOver',
      `handed over: ${serialsOf(oldParts) || 'none'}`,
    ),
  ],
  recordPayment: paymentProblems,
};

/** Asked at the door only, since it looks at what stays in the database. */
export const doorChecks: Checks = {
  recordQuoteAnswer: (answer) =>
    when(
      answer.decision === 'changesWanted' && answer.words === undefined,
      '/words',
      'what does the customer want changed?',
    ),
};
