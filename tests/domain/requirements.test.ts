/** docs/requirements.md and the code name the same ids. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const id = /(?<!%)\b(?:FLOW-[A-Z]+(?:-[A-Z]+)*|CASE-\d\d|[RM]\d\d|[ACDIKN]\d{1,2})\b/g;

const listed = [
  ...read('docs/requirements.md').matchAll(/^- \*\*(.+?)\*\*( _to come_)?: \S/gm),
].map(([, name = '', toCome]) => ({ name, toCome: toCome !== undefined }));

const cited = new Set(
  globSync(['**/*.{ts,tsx,sql,grit}', 'README.md', 'docs/*.md'], {
    cwd: root,
    exclude: [
      'node_modules',
      '.data',
      '.cache',
      'docs/requirements.md',
      'tests/domain/requirements.test.ts',
    ],
  }).flatMap((path) => read(path).match(id) ?? []),
);

test('each line of docs/requirements.md defines one id, once', () => {
  const names = listed.map(({ name }) => name);
  expect(names.filter((name) => name.replace(id, '') !== '')).toEqual([]);
  expect(names).toHaveLength(new Set(names).size);
  expect(read('docs/requirements.md').match(/^- /gm)).toHaveLength(names.length);
});

test('every id that is cited is listed, and none that is cited is still to come', () => {
  const known = new Set(listed.filter(({ toCome }) => !toCome).map(({ name }) => name));
  expect([...cited].filter((name) => !known.has(name)).sort()).toEqual([]);
});

test('every id that is listed is cited, or marked as to come', () => {
  const idle = listed.filter(({ name, toCome }) => !toCome && !cited.has(name));
  expect(idle.map(({ name }) => name)).toEqual([]);
});
