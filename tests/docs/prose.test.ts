/** README and docs/ are short, and say one thing at a time. */
import { expect, test } from 'vitest';
import { blocksOf, documents, read, sentencesOf, wordsIn } from './markdown.ts';

test('the README has at most 150 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test.each(documents)('no sentence of %s has more than 35 words', (path) => {
  const sentences = blocksOf(read(path)).flatMap(sentencesOf);
  expect(sentences.length).toBeGreaterThan(10);
  expect(sentences.filter((sentence) => wordsIn(sentence) > 35)).toEqual([]);
});
