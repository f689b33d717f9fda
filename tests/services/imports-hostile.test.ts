/** Files that are made to be work: none of them keeps the process from its other work for as long as an ordinary file of the same size
 *  takes as a whole. */
import { beforeAll, expect, test } from 'vitest';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { importer, lines } from '../support/services/imports-fixtures.ts';

const database = databaseOfThisFile();
const { take } = importer(database);
const bytes = 8 * 1024 * 1024;
const head = 'customerNumber,kind,name,territory';

/** Milliseconds of a dry run, and the longest of them in which nothing else was done. */
async function measured(file: Buffer): Promise<{ ms: number; blockedMs: number; found: number }> {
  const beganAt = performance.now();
  let [turnAt, blockedMs] = [beganAt, 0];
  const turn = () => {
    blockedMs = Math.max(blockedMs, performance.now() - turnAt);
    turnAt = performance.now();
  };
  const turns = setInterval(turn, 1);
  const result = await take('customers', file, null);
  turn();
  clearInterval(turns);
  const found = result.kind === 'wrong' ? result.found : 0;
  return { ms: performance.now() - beganAt, blockedMs, found };
}

const row = (n: number) => `CU-${80_000_000 + n},individual,${'x'.repeat(400)} ${n},nowhere`;
const ordinary = Buffer.from(
  lines(head, ...Array.from({ length: 19_000 }, (_, n) => row(n))).slice(0, bytes),
);
let usual: Awaited<ReturnType<typeof measured>>;
beforeAll(async () => {
  await measured(ordinary); // the first time takes longer
  usual = await measured(ordinary);
});

const repeated = (text: string, first = '') =>
  Buffer.from(first + text.repeat((bytes - first.length) / text.length));

test.each([
  ['commas alone', repeated(',')],
  ['empty quoted cells alone', repeated('"",')],
  ['rows of as many commas as a row may hold characters', repeated(`${','.repeat(99_999)}\n`)],
  ['rows of as many empty cells as are allowed', repeated(`${','.repeat(199)}\n`)],
  ['line ends alone', repeated('\n')],
  ['rows of one character', repeated('a\n')],
  ['spaces and line ends', repeated(' \n')],
  ['line ends, and no text at the very end', Buffer.concat([repeated('\n'), Buffer.from([0xff])])],
  [
    'something wrong in every cell',
    repeated(`${'1,'.repeat(199)}${'1'.repeat(30)}\n`, `${head}${','.repeat(196)}\n`),
  ],
])('%s', async (_, file) => {
  const { blockedMs, found } = await measured(file);
  expect(found).toBeGreaterThan(0);
  expect(blockedMs).toBeLessThan(usual.ms);
});

test('a row of too many cells is told by its place; commas in a quoted cell make none', async () => {
  const wide = `CU-7061${','.repeat(200)}`;
  const file = lines(head, `CU-7060,individual,"${',\r\n'.repeat(300)}",north`, wide);
  expect(await take('customers', file.replaceAll('\n', '\r\n'))).toMatchObject({
    errors: [{ row: 3, column: null, detail: 'at most 200 cells' }],
  });
});
