import { expect, test } from 'vitest';
import { callbackAnswer, ownWords, whatIsSaid } from '../../domain/inbound.ts';
import { callbackOutcome } from '../../domain/satisfaction.ts';

test.each([
  ['A', 'A'],
  ['b', 'B'],
  [' C. ', 'C'],
  ['Ｄ', 'D'],
  ['“a”！', 'A'],
  ['A\n\n> Please answer with a letter from A to D', 'A'],
  ['b\r\n\r\nOn Monday Afterloop wrote:\r\n> A or B', 'B'],
  ['A\n发件人：Afterloop', 'A'],
])('%j rates the service %s', (text, rating) => {
  expect(whatIsSaid(text)).toEqual({ kind: 'rating', rating });
});

test.each(['E', 'z', '1', 'А' /* Cyrillic */, '?x!', 'é'])(
  '%j is a letter nobody knows',
  (text) => {
    expect(whatIsSaid(text)).toEqual({ kind: 'unknownLetter' });
  },
);

test.each(['好', 'A technician came late', 'AB', 'Thanks!', '👍', '...', '谢谢 A'])(
  '%j is an opinion',
  (text) => {
    expect(whatIsSaid(text)).toEqual({ kind: 'opinion' });
  },
);

test('what a mail program quotes is not the customer’s; a mail that only quotes is taken whole', () => {
  expect(ownWords('It leaks again.\n\n-----Original Message-----\nold')).toBe('It leaks again.');
  expect(ownWords('> A\n> B')).toBe('> A\n> B');
});

test('A and B settle the case, C and D send it back to service', () => {
  const outcomes = (['A', 'B', 'C', 'D'] as const).map((one) =>
    callbackOutcome(callbackAnswer(one)),
  );
  expect(outcomes).toEqual(['settled', 'settled', 'serveAgain', 'serveAgain']);
});
