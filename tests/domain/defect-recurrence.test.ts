/** N23: a corrective action worked, or it did not, by numbers: failures per treated unit against failures per prior unit. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEffective, opensReport, type Recurrence } from '../../domain/recurrence.ts';

const recurrence = (treated: [number, number], prior: [number, number]): Recurrence => ({
  treated: { units: treated[0], failures: treated[1] },
  prior: { units: prior[0], failures: prior[1] },
});

test.each([
  ['no treated unit failed', [2, 0], [22, 3], true],
  ['nothing failed at all', [10, 0], [30, 0], true],
  ['a treated unit failed, no prior one did', [10, 1], [30, 0], false],
  ['the same rate as before', [10, 2], [40, 8], false],
  ['half the rate of before', [10, 1], [40, 8], false],
  ['exactly a quarter of the rate of before', [10, 1], [10, 4], true],
  ['a little more than a quarter', [10, 1], [1_000, 399], false],
  ['fewer failures, but on far fewer units', [2, 1], [22, 3], false],
  ['more failures, but on far more units', [1_000, 5], [100, 4], true],
] as const)('%s', (_, treated, prior, effective) => {
  expect(isEffective(recurrence([...treated], [...prior]), 25)).toBe(effective);
});

const units = fc.integer({ min: 1, max: 500 });
const failures = fc.integer({ min: 0, max: 60 });
const percent = fc.integer({ min: 0, max: 100 });

test('it worked exactly when the rate of treated units is at most that share of the rate of prior units', () => {
  fc.assert(
    fc.property(units, failures, units, failures, percent, (tu, tf, pu, pf, atMost) => {
      const allowed = (pf / pu) * (atMost / 100);
      const rate = tf / tu;
      fc.pre(Math.abs(rate - allowed) > 1e-9);
      const expected = tf === 0 || (pf > 0 && rate < allowed);
      expect(isEffective(recurrence([tu, tf], [pu, pf]), atMost)).toBe(expected);
    }),
  );
});

test('one more failure of a treated unit never turns a failed action into one that worked, one more of a prior unit never the other way', () => {
  fc.assert(
    fc.property(units, failures, units, failures, percent, (tu, tf, pu, pf, atMost) => {
      const now = isEffective(recurrence([tu, tf], [pu, pf]), atMost);
      if (!now) expect(isEffective(recurrence([tu, tf + 1], [pu, pf]), atMost)).toBe(false);
      if (now) expect(isEffective(recurrence([tu, tf], [pu, pf + 1]), atMost)).toBe(true);
    }),
  );
});

test('twice the units with twice the failures is the same verdict', () => {
  fc.assert(
    fc.property(units, failures, units, failures, percent, (tu, tf, pu, pf, atMost) => {
      expect(isEffective(recurrence([2 * tu, 2 * tf], [pu, pf]), atMost)).toBe(
        isEffective(recurrence([tu, tf], [pu, pf]), atMost),
      );
    }),
  );
});

test('so many distinct units open a report, unless one is at work', () => {
  const serials = ['A-1', 'A-2', 'A-3'];
  expect(opensReport({ serials, report: null }, 3)).toBe(true);
  expect(opensReport({ serials, report: null }, 4)).toBe(false);
  expect(opensReport({ serials, report: 'C-000001' }, 3)).toBe(false);
});
