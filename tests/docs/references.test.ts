/** What README and docs/ name is there: files, headings, commands, settings. */
import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { anchorsOf, documents, read } from './markdown.ts';

const root = new URL('../../', import.meta.url).pathname;
const isOurs = (path: string) => existsSync(join(root, path.split('/')[0] ?? ''));
const all = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const flat = (text: string) => text.replace(/\s+/g, ' ').trim();

test.each(documents)('each link of %s leads to a file, and to a heading in it', (path) => {
  const links = all(read(path), /\]\((?!https?:)([^)\s]+)\)/g);
  const broken = links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test.each(documents)('each path that %s names is there', (path) => {
  const paths = all(read(path), /`([\w.-]+\/[\w./-]*)`/g);
  expect(paths.filter((name) => isOurs(name) && !existsSync(join(root, name)))).toEqual([]);
});

test('each command of npm that the documents name is a script', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('package.json')));
  const named = documents.flatMap((path) =>
    all(read(path), /(?<=\bnpm run (?:--silent )?)([a-z:]+)/g),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

const namedIn = (files: string, pattern: RegExp) =>
  globSync(files, { cwd: root }).flatMap((path) => all(read(path), pattern));
const ours = namedIn('config/*.ts', /^ {2}([A-Z][A-Z_]*): /gm);
const ofTemporal = namedIn(
  'node_modules/@temporalio/envconfig/lib/*.js',
  /'(TEMPORAL(?:_[A-Z]+)+)'/g,
);

test('each setting stands in docs/operating.md', () => {
  expect(ours).toContain('DATABASE_URL');
  const operating = read('docs/operating.md');
  expect(ours.filter((name) => !operating.includes(`\`${name}\``))).toEqual([]);
});

test('each setting that the documents name is one', () => {
  const named = documents.flatMap((path) => all(read(path), /\b([A-Z]+(?:_[A-Z]+)+)\b/g));
  const known = new Set([...ours, ...ofTemporal]);
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
});

test('the code in the README stands in the flow that it is taken from', () => {
  const flow = flat(read('workflows/in-warranty-repair.ts'));
  const code = all(read('README.md'), /```ts\n([^`]+)```/g);
  expect(code).toHaveLength(1);
  expect(code.filter((lines) => !flow.includes(flat(lines)))).toEqual([]);
});
