/** docs/changing-flows.md: each line of its tables is shown by a test. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const rows = read('docs/changing-flows.md')
  .split('\n')
  .filter((line) => /^\| (?!-)/.test(line) && !/shown by +\|$/.test(line));
const titles = new Set(
  globSync('tests/**/*.test.ts', { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/\btest\(\s*'([^'\n]+)'/g)].map(([, title]) => title ?? ''),
  ),
);

/** Names of the tests in the last cell of a row. */
const namedIn = (row: string) =>
  [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

test('each line of the tables names a test that there is', () => {
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((row) => namedIn(row).length === 0)).toEqual([]);
  expect(rows.flatMap(namedIn).filter((name) => !titles.has(name))).toEqual([]);
});
