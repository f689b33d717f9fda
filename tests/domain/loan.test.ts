import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  areLines,
  isCleared,
  type LoanTally,
  type PartLine,
  returnProblems,
  shareOut,
  sumLines,
} from '../../domain/loan.ts';

const numbers = ['PUMP-1', 'SEAL-1', 'HOSE-1'] as const;
const partNumber = fc.constantFrom(...numbers);
const lines = fc.array(fc.record({ partNumber, quantity: fc.integer({ min: 1, max: 5 }) }), {
  maxLength: 6,
});
const tallies: fc.Arbitrary<LoanTally[]> = fc.uniqueArray(
  fc
    .record({ partNumber, issued: fc.integer({ min: 1, max: 9 }), left: fc.nat(9) })
    .map(({ left, ...line }) => ({ ...line, outstanding: Math.min(left, line.issued) })),
  { selector: (line) => line.partNumber },
);
const loans = fc
  .array(tallies, { maxLength: 4 })
  .map((all) => all.map((tally, index) => ({ loan: `loan${index + 1}`, lines: tally })));

const of = (given: PartLine[], number: string) =>
  given.filter((line) => line.partNumber === number).reduce((sum, line) => sum + line.quantity, 0);

test('summed lines name each part once, with all of its quantity, in the order of appearance', () => {
  fc.assert(
    fc.property(lines, (given) => {
      const sums = sumLines(given);
      expect(sums.map((line) => line.partNumber)).toEqual([
        ...new Set(given.map((line) => line.partNumber)),
      ]);
      for (const number of numbers) expect(of(sums, number)).toBe(of(given, number));
    }),
  );
});

test('used parts are drawn from the oldest loan first, never more than it has out, and none twice', () => {
  fc.assert(
    fc.property(lines, loans, (used, all) => {
      const shares = shareOut(used, all);
      for (const number of numbers) {
        let left = of(used, number);
        for (const { loan, lines: out } of all) {
          const due = Math.min(
            left,
            out.find((line) => line.partNumber === number)?.outstanding ?? 0,
          );
          const got = of(shares.find((share) => share.loan === loan)?.lines ?? [], number);
          expect(got).toBe(due);
          left -= due;
        }
      }
    }),
  );
});

test('a share names no loan and no part that got nothing', () => {
  fc.assert(
    fc.property(lines, loans, (used, all) => {
      for (const share of shareOut(used, all)) {
        expect(share.lines.length).toBeGreaterThan(0);
        for (const line of share.lines) expect(line.quantity).toBeGreaterThan(0);
      }
    }),
  );
});

const out: LoanTally[] = [
  { partNumber: 'PUMP-1', issued: 1, outstanding: 1 },
  { partNumber: 'SEAL-1', issued: 3, outstanding: 2 },
];
const back = (number: string, used: number, unused: number, serials = used) => ({
  partNumber: number,
  usedWithCore: used,
  returnedUnused: unused,
  oldPartSerials: Array.from({ length: serials }, (_, index) => `OLD-${index}`),
});

test.each([
  [
    'all of it used, with old parts and slip',
    [back('PUMP-1', 1, 0), back('SEAL-1', 2, 0)],
    'SLIP-1',
    [],
  ],
  ['all of it unused, without a slip', [back('PUMP-1', 0, 1), back('SEAL-1', 0, 2)], undefined, []],
  ['a part of it', [back('SEAL-1', 1, 0)], 'SLIP-1', []],
  ['more than is out', [back('SEAL-1', 1, 2)], 'SLIP-1', ['/lines/0']],
  ['a part that was never lent', [back('HOSE-1', 0, 1)], undefined, ['/lines/0']],
  ['a used part without the slip', [back('PUMP-1', 1, 0)], undefined, ['/slipNumber']],
  [
    'a used part without its old part',
    [back('PUMP-1', 1, 0, 0)],
    'SLIP-1',
    ['/lines/0/oldPartSerials'],
  ],
  ['an old part too many', [back('SEAL-1', 1, 1, 2)], 'SLIP-1', ['/lines/0/oldPartSerials']],
  ['a line that returns nothing', [back('PUMP-1', 0, 0)], undefined, ['/lines/0']],
  ['one part in two lines', [back('SEAL-1', 0, 1), back('SEAL-1', 0, 1)], undefined, ['/lines']],
])('a return of %s', (_, given, slip, pointers) => {
  expect(returnProblems(out, given, slip).map((problem) => problem.pointer)).toEqual(pointers);
});

test('whatever is accepted leaves nothing negative', () => {
  const line = fc.record({
    partNumber,
    usedWithCore: fc.nat(4),
    returnedUnused: fc.nat(4),
  });
  fc.assert(
    fc.property(tallies, fc.array(line, { maxLength: 4 }), (open, given) => {
      const full = given.map((one) => ({
        ...one,
        oldPartSerials: Array.from({ length: one.usedWithCore }, () => 'X'),
      }));
      if (returnProblems(open, full, 'SLIP-1').length > 0) return;
      for (const one of open) {
        const returned = full
          .filter((other) => other.partNumber === one.partNumber)
          .reduce((sum, other) => sum + other.usedWithCore + other.returnedUnused, 0);
        expect(one.outstanding - returned).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a loan is cleared when nothing is out any more', () => {
  expect(isCleared(out)).toBe(false);
  expect(isCleared(out.map((line) => ({ ...line, outstanding: 0 })))).toBe(true);
});

test.each<[unknown, boolean]>([
  [[], true],
  [[{ partNumber: 'PUMP-1', quantity: 0 }], true],
  [[{ partNumber: 'PUMP-1', quantity: 2, more: 'x' }], true],
  [[{ partNumber: 'PUMP-1', quantity: -1 }], false],
  [[{ partNumber: 'PUMP-1', quantity: 0.5 }], false],
  [[{ partNumber: 'PUMP-1', quantity: '1' }], false],
  [[{ partNumber: 'PUMP-1' }], false],
  [[{ partNumber: 5, quantity: 1 }], false],
  [[null], false],
  [['PUMP-1'], false],
  [null, false],
  ['PUMP-1', false],
  [undefined, false],
])('%j are lines with quantities: %s', (value, yes) => {
  expect(areLines(value, 'quantity')).toBe(yes);
});
