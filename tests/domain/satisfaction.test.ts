import { expect, test } from 'vitest';
import type { Answer } from '../../domain/flows/tasks.ts';
import { callbackOutcome, isSatisfied } from '../../domain/satisfaction.ts';

test('A and B satisfy, C and D do not; who has not rated has not complained', () => {
  expect((['A', 'B', 'C', 'D', undefined] as const).map(isSatisfied)).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

test.each<[Partial<Answer<'recordCallback'>>, string]>([
  [{ result: 'noAnswer' }, 'callAgain'],
  [{ result: 'postponed' }, 'callAgain'],
  [{ result: 'refused' }, 'settled'],
  [{ result: 'reached', fixed: 'fixed' }, 'settled'],
  [{ result: 'reached', fixed: 'fixed', rating: 'B' }, 'settled'],
  [{ result: 'reached', fixed: 'fixed', rating: 'C' }, 'serveAgain'],
  [{ result: 'reached', fixed: 'fixed', rating: 'D' }, 'serveAgain'],
  [{ result: 'reached', fixed: 'partly', rating: 'A' }, 'serveAgain'],
  [{ result: 'reached', fixed: 'notFixed' }, 'serveAgain'],
  [{ result: 'noAnswer', fixed: 'notFixed', rating: 'D' }, 'callAgain'],
])('a callback %o leads to %s', (callback, outcome) => {
  expect(callbackOutcome({ result: 'reached', ...callback })).toBe(outcome);
});
