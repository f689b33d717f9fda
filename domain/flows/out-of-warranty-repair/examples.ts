/** Requests that open a paid repair, and examples of its own tasks: the first ones lead down the longest documented path. */
import { linesFor, type Prices } from '../../charge.ts';
import type { PartLine } from '../../loan.ts';
import type { Examples } from '../../tasks.ts';
import type { UsedLine } from '../shared/checks.ts';
import type { OpenOutOfWarrantyRepair } from './contracts.ts';
import type { roles } from './stages.ts';

export const openExamples: OpenOutOfWarrantyRepair[] = [
  {
    flow: 'outOfWarrantyRepair',
    customerNumber: 'CU-1002',
    serialNumber: 'ZE60E-000009',
    channel: 'phone',
    contact: { name: 'Zhao Gang', phone: '+86 139 0000 1002' },
    fault: {
      code: 'TRK-DRIVE-STALL',
      description: 'The left track stalls when the excavator turns.',
      impactScope: 'machineDown',
    },
    specialUser: { reason: 'Clears the road to a flooded village.' },
  },
  {
    flow: 'outOfWarrantyRepair',
    customerNumber: 'CU-1004',
    serialNumber: 'SRV-DC-0001',
    channel: 'phone',
    contact: { name: 'Tan Wei Ming', phone: '+86 139 0000 1004' },
    fault: {
      code: 'SRV-FAN-NOISE',
      description: 'One fan of the storage server grinds.',
      impactScope: 'singleFunction',
    },
  },
];

const kit: PartLine[] = [
  { partNumber: 'TD-MOTOR-60', quantity: 1 },
  { partNumber: 'TD-SEAL-60', quantity: 2 },
];
const oldKit: UsedLine[] = kit.map((line) => ({
  ...line,
  oldPartSerials: Array.from(
    { length: line.quantity },
    (_, n) => `OLD-${line.partNumber}-${n + 1}`,
  ),
}));
const prices: Prices = {
  version: 1,
  currency: 'CNY',
  visitMinor: 15_000,
  laborMinuteMinor: 200,
  parts: [
    { partNumber: 'TD-MOTOR-60', unitPriceMinor: 680_000 },
    { partNumber: 'TD-SEAL-60', unitPriceMinor: 12_000 },
  ],
  partsFree: false,
};
/** The first number that no receipt of the case has. */
const nextReceipt = (booked: string[]): string => {
  const numbers = Array.from(
    { length: booked.length + 1 },
    (_, n) => `RC-${String(n + 1).padStart(4, '0')}`,
  );
  return numbers.find((one) => !booked.includes(one)) ?? '';
};
const work = { visits: 1, laborMinutes: 120, parts: kit };

export const examples: Examples<keyof typeof roles> = {
  decideArrears: ({ contract = false }) =>
    contract
      ? { decision: 'serveFully', reason: 'The contract itself is paid.' }
      : {
          decision: 'againstPayment',
          depositPercent: 50,
          reason: 'Two invoices are open; half of the quote is paid first.',
        },
  decideSpecialUser: () => ({ approved: true, reason: 'Disaster relief: agreed with the branch.' }),
  prepareQuote: ({ prices: asked = prices, planned = work }) => ({
    lines: linesFor(asked, planned),
    remark: 'Parts are at hand; the visit is possible this week.',
  }),
  recordQuoteAnswer: ({ revision = 1, totalMinor = 743_000 }) => ({
    decision: 'accepted',
    revision,
    totalMinor,
  }),
  recordDeposit: ({ dueMinor = 371_500, booked = [] }) => ({
    amountMinor: dueMinor,
    method: 'transfer',
    receiptNumber: nextReceipt(booked),
  }),
  handOutParts: ({ receivedBy }) => ({
    receivedBy: receivedBy ?? 'ST-14',
    signed: true,
    serials: [],
  }),
  reportMadeSafe: () => ({
    safe: true,
    remedyCode: 'MADE-SAFE',
    measures: 'Boom lowered and pinned, battery disconnected, machine fenced off.',
  }),
  confirmCharges: ({ prices: asked = prices, done = work }) => ({
    lines: linesFor(asked, done),
    explained: true,
  }),
  recordOldPartChoice: ({ oldParts = oldKit }) => ({
    keep: oldParts.slice(1),
    handOver: oldParts.slice(0, 1),
  }),
  takeInParts: ({ unused = [], oldParts = oldKit.slice(0, 1) }) => ({
    unused,
    handedOver: oldParts,
    disposal: 'recycle',
  }),
  recordPayment: ({ dueMinor = 371_500, booked = [] }) => ({
    amountMinor: dueMinor,
    method: 'card',
    receiptNumber: nextReceipt(booked),
  }),
};
