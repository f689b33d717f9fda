import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { type ActionName, actions } from '../../domain/action-contracts.ts';
import { answers, definitionOf } from '../../domain/catalogue.ts';
import { publicShape, splitPersonal } from '../../domain/fields.ts';
import type { TaskName } from '../../domain/flows/tasks.ts';
import validatorsSource from '../../worker/validators.ts';
import { shapeProblems } from '../../workflows/shapes.ts';
import { validators } from '../../workflows/validators.ts';

// as the bundle does
const generated = await import(`data:text/javascript,${encodeURIComponent(validatorsSource())}`);
Object.assign(validators, generated.validators);

const tasks = Object.keys(answers) as TaskName[];

const actionExamples: { [Name in ActionName]: object } = {
  escalate: { reason: 'Too slow.', level: 2 },
  acknowledge: { reason: 'Seen.' },
  hold: { reason: 'On holiday.', holdReason: 'awaitingCustomer' },
  resume: { reason: 'Back.' },
  reassign: { reason: 'Ill.', assignee: 'ST-12' },
  waive: { reason: 'Lost.', blocker: 'loan1' },
  reject: { reason: 'Not ours.' },
  cancel: { reason: 'Withdrawn.' },
  close: { reason: 'Done.' },
  note: { reason: 'Called.' },
  requestSupport: { reason: 'Stuck.' },
  extendLoan: { reason: 'Not yet.', loan: 'loan1', dueAt: '2026-04-01T00:00:00Z' },
  writeOffLoan: {
    reason: 'Lost.',
    loan: 'loan1',
    lines: [{ partNumber: 'HP-PUMP-230', quantity: 1 }],
    chargeTo: 'company',
  },
  divert: { reason: 'Down.', service: 'parts' },
};

interface Case {
  name: string;
  contract: z.ZodObject;
  example: Record<string, unknown>;
}
const cases: Case[] = [
  ...tasks.map((name) => {
    const answer = definitionOf(name).example({}) as Record<string, unknown>;
    const { publicPart } = splitPersonal(answers[name], answer);
    return {
      name,
      contract: answers[name] as z.ZodObject,
      example: { ...publicPart, document: null },
    };
  }),
  ...(Object.keys(actions) as ActionName[]).map((name) => ({
    name,
    contract: actions[name] as z.ZodObject,
    example: { ...actionExamples[name], document: null },
  })),
];

test.each(cases)('the checker takes the example of $name', ({ name, example }) => {
  expect(shapeProblems(name, example)).toEqual([]);
});

const oddities = fc.oneof(
  fc.constantFrom<unknown[]>(null, true, false, '', 'x', [], {}, 0, 1, -1, 0.5, 1e9, 2 ** 53, -0),
  fc.constantFrom<unknown[]>(
    'HP-PUMP-230',
    'ST-01',
    'A',
    'loan1',
    '2026-01-01T00:00:00Z',
    'a'.repeat(501),
  ),
  fc.constantFrom<unknown[]>(
    '2026-02-30T00:00:00Z',
    '1999-01-01T00:00:00Z',
    '2026-01-01T00:00:00',
    'Z\0',
  ),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.integer(),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }),
);

/** Every place in a JSON value. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

type Mutation = { kind: 'set' | 'drop' | 'add' | 'double'; value: unknown };

function mutated(value: unknown, [key, ...rest]: string[], mutation: Mutation): unknown {
  if (key === undefined) return changed(value, mutation);
  if (Array.isArray(value)) {
    const index = Number(key);
    if (rest.length === 0 && mutation.kind === 'drop') return value.toSpliced(index, 1);
    return value.with(index, mutated(value[index], rest, mutation));
  }
  const { [key]: child, ...others } = value as Record<string, unknown>;
  if (rest.length === 0 && mutation.kind === 'drop') return others;
  return { ...others, [key]: mutated(child, rest, mutation) };
}

function changed(value: unknown, { kind, value: odd }: Mutation): unknown {
  if (kind === 'add' && Array.isArray(value)) return [...value, odd];
  if (kind === 'add' && typeof value === 'object' && value !== null)
    return { ...value, extra: odd };
  if (kind === 'double' && Array.isArray(value))
    return Array.from({ length: 120 }, () => value[0] ?? odd);
  return odd;
}

const mutations: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(
    'set' as const,
    'set' as const,
    'drop' as const,
    'add' as const,
    'double' as const,
  ),
  value: oddities,
});

describe.each(cases)('whatever is done to the example of $name', ({ name, contract, example }) => {
  const shape = publicShape(contract);
  test('the checker refuses what the contract refuses, and takes what it takes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...places(example)),
        mutations,
        fc.option(fc.tuple(fc.nat(), mutations)),
        (place, mutation, second) => {
          const once = mutated(example, place, mutation);
          const all = places(once);
          const twice = second ? mutated(once, all[second[0] % all.length] ?? [], second[1]) : once;
          const problems = shapeProblems(name, twice);
          const verdict = shape.safeParse(twice);
          expect(problems.length === 0, JSON.stringify({ twice, problems })).toBe(verdict.success);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test.each([null, undefined, 'text', 7, [], [[]], { __proto__: { a: 1 } }])(
  'garbage %o is refused, not thrown at',
  (garbage) => {
    for (const { name } of cases) expect(shapeProblems(name, garbage)).not.toEqual([]);
  },
);

test('what is wrong is said in words, with its place', () => {
  const problem = (answer: object) => shapeProblems('hold', { ...answer, document: null });
  const right = { reason: 'On holiday.', holdReason: 'awaitingCustomer' };
  expect(problem({ ...right, holdReason: 'because' })).toEqual([
    expect.stringMatching(/^\/answer\/holdReason must be one of awaitingCustomer, /),
  ]);
  expect(problem({ ...right, untilWhen: 'x' })).toEqual(['/answer/untilWhen is not known']);
  expect(problem({})).toEqual(["/answer must have required property 'reason'"]);
});

test('an answer to nothing that we know is refused', () => {
  for (const name of ['reopened', 'toString', '__proto__'])
    expect(shapeProblems(name, {})).toEqual(['/answer is to something unknown']);
});
