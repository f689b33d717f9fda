import { expect, test } from 'vitest';
import { definitionOf } from '../../domain/catalogue.ts';
import type { Answer, TaskName } from '../../domain/flows/tasks.ts';
import { type Contexts, engineProblems, problems } from '../../domain/flows/tasks.ts';
import type { UsedLine } from '../../domain/loan.ts';

/** Where the first example of a task, with changes, is found wrong. */
function wrong<Name extends TaskName>(
  name: Name,
  changes: Partial<Answer<Name>>,
  context: Partial<Contexts[Name]> = {},
): string[] {
  const answer = { ...definitionOf(name).example(context), ...changes };
  return problems(name, answer, context).map((problem) => problem.pointer);
}

const pump = { partNumber: 'HP-PUMP-230', quantity: 1 };
const used: UsedLine[] = [{ ...pump, oldPartSerials: ['OLD-1'] }];
const candidates = [
  {
    engineerNumber: 'EN-01',
    staffNumber: 'ST-02',
    score: 90,
    reasons: [],
    start: '2026-03-16T01:00:00.000Z',
    end: '2026-03-16T03:00:00.000Z',
  },
];
const visit = { engineerNumber: 'EN-01', customerAgreed: true as const };

test.each<[string, Partial<Answer<'reportPhoneTriage'>>, string[]]>([
  [
    'guides a customer without the part',
    { customerHasPart: false, guideByPhone: true },
    ['/guideByPhone'],
  ],
  ['guides though it is fixed', { fixedByPhone: true, guideByPhone: true }, ['/guideByPhone']],
  ['names no part that the customer has', { expectedParts: [] }, ['/expectedParts']],
  ['fixes by phone', { fixedByPhone: true, guideByPhone: false }, []],
  [
    'sends an engineer without parts',
    { customerHasPart: false, guideByPhone: false, expectedParts: [] },
    [],
  ],
])('a triage that %s', (_, changes, pointers) => {
  expect(wrong('reportPhoneTriage', changes)).toEqual(pointers);
});

test('a guided replacement that succeeded names the part', () => {
  expect(wrong('reportGuidedReplacement', { fixed: true })).toEqual(['/usedParts']);
  const usedParts = [{ ...pump, oldPartSerials: ['OLD-1'] }];
  expect(wrong('reportGuidedReplacement', { fixed: true, usedParts })).toEqual([]);
  expect(
    wrong('reportGuidedReplacement', { fixed: true, usedParts: [{ ...pump, oldPartSerials: [] }] }),
  ).toEqual(['/usedParts/0/oldPartSerials']);
});

test.each<[string, Partial<Answer<'confirmVisit'>>, string[]]>([
  ['a proposed engineer without a slot', {}, []],
  ['a start without an end', { start: '2026-03-16T01:00:00Z' }, ['/end']],
  [
    'an end before the start',
    { start: '2026-03-16T03:00:00Z', end: '2026-03-16T01:00:00Z' },
    ['/end'],
  ],
  [
    'an end that is the start',
    { start: '2026-03-16T03:00:00Z', end: '2026-03-16T03:00:00Z' },
    ['/end'],
  ],
  ['another engineer without a slot', { engineerNumber: 'EN-99' }, ['/engineerNumber']],
  [
    'another engineer with a slot',
    { engineerNumber: 'EN-99', start: '2026-03-16T01:00:00Z', end: '2026-03-16T03:00:00Z' },
    [],
  ],
])('a visit agreed with %s', (_, changes, pointers) => {
  const found = problems('confirmVisit', { ...visit, ...changes }, { candidates });
  expect(found.map((problem) => problem.pointer)).toEqual(pointers);
});

const line = (quantity: number, source: 'loan' | 'customer', serials = quantity) => ({
  partNumber: 'HP-PUMP-230',
  quantity,
  source,
  oldPartSerials: Array.from({ length: serials }, (_, index) => `OLD-${index}`),
});
const tally = (outstanding: number) => ({ partNumber: 'HP-PUMP-230', issued: 2, outstanding });

test.each<[string, Partial<Answer<'reportRepair'>>, string[]]>([
  ['as many as are on loan', { usedParts: [line(2, 'loan')] }, []],
  ['more than are on loan', { usedParts: [line(3, 'loan')] }, ['/usedParts/0/quantity']],
  [
    'more than are on loan, in two lines',
    { usedParts: [line(2, 'loan'), line(1, 'loan')] },
    ['/usedParts/0/quantity', '/usedParts/1/quantity'],
  ],
  ["the customer's own beside them", { usedParts: [line(2, 'loan'), line(5, 'customer')] }, []],
  [
    'a part without its old serials',
    { usedParts: [line(2, 'loan', 1)] },
    ['/usedParts/0/oldPartSerials'],
  ],
  [
    'none, one being missing that is not named',
    { usedParts: [], result: 'partMissing' },
    ['/expectedParts'],
  ],
])('a repair that used %s', (_, changes, pointers) => {
  const context = { onLoan: [tally(2)], customerParts: [] };
  expect(wrong('reportRepair', changes, context)).toEqual(pointers);
});

test('parts of one number from two loans count together', () => {
  const context = { onLoan: [tally(1), tally(1)], customerParts: [] };
  expect(wrong('reportRepair', {}, context)).toEqual([]);
  expect(wrong('reportRepair', { usedParts: [line(2, 'loan')] }, context)).toEqual([]);
  expect(wrong('reportRepair', { usedParts: [line(3, 'loan')] }, context)).toEqual([
    '/usedParts/0/quantity',
  ]);
});

test.each(['fileWarrantyClaim', 'receiveOldParts'] as const)(
  '%s is about exactly the parts used',
  (name) => {
    const context = { usedParts: used };
    expect(wrong(name, {}, context)).toEqual([]);
    expect(
      wrong(name, { lines: [{ ...pump, quantity: 2, oldPartSerials: ['A', 'B'] }] }, context),
    ).toEqual(['/lines']);
    expect(wrong(name, { lines: [{ ...pump, oldPartSerials: [] }] }, context)).toEqual([
      '/lines/0/oldPartSerials',
    ]);
  },
);

test('parts used in several lines may be claimed in one, in any order', () => {
  const seal = { partNumber: 'HP-SEAL-230', quantity: 1, oldPartSerials: ['S-1'] };
  const context = { usedParts: [seal, ...used, { ...seal, oldPartSerials: ['S-2'] }] };
  const lines = [...used, { ...seal, quantity: 2, oldPartSerials: ['S-1', 'S-2'] }];
  expect(wrong('fileWarrantyClaim', { lines }, context)).toEqual([]);
});

test.each<[string, Partial<Answer<'signServiceRecord'>>, string[]]>([
  ['of another version', { version: 2 }, ['/version']],
  ['of another digest', { digest: 'f'.repeat(64) }, ['/digest']],
  ['without a rating', { rating: undefined }, ['/rating']],
  ['by nobody', { signedBy: undefined }, ['/signedBy']],
  ['refused without a word', { signed: false, rating: undefined }, ['/refusal']],
  ['refused with a word', { signed: false, rating: undefined, refusal: 'No time.' }, []],
])('a signature %s', (_, changes, pointers) => {
  const context = { version: 1, digest: 'a'.repeat(64) };
  const answer = { ...definitionOf('signServiceRecord').example(context), ...changes };
  const clean = JSON.parse(JSON.stringify(answer));
  expect(problems('signServiceRecord', clean, context).map(({ pointer }) => pointer)).toEqual(
    pointers,
  );
});

test('a departure check that is not whole says what is missing', () => {
  expect(wrong('confirmDeparture', { tools: false })).toEqual(['/missing']);
  expect(wrong('confirmDeparture', { tools: false, missing: 'Torque wrench.' })).toEqual([]);
});

test.each([
  ['none', []],
  ['user', ['/userSignature']],
  ['userAndWitnesses', ['/userSignature', '/witnessSignatures']],
] as const)(
  'with signatures set to %s, an unsigned on-site record lacks %o',
  (signatures, pointers) => {
    const { userSignature: _, ...record } = definitionOf('recordSiteFacts').example({
      signatures,
    }) as Answer<'recordSiteFacts'>;
    const unsigned = { ...record, witnessSignatures: [] };
    expect(
      problems('recordSiteFacts', unsigned, { signatures }).map(({ pointer }) => pointer),
    ).toEqual(pointers);
  },
);

test('a customer who was reached is asked whether it is fixed', () => {
  expect(problems('recordCallback', { result: 'reached' }, { attempt: 1 })).toHaveLength(1);
  expect(problems('recordCallback', { result: 'noAnswer' }, { attempt: 1 })).toEqual([]);
});

test('the engine asks nothing that only the database could answer', () => {
  const departure = { mustCarryItems: true, workClothing: true, tools: false, papers: true };
  expect(engineProblems('confirmDeparture', departure, {})).toEqual([]);
  expect(engineProblems('recordSiteFacts', {}, { signatures: 'user' })).toEqual([]);
});

test('a task without checks has no problems', () => {
  expect(problems('approveLoan', { approved: true }, {})).toEqual([]);
});

test.each([
  ['in the past', '2026-03-01T01:00:00Z', '2026-03-01T03:00:00Z', ['/start']],
  ['for two days', '2026-03-20T01:00:00Z', '2026-03-22T01:00:00Z', ['/end']],
  ['that ends before it starts', '2026-03-20T03:00:00Z', '2026-03-20T01:00:00Z', ['/end']],
  ['ahead, of two hours', '2026-03-20T01:00:00Z', '2026-03-20T03:00:00Z', []],
])('a visit %s', (_, start, end, pointers) => {
  const context = { candidates: [], proposedAt: '2026-03-15T00:00:00Z' };
  const answer = { engineerNumber: 'EN-01', start, end, customerAgreed: true };
  const found = problems('confirmVisit', answer, context);
  expect(found.map(({ pointer }) => pointer)).toEqual(pointers);
});

test('nobody signs where nobody was', () => {
  const answer = {
    faultAccount: 'x',
    operationBefore: 'x',
    operationAfter: 'x',
    witnessSignatures: [],
  };
  const context = { signatures: 'userAndWitnesses' };
  expect(problems('recordSiteFacts', answer, context)).not.toEqual([]);
  expect(problems('recordSiteFacts', { ...answer, customerAbsent: true }, context)).toEqual([]);
});
