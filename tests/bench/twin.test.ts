import { expect, test } from 'vitest';
import { drift } from '../../bench/drift.ts';
import { classify } from '../../bench/history.ts';
import { lineOf, type Pair, type Round, ratiosOf } from '../../bench/pairs.ts';

const round = (events: number, worker: number | null, throughput: number): Round => ({
  events,
  cpu: { engine: 1, worker, api: 1 },
  throughput,
});
const pair = (product: Round, twin: Round): Pair => ({ product, twin });

test('the product is compared with its twin pair by pair, so that a slow minute counts for both', () => {
  const pairs = [
    pair(round(300, 0.6, 2), round(250, 0.4, 4)),
    pair(round(300, 6, 0.2), round(250, 4, 0.4)),
    pair(round(310, 0.9, 3), round(250, 0.3, 4)),
  ];
  const { events, cpu, workerCpu, throughput } = ratiosOf(pairs);
  expect([events, throughput]).toEqual([1.2, 0.5]);
  expect(workerCpu).toBeCloseTo(1.5);
  expect(cpu).toBeCloseTo(2.9 / 2.3);
});

test('where a machine tells no CPU the ratio is no number', () => {
  expect(ratiosOf([pair(round(300, 0.6, 2), round(250, null, 4))]).cpu).toBeNaN();
});

test('the last line has a form that programs read', () => {
  expect(lineOf(20, { events: 1.219, cpu: 1.481, throughput: 0.6402 })).toBe(
    'twin at 20: events 1.22, cpu 1.48, throughput 0.64',
  );
});

/** A case that was answered and wrote so much. */
const caseOf = (
  answers: string[],
  effects: string[],
  { workflows = ['C-1'], rows = [] }: { workflows?: string[]; rows?: string[] } = {},
) => {
  const acts = [
    ...answers.map((about) => ({ type: 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', about })),
    ...effects.map((about) => ({ type: 'ACTIVITY_TASK_SCHEDULED', about })),
    { type: 'ACTIVITY_TASK_COMPLETED', about: '' },
    ...rows.map((about) => ({ type: 'MARKER_RECORDED', about })),
  ];
  return { workflows, events: classify(acts.map((one, id) => ({ id, ...one }))), bytes: 0 };
};

test('rows of the read model make no difference between twins, nor do messages that leave together', () => {
  const product = caseOf(['confirmVisit'], ['book', 'sendMessages'], {
    rows: ['recordProgress'],
  });
  expect(
    drift(product, caseOf(['confirmVisit'], ['book', 'sendMessages', 'sendMessages'])),
  ).toEqual([]);
});

test('an answer, an effect or a child that only one of them has is named', () => {
  const product = caseOf(['confirmVisit', 'quote'], ['book'], {
    workflows: ['C-1', 'C-1/loan1'],
  });
  expect(drift(product, caseOf(['confirmVisit'], ['book', 'rank']))).toEqual([
    'it lacks quote',
    'it alone has rank',
    'the number of workflows differs',
  ]);
});
