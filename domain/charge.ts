/** What a paid service costs, line by line and by the published tariff (FLOW-CHARGE, FLOW-OW). Money is whole minor units of one currency. */
import { type PartLine, sumLines } from './loan.ts';
import type { FieldError } from './problems.ts';

/** The published tariff that a case was opened with. */
export interface Tariff {
  version: number;
  currency: string;
  visitMinor: number;
  laborMinuteMinor: number;
}

/** A tariff with the prices of the parts in question; `partsFree` for a special user (FLOW-SPEC). */
export interface Prices extends Tariff {
  parts: { partNumber: string; unitPriceMinor: number }[];
  partsFree: boolean;
}

/** `quantity` counts visits, minutes of labor, or parts; a part's number stands in its lines only. */
export interface ChargeLine {
  item: 'visit' | 'labor' | 'part';
  partNumber?: string | undefined;
  quantity: number;
  unitPriceMinor: number;
}

/** What was done and may be billed, no more and no less of the parts. */
export interface Chargeable {
  visits: number;
  laborMinutes: number;
  parts: PartLine[];
}

export const totalOf = (lines: ChargeLine[]): number =>
  lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);

/** The lines that the tariff asks for a piece of work: the breakdown of a quote or a bill. A part that it does not list is left out. */
export function linesFor(
  prices: Prices,
  { visits, laborMinutes, parts }: Chargeable,
): ChargeLine[] {
  const line = (item: ChargeLine['item'], quantity: number, partNumber?: string): ChargeLine[] => {
    const unitPriceMinor = unitPrice(prices, item, partNumber);
    if (quantity === 0 || unitPriceMinor === undefined) return [];
    return [{ item, ...(partNumber ? { partNumber } : {}), quantity, unitPriceMinor }];
  };
  return [
    ...line('visit', visits),
    ...line('labor', laborMinutes),
    ...sumLines(parts).flatMap(({ partNumber, quantity }) => line('part', quantity, partNumber)),
  ];
}

/** Undefined when the tariff has no such price. */
function unitPrice(prices: Prices, item: ChargeLine['item'], partNumber?: string) {
  if (item === 'visit') return prices.visitMinor;
  if (item === 'labor') return prices.laborMinuteMinor;
  const listed = prices.parts.find((part) => part.partNumber === partNumber)?.unitPriceMinor;
  return prices.partsFree && listed !== undefined ? 0 : listed;
}

/** What in a breakdown is not by the published tariff, or stands there twice. */
export function tariffProblems(lines: ChargeLine[], prices: Prices): FieldError[] {
  return lines.flatMap((line, index) => {
    const pointer = `/lines/${index}`;
    const name = nameOf(line);
    if ((line.item === 'part') !== (line.partNumber !== undefined))
      return [
        { pointer: `${pointer}/partNumber`, detail: 'a part has a number, nothing else has' },
      ];
    if (lines.findIndex((other) => nameOf(other) === name) < index)
      return [{ pointer, detail: `${name} stands in one line only` }];
    const price = unitPrice(prices, line.item, line.partNumber);
    if (price === line.unitPriceMinor) return [];
    const asked = price === undefined ? 'has no price for it' : `asks ${price} for each`;
    const tariff = `the published tariff, version ${prices.version},`;
    const free = prices.partsFree && line.item === 'part' ? ', free for a special user' : '';
    return [{ pointer: `${pointer}/unitPriceMinor`, detail: `${name}: ${tariff} ${asked}${free}` }];
  });
}

/** What in a bill was not done: more visits or minutes than allowed, or other parts than the stock issue. */
export function billProblems(lines: ChargeLine[], done: Chargeable): FieldError[] {
  const billed = (item: ChargeLine['item'], partNumber?: string) =>
    lines
      .filter((line) => line.item === item && line.partNumber === partNumber)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const over = (['visit', 'labor'] as const).flatMap((item) => {
    const most = item === 'visit' ? done.visits : done.laborMinutes;
    return billed(item) > most ? [`${item}: at most ${most} may be billed`] : [];
  });
  const parts = sumLines(done.parts);
  const unlike = parts
    .filter(({ partNumber, quantity }) => billed('part', partNumber) !== quantity)
    .map(({ partNumber, quantity }) => `${partNumber}: ${quantity} drawn from stock and used`);
  const unknown = lines
    .filter(
      (line) => line.item === 'part' && !parts.some((part) => part.partNumber === line.partNumber),
    )
    .map(({ partNumber }) => `${partNumber}: none drawn from stock and used`);
  return [...over, ...unlike, ...unknown].map((detail) => ({ pointer: '/lines', detail }));
}

const nameOf = ({ item, partNumber }: ChargeLine) => partNumber ?? item;

/** An amount as a message says it: `CNY 1234.50`. */
export const amountText = (minor: number, currency: string): string =>
  `${currency} ${(minor / 100).toFixed(2)}`;

/** What is asked before the work: so many percent of the quote, rounded up to a whole unit. */
export const depositOf = (totalMinor: number, percent: number): number =>
  Math.ceil((totalMinor * percent) / 100);
