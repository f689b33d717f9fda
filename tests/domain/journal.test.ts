/** The journal by which a continued run walks to where the last one stood. */
import { expect, test } from 'vitest';
import { inside, once, recall, type WorkFile } from '../../workflows/kernel/work-file.ts';

/** One run of a flow over a journal that outlives it: only what steps and their counts need. */
const runOver = (journal: Record<string, unknown>) =>
  ({
    state: { journal },
    reached: new Map<string, number>(),
    inside: '',
    identity: { cycle: 1 },
  }) as unknown as WorkFile;

test('a step is taken once, also when a continued run walks past it again', async () => {
  const journal = {};
  const taken: string[] = [];
  for (const run of [runOver(journal), runOver(journal)]) {
    for (const word of ['first', 'second']) once(run, 'tell', () => void taken.push(word));
    expect(await recall(run, 'ask', async () => 'answer')).toBe('answer');
  }
  expect(taken).toEqual(['first', 'second']);
});

test('what is said inside a finished step does not count for what is said after it', async () => {
  const journal = {};
  const said: string[] = [];
  const asking = (run: WorkFile, task: string) =>
    recall(run, task, async () => {
      inside(run, task, () => once(run, 'tell.reminder', () => void said.push(task)));
      return 'answer';
    });
  await asking(runOver(journal), 'quote');
  const continued = runOver(journal);
  await asking(continued, 'quote');
  await asking(continued, 'payment');
  expect(said).toEqual(['quote', 'payment']);
});
