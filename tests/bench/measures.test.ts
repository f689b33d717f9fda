import { expect, test } from 'vitest';
import { cpuBetween, fromProc, fromPs } from '../../bench/cpu.ts';
import { percentile } from '../../bench/numbers.ts';
import { countStatements } from '../../bench/statements.ts';

test('a percentile is a value that was measured, by nearest rank', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect([percentile(values, 50), percentile(values, 99), percentile(values, 100)]).toEqual([
    100, 198, 200,
  ]);
  expect([percentile([3, 1, 2], 50), percentile([7], 1)]).toEqual([2, 7]);
  expect(percentile([], 50)).toBeNaN();
});

test('CPU is user and system time, whatever the process calls itself', () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '250', '50', '9', '9'];
  expect(fromProc(`42 (a (b) 7 8) ${fields.join(' ')}`)).toBe(300);
});

test('ps tells time in days, hours, minutes and seconds', () => {
  expect(['0:01.50', '01:02:03', '2-00:00:01'].map(fromPs)).toEqual([1.5, 3723, 172_801]);
});

test('what a machine does not tell stays unknown', () => {
  const before = { engine: 1, worker: null, api: 2 };
  const after = { engine: 3, worker: 4, api: 2 };
  expect(cpuBetween(before, after, 4)).toEqual({ engine: 0.5, worker: null, api: 0 });
});

test('statements are counted once each by sender, without what no case asked for', () => {
  const log = [
    'afterloop|LOG:  execute x1y2: ',
    '\twith fresh as (select 1)',
    '\tinsert into effects',
    'afterloop|LOG:  execute <unnamed>: select 1',
    'afterloop|LOG:  execute <unnamed>: ',
    '\tselect b.oid, b.typarray',
    '\tfrom pg_catalog.pg_type a',
    'afterloop|ERROR:  deadlock detected',
    'afterloop-api|LOG:  statement: select 2',
    'afterloop-sweeps|LOG:  execute a: select flow',
    '\tfrom cases where started_at is null and is_open',
    'afterloop-bench|LOG:  execute b: select 3',
    '|LOG:  checkpoint starting: time',
    '',
  ];
  expect(countStatements(log.join('\n'))).toEqual({ worker: 2, api: 1 });
});
