/** The journal by which a continued run walks to where the last one stood. */
import { expect, test } from 'vitest';
import {
  inside,
  once,
  recall,
  recallInside,
  type WorkFile,
} from '../../workflows/kernel/work-file.ts';

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

/** An effect that is refused so often, each time a question with a number of its own. */
const refused = (run: WorkFile, effect: string, times: number, asked: string[]) =>
  recall(run, effect, async (occurrence) => {
    for (let refusal = 1; refusal <= times; refusal += 1)
      await recallInside(run, `${effect}-${occurrence}`, 'resolve', async (numbered) => {
        asked.push(`${effect}: resolve-${numbered}`);
      });
    return 'done';
  });

test('a question asked inside a finished step is no answer to one that is asked inside a later step', async () => {
  const journal = {};
  const asked: string[] = [];
  await refused(runOver(journal), 'book', 2, asked);
  const continued = runOver(journal);
  await refused(continued, 'book', 2, asked);
  await refused(continued, 'sign', 1, asked);
  expect(asked).toEqual(['book: resolve-1', 'book: resolve-2', 'sign: resolve-3']);
});

test('a question that is open when a run continues keeps its number, in whatever order the steps come back', async () => {
  const journal = {};
  const asked: string[] = [];
  const never = new Promise<never>(() => undefined);
  const ask = (run: WorkFile, effect: string) =>
    recall(run, effect, (occurrence) =>
      recallInside(run, `${effect}-${occurrence}`, 'resolve', (numbered) => {
        asked.push(`${effect}: resolve-${numbered}`);
        return never;
      }),
    );
  const [first, continued] = [runOver(journal), runOver(journal)];
  void ask(first, 'book');
  void ask(first, 'sign');
  void ask(continued, 'sign');
  void ask(continued, 'book');
  expect(asked.map((one) => one.replace(/.*-/, ''))).toEqual(['1', '2', '2', '1']);
});
