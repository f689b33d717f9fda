/** The journal by which a continued run walks to where the last one stood. */
import { expect, test } from 'vitest';
import { isCorrection, isWalking, nextKey, step } from '../../workflows/kernel/journal.ts';
import { newRun, type Run, type State } from '../../workflows/kernel/run.ts';

/** A run of a case: the first, or one that goes on with what an earlier one carried. */
const runOf = (carried?: State, cycle = 1): Run =>
  newRun(
    {
      caseNumber: 'C-000001',
      workflowId: 'C-000001',
      cycle,
      plan: { drill: false, territory: 'NORTH', taskDueMs: {}, acknowledgeWithinMs: 0 },
      prefix: '',
      claim: async () => true,
      view: () => null,
      onAnswer: () => undefined,
      onRung: () => undefined,
      partnerWaits: () => [],
      moments: () => [],
      mayCancel: () => true,
    },
    carried,
    {},
  );
const carriedBy = ({ state }: Run): State => JSON.parse(JSON.stringify(state));

test('a step is taken once, also when a continued run walks past it again', async () => {
  const taken: string[] = [];
  const take = (run: Run) => step(run, 'ask', () => taken.push('asked') && 'answer');
  const first = runOf();
  expect(await take(first)).toBe('answer');
  expect(await take(first)).toBe('answer');
  const next = runOf(carriedBy(first));
  expect(await take(next)).toBe('answer');
  expect(await take(next)).toBe('answer');
  expect(taken).toHaveLength(2);
});

test('a run walks until it has come to the step that the last one had begun and not ended', async () => {
  const never = new Promise<never>(() => undefined);
  const first = runOf();
  await step(first, 'ask', () => 'answer');
  void step(first, 'wait', () => never);
  const next = runOf(carriedBy(first));
  expect(isWalking(next)).toBe(true);
  await step(next, 'ask', () => 'asked again');
  expect(isWalking(next)).toBe(true);
  void step(next, 'wait', () => never);
  expect(isWalking(next)).toBe(false);
});

test('a step that was begun goes on from what it had noted', async () => {
  const never = new Promise<never>(() => undefined);
  const first = runOf();
  void step(first, 'call', ({ entry }) => {
    entry.request = { at: 'noon' };
    return never;
  });
  const next = runOf(carriedBy(first));
  expect(await step(next, 'call', ({ entry }) => entry.request)).toEqual({ at: 'noon' });
  expect(next.state.journal['call-1']).not.toHaveProperty('request');
});

test('an effect that was given up for a corrected answer is given up in a continued run too', async () => {
  const first = runOf();
  const giveUp = (run: Run) =>
    step(run, 'call', ({ entry }) => {
      entry.corrected = true;
      entry.done = true;
    });
  first.state.journal['call-1'] = { done: true, since: '', corrected: true };
  const failure = await giveUp(runOf(carriedBy(first))).catch((error: unknown) => error);
  expect(isCorrection(failure)).toBe(true);
});

test('occurrences count on over the cycles of a case, and name the effect', async () => {
  const run = runOf(undefined, 2);
  expect(nextKey(run, 'dispatch.book')).toBe('C-000001/2/dispatch.book/101');
  await step(run, 'dispatch.book', () => null);
  expect(nextKey(run, 'dispatch.book')).toBe('C-000001/2/dispatch.book/102');
});
