/** FLOW-DEF at the door: what a report is promised, and what its answers must fulfil. */
import { expect, test } from 'vitest';
import { definitionOf } from '../../domain/catalogue.ts';
import {
  type OpenDefectReport,
  openDefectReport,
  openExamples,
} from '../../domain/flows/defect-report/opening.ts';
import { planDefectReport } from '../../domain/flows/defect-report/plan.ts';
import { problems } from '../../domain/flows/tasks.ts';
import { policies } from '../../setup/demo-data/policies.ts';

const [example] = openExamples;
const policy = policies.find(({ name }) => name === 'itProduct');
const now = '2026-03-15T10:00:00.000Z';

function planOf(
  changes: Partial<OpenDefectReport> = {},
  source: null | { kind: string; caseNumber: string } = null,
) {
  if (!example || !policy) throw new Error('no example');
  const request = { ...example, ...changes };
  const planned = planDefectReport(
    { request, now, because: ['asked for by name'], override: null, source },
    { model: { productModel: 'NET-SW48', productClass: 'itProduct' }, policy },
  );
  if (!('plan' in planned)) throw new Error('refused');
  return planned.plan;
}

test('a report is about a model and a fault, belongs to no customer and no territory, and runs on reminders, not on clocks', () => {
  expect(planOf()).toMatchObject({
    class: 'defect',
    customerNumber: null,
    serialNumber: null,
    entitlement: null,
    productModel: 'NET-SW48',
    faultCode: 'NET-PSU-HUM',
    territory: 'headquarters',
    twinKey: 'NET-SW48/NET-PSU-HUM',
    clocks: [],
    source: { kind: 'suggestion', caseNumber: null },
    affectedSerials: ['NET-SCH-0011', 'NET-SCH-0012'],
    trend: { count: 3, windowMs: 90 * 86_400_000 },
    ownerRemindersMs: [1, 3, 7].map((days) => days * 86_400_000),
    effectCheckAfterMs: 90 * 86_400_000,
    effectAtMostPercent: 25,
  });
});

test('the case that opened it is its source, whatever the request says', () => {
  const source = { kind: 'trend', caseNumber: 'C-000007' };
  expect(planOf({}, source).source).toEqual(source);
  expect(planOf({ source: { kind: 'case', caseNumber: 'C-000009' } }).source).toEqual({
    kind: 'case',
    caseNumber: 'C-000009',
  });
});

test.each([
  ['case', undefined, false],
  ['inspection', undefined, false],
  ['case', 'C-000001', true],
  ['suggestion', undefined, true],
  ['trend', undefined, true],
  ['single', undefined, true],
])('a source of kind %s with the case %s is taken: %s', (kind, caseNumber, taken) => {
  const given = { ...example, source: { kind, ...(caseNumber ? { caseNumber } : {}) } };
  expect(openDefectReport.safeParse(given).success).toBe(taken);
});

const pointers = (
  task: 'verifyDefect' | 'proposeAction' | 'approveAction' | 'reportActionInPlace',
  changes: object,
  context: object,
) => {
  const answer = { ...definitionOf(task).example(context), ...changes };
  return problems(task, answer, context).map(({ pointer }) => pointer);
};

test.each([
  ['verified with a grade', {}, []],
  ['verified without a grade', { grade: undefined }, ['/grade']],
  ['not reproduced', { result: 'notReproduced', grade: undefined }, []],
  ['a duplicate of nothing', { result: 'duplicate' }, ['/duplicateOf']],
  ['a duplicate of itself', { result: 'duplicate', duplicateOf: 'C-000001' }, ['/duplicateOf']],
  ['a duplicate of another', { result: 'duplicate', duplicateOf: 'C-000002' }, []],
])('a verification: %s', (_, changes, wrong) => {
  expect(pointers('verifyDefect', changes, { reportNumber: 'C-000001' })).toEqual(wrong);
});

const task = { productModel: 'TV55', affectedSerials: ['TV55-880001'], earliestDueAt: now };
const asked = (judgedAt?: string) => (judgedAt ? { ...task, now: judgedAt } : task);
test.each([
  ['due later than now', { dueAt: '2026-03-15T10:00:00.001Z' }, undefined, []],
  ['due at this very moment', { dueAt: now }, undefined, ['/dueAt']],
  [
    'due since the task was opened',
    { dueAt: '2026-03-16T00:00:00Z' },
    '2026-03-17T00:00:00Z',
    ['/dueAt'],
  ],
  ['due when the policy says', { dueAt: undefined }, undefined, []],
  [
    'without the model that it is about',
    { affectedModels: ['NET-SW48'] },
    undefined,
    ['/affectedModels'],
  ],
  ['on no unit', { treatedSerials: [] }, undefined, ['/treatedSerials']],
  ['on every unit, and on one', { treats: 'allUnits' }, undefined, ['/treatedSerials']],
  ['on every unit', { treats: 'allUnits', treatedSerials: [] }, undefined, []],
])('an action %s', (_, changes, judgedAt, wrong) => {
  expect(pointers('proposeAction', changes, asked(judgedAt))).toEqual(wrong);
});

test('an action is approved before it is due, and sent back at any time', () => {
  const context = { dueAt: '2026-04-01T00:00:00Z', now: '2026-04-01T00:00:00Z' };
  expect(pointers('approveAction', {}, context)).toEqual(['/approved']);
  expect(pointers('approveAction', { approved: false }, context)).toEqual([]);
  expect(pointers('approveAction', {}, { ...context, now: '2026-03-31T23:59:59Z' })).toEqual([]);
});

test('an action in place names the units that have it, unless every unit has', () => {
  const listed = { treats: 'listedUnits', treatedSerials: ['TV55-880001'] };
  expect(pointers('reportActionInPlace', {}, listed)).toEqual([]);
  expect(pointers('reportActionInPlace', { treatedSerials: [] }, listed)).toEqual([
    '/treatedSerials',
  ]);
  const all = { treats: 'allUnits', treatedSerials: [] };
  expect(pointers('reportActionInPlace', {}, all)).toEqual([]);
  expect(pointers('reportActionInPlace', { treatedSerials: ['X-1'] }, all)).toEqual([
    '/treatedSerials',
  ]);
});
