/** A paid repair's own tasks. Free of zod: the workflow checks the same again. */
import { billProblems, tariffProblems } from '../../charge.ts';
import { type PartLine, sumLines, type UsedLine } from '../../loan.ts';
import { type FieldError, when } from '../../problems.ts';

import { defineTasks } from '../define.ts';
import type { answers, Due } from './contracts.ts';

/** No more than is due, and each receipt once. */
const paymentProblems = (
  { amountMinor, receiptNumber }: { amountMinor: number; receiptNumber: string },
  { dueMinor, currency, booked }: Due,
): FieldError[] => [
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

export const tasks = defineTasks<typeof answers>({
  decideArrears: {
    role: 'supervisor',
    title: { en: 'Decide how a customer in arrears is served', zh: '决定欠款用户的服务方式' },
    isContact: false,
    check: (answer, { contract }) => [
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
  },
  decideSpecialUser: {
    role: 'supervisor',
    title: { en: 'Decide whether parts are free', zh: '决定是否免收配件费' },
    isContact: false,
  },
  prepareQuote: {
    role: 'hotline',
    title: { en: 'Prepare the quote', zh: '编制报价' },
    check: (answer, { prices }) => tariffProblems(answer.lines, prices),
  },
  recordQuoteAnswer: {
    role: 'hotline',
    title: {
      en: "Record the customer's answer to the quote",
      zh: '记录用户对报价的答复',
    },
    check: (answer, context) => [
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
    doorCheck: (answer) =>
      when(
        answer.decision === 'changesWanted' && answer.words === undefined,
        '/words',
        'what does the customer want changed?',
      ),
  },
  recordDeposit: {
    role: 'hotline',
    title: { en: 'Record the payment before the work', zh: '登记预收款' },
    check: paymentProblems,
  },
  handOutParts: {
    role: 'partsKeeper',
    title: { en: 'Hand out the parts sold', zh: '发放售件' },
  },
  reportMadeSafe: {
    role: 'engineer',
    title: { en: 'Report the machine made safe', zh: '报告安全处置结果' },
  },
  confirmCharges: {
    role: 'engineer',
    title: { en: 'Go through the charges with the customer', zh: '与用户核对费用明细' },
    check: (answer, { prices, done }) => [
      ...tariffProblems(answer.lines, prices),
      ...billProblems(answer.lines, done),
    ],
  },
  recordOldPartChoice: {
    role: 'engineer',
    title: { en: 'Ask what becomes of the old parts', zh: '询问用户旧件去留' },
    check: (answer, { oldParts }) => {
      const all = serialsOf(oldParts);
      return when(
        serialsOf([...answer.keep, ...answer.handOver]) !== all,
        '/keep',
        `each old part is kept or handed over, once: ${all}`,
      );
    },
  },
  takeInParts: {
    role: 'partsKeeper',
    title: { en: 'Take in unused and old parts', zh: '收回未用件与旧件' },
    check: (answer, { unused, oldParts }) => [
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
  },
  recordPayment: {
    role: 'hotline',
    title: { en: 'Record the payment', zh: '登记收款' },
    check: paymentProblems,
  },
});
