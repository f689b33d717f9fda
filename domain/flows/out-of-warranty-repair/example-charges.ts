/** The parts and prices that examples of a paid repair are about. */
import type { Prices } from '../../charge.ts';
import type { PartLine, UsedLine } from '../../loan.ts';
import { withSerials } from '../repair/example-parts.ts';

/** What a track drive takes. */
export const kit: PartLine[] = [
  { partNumber: 'TD-MOTOR-60', quantity: 1 },
  { partNumber: 'TD-SEAL-60', quantity: 2 },
];
/** The old parts that it replaces. */
export const oldKit: UsedLine[] = kit.map(withSerials);

/** What a tariff asks for it. */
export const prices: Prices = {
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
export const nextReceipt = (booked: string[]): string => {
  const numbers = Array.from(
    { length: booked.length + 1 },
    (_, n) => `RC-${String(n + 1).padStart(4, '0')}`,
  );
  return numbers.find((one) => !booked.includes(one)) ?? '';
};
