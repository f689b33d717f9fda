/** The documents that a newcomer reads, and what can be said of them without understanding them. */
import { globSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url).pathname;

/** The text of a file of the repository. */
export const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Paths of the README and of all that stands in `docs/`. */
export const documents: readonly string[] = [
  'README.md',
  ...globSync('docs/*.md', { cwd: root }).sort(),
];

const withoutComments = (text: string) => text.replace(/<!--[\s\S]*?-->/g, '');
const withoutBlocks = (text: string) => text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');

/** Paragraphs, headings, items of lists and cells of tables, each in one line; no code, no comments. */
export function blocksOf(text: string): string[] {
  const lines = withoutBlocks(withoutComments(text)).split('\n');
  const parted = lines.map((line) =>
    /^\s*\|/.test(line)
      ? `\n\n${line.split('|').join('\n\n')}\n\n`
      : line.replace(/^\s*(?:[-*]|\d+\.|#+)\s+/, '\n\n'),
  );
  return parted
    .join('\n')
    .split(/\n\s*\n/)
    .map((block) => block.replace(/\s+/g, ' ').trim())
    .filter((block) => block !== '');
}

/** Sentences of a block. Code counts as one word, a link as its text. */
export const sentencesOf = (block: string): string[] =>
  block
    .replace(/`[^`]*`/g, 'code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_]{1,2}/g, '')
    .split(/(?<=[.!?][)"’”]*)\s+/);

/** How many words a sentence has; a dash or an arrow is none. */
export const wordsIn = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Names that a heading has in links: `#on-your-own-servers`. */
export const anchorsOf = (text: string): string[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
