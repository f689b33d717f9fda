import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  billProblems,
  type ChargeLine,
  depositOf,
  linesFor,
  type Prices,
  tariffProblems,
  totalOf,
} from '../../domain/charge.ts';

const prices: Prices = {
  version: 7,
  currency: 'CNY',
  visitMinor: 15_000,
  laborMinuteMinor: 200,
  parts: [
    { partNumber: 'TD-MOTOR-60', unitPriceMinor: 680_000 },
    { partNumber: 'TD-SEAL-60', unitPriceMinor: 12_000 },
  ],
  partsFree: false,
};
const seals = { partNumber: 'TD-SEAL-60', quantity: 2 };
const work = { visits: 1, laborMinutes: 90, parts: [seals] };
const lines = linesFor(prices, work);
const details = (problems: { detail: string }[]) => problems.map(({ detail }) => detail);

test('a breakdown has a line for visits, labor and each part, by the tariff; what it has no price for is left out', () => {
  const parts = [seals, { partNumber: 'XX-9', quantity: 1 }, { ...seals, quantity: 1 }];
  expect(linesFor(prices, { ...work, parts })).toEqual([
    { item: 'visit', quantity: 1, unitPriceMinor: 15_000 },
    { item: 'labor', quantity: 90, unitPriceMinor: 200 },
    { item: 'part', partNumber: 'TD-SEAL-60', quantity: 3, unitPriceMinor: 12_000 },
  ]);
  expect(totalOf(lines)).toBe(15_000 + 18_000 + 24_000);
});

test('whatever was done, its own breakdown is by the tariff and bills it exactly', () => {
  const part = fc.record({
    partNumber: fc.constantFrom('TD-MOTOR-60', 'TD-SEAL-60'),
    quantity: fc.integer({ min: 1, max: 9 }),
  });
  const done = fc.record({
    visits: fc.nat({ max: 5 }),
    laborMinutes: fc.nat({ max: 600 }),
    parts: fc.array(part, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(done, fc.boolean(), (what, partsFree) => {
      const bill = linesFor({ ...prices, partsFree }, what);
      expect(tariffProblems(bill, { ...prices, partsFree })).toEqual([]);
      expect(billProblems(bill, what)).toEqual([]);
    }),
  );
});

test.each<[string, ChargeLine, string]>([
  [
    'a dearer visit',
    { item: 'visit', quantity: 1, unitPriceMinor: 15_001 },
    'visit: the published tariff, version 7, asks 15000 for each',
  ],
  [
    'a cheaper minute',
    { item: 'labor', quantity: 1, unitPriceMinor: 199 },
    'labor: the published tariff, version 7, asks 200 for each',
  ],
  [
    'a part that is not listed',
    { item: 'part', partNumber: 'XX-9', quantity: 1, unitPriceMinor: 5 },
    'XX-9: the published tariff, version 7, has no price for it',
  ],
  [
    'a visit with a part number',
    { item: 'visit', partNumber: 'XX-9', quantity: 1, unitPriceMinor: 15_000 },
    'a part has a number, nothing else has',
  ],
])('%s is refused, and the tariff named', (_, line, detail) => {
  expect(details(tariffProblems([line], prices))).toEqual([detail]);
});

test('a line that stands there twice is refused', () => {
  const problems = tariffProblems([...lines, ...lines.slice(2)], prices);
  expect(details(problems)).toEqual(['TD-SEAL-60 stands in one line only']);
});

test('parts of a special user are free, and nothing else is', () => {
  const free = { ...prices, partsFree: true };
  expect(totalOf(linesFor(free, work))).toBe(15_000 + 18_000);
  expect(details(tariffProblems(lines, free))).toEqual([
    'TD-SEAL-60: the published tariff, version 7, asks 0 for each, free for a special user',
  ]);
});

test.each<[string, Partial<typeof work>, string]>([
  ['more visits than were made', { visits: 0 }, 'visit: at most 0 may be billed'],
  ['more minutes than were worked', { laborMinutes: 89 }, 'labor: at most 89 may be billed'],
  ['a part that nobody drew', { parts: [] }, 'TD-SEAL-60: none drawn from stock and used'],
  [
    'fewer parts than were drawn',
    { parts: [{ ...seals, quantity: 3 }] },
    'TD-SEAL-60: 3 drawn from stock and used',
  ],
])('a bill for %s is refused', (_, done, detail) => {
  expect(details(billProblems(lines, { ...work, ...done }))).toEqual([detail]);
});

test('a deposit is rounded up to a whole unit', () => {
  expect(depositOf(39_001, 50)).toBe(19_501);
  expect(depositOf(39_000, 100)).toBe(39_000);
});
