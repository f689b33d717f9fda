import { expect, test } from 'vitest';
import { definitionOf } from '../../domain/catalogue.ts';
import type { OpenScheduledInspection } from '../../domain/flows/scheduled-inspection/opening.ts';
import {
  type InspectionFacts,
  planScheduledInspection,
} from '../../domain/flows/scheduled-inspection/plan.ts';
import { problems, type TaskName } from '../../domain/flows/tasks.ts';
import { policies } from '../../setup/demo-data/policies.ts';

const now = '2026-11-22T06:00:00.000Z';
const body = policies.find(({ productClass }) => productClass === 'itProduct')?.body;
if (!body) throw new Error('no policy');
const facts: InspectionFacts = {
  customerNumber: 'CU-1003',
  territory: 'north',
  assets: ['NET-SCH-0001', 'NET-SCH-0002'].map((serialNumber) => ({
    serialNumber,
    productModel: 'NET-SW48',
    productClass: 'itProduct',
  })),
  policy: { name: 'itProduct', version: 1, body },
};
function planOf(more: Partial<OpenScheduledInspection> = {}) {
  const request: OpenScheduledInspection = { customerNumber: 'CU-1003', phase: 'late', ...more };
  const planned = planScheduledInspection(
    { request, now, because: ['class inspection'], override: null, source: null },
    facts,
  );
  if (!('plan' in planned)) throw new Error(planned.refused);
  return planned.plan;
}

test('a round is about a customer and no machine, owes no entitlement, and promises only by when it is done', () => {
  expect(planOf()).toMatchObject({
    class: 'inspection',
    severity: 'low',
    channel: 'internal',
    customerNumber: 'CU-1003',
    serialNumber: null,
    faultCode: null,
    entitlement: null,
    twinKey: null,
    clocks: [{ name: 'resolution' }],
  });
  const dueBy = '2026-11-25T06:00:00.000Z';
  expect(planOf({ dueBy }).clocks).toMatchObject([{ targetMs: 3 * 86_400_000 }]);
});

test('a round of a schedule has its full time however late it is opened', () => {
  expect(planOf({ dueWithin: 'P2D' }).clocks).toMatchObject([{ targetMs: 2 * 86_400_000 }]);
});

const serialNumbers = ['NET-SCH-0001', 'NET-SCH-0002'];
const entry = { early: { usage: 'rare', questionsAsked: 1, questionsAnswered: 1 } };
const fault = { serialNumber: 'NET-SCH-0001', kind: 'fault', faultCode: 'NET-PORT-DEAD' };

test.each<[string, TaskName, object, object, string, RegExp]>([
  [
    'a route that leaves an asset out',
    'planRound',
    { route: ['NET-SCH-0001'] },
    {},
    '/route',
    /NET-SCH-0002 missing/,
  ],
  [
    'a route with somebody else’s asset',
    'planRound',
    { route: [...serialNumbers, 'TV55-880001'] },
    {},
    '/route/2',
    /not in this round/,
  ],
  [
    'an inspector who is not proposed, without a slot',
    'planRound',
    { engineerNumber: 'EN-09', start: undefined, end: undefined },
    {},
    '/engineerNumber',
    /give start and end/,
  ],
  [
    'attendance known from nobody',
    'recordAttendance',
    { reached: 'nobody' },
    {},
    '/reached',
    /inspector or from the site/,
  ],
  ['an absence without a word', 'recordAttendance', { attended: false }, {}, '/remark', /why/],
  [
    'a form without one of the assets',
    'fileMiddleForm',
    {
      entries: [
        { serialNumber: 'NET-SCH-0001', equipment: 'good', lines: 'good', upkeepDone: true },
      ],
      findings: [],
    },
    {},
    '/entries',
    /NET-SCH-0002 missing/,
  ],
  [
    'a form with an asset twice',
    'fileEarlyForm',
    {
      entries: [...serialNumbers, 'NET-SCH-0001'].map((serialNumber) => ({
        serialNumber,
        ...entry.early,
      })),
      findings: [],
    },
    {},
    '/entries/2',
    /comes twice/,
  ],
  [
    'a question left unanswered',
    'fileEarlyForm',
    {
      entries: serialNumbers.map((serialNumber) => ({
        serialNumber,
        ...entry.early,
        questionsAsked: 2,
      })),
      findings: [],
    },
    {},
    '/entries/0/questionsAnswered',
    /every question is answered: 2 asked/,
  ],
  [
    'a finding about another asset',
    'fileLateForm',
    { findings: [fault, { ...fault, serialNumber: 'TV55-880001' }] },
    {},
    '/findings/1/serialNumber',
    /not in this round/,
  ],
  [
    'a fault without its code',
    'fileLateForm',
    { findings: [{ serialNumber: 'NET-SCH-0001', kind: 'fault' }] },
    {},
    '/findings/0/faultCode',
    /names its fault code/,
  ],
  [
    'a suspected defect without its code',
    'fileMiddleForm',
    { findings: [fault, { serialNumber: 'NET-SCH-0001', kind: 'defectSuspected' }] },
    {},
    '/findings/1/faultCode',
    /names its fault code/,
  ],
  [
    'something faulty that nobody found',
    'fileLateForm',
    { findings: [] },
    {},
    '/entries/0/running',
    /say what is wrong with NET-SCH-0001/,
  ],
  [
    'a cause of another asset',
    'fileLateForm',
    { causes: [{ serialNumber: 'TV55-880001', faultCode: 'NET-FAN-STOPS', causeCode: 'DUST' }] },
    {},
    '/causes/0/serialNumber',
    /not in this round/,
  ],
  [
    'a repair of a finding that there isn’t',
    'analyseFindings',
    { repairs: [3] },
    { findings: [fault] },
    '/repairs/0',
    /there are 1 findings/,
  ],
  [
    'a repair of a finding without a fault',
    'analyseFindings',
    { repairs: [1] },
    { findings: [{ serialNumber: 'NET-SCH-0001', kind: 'upgradeNeeded' }] },
    '/repairs/0',
    /names no fault code/,
  ],
  [
    'a finding handed on twice',
    'analyseFindings',
    { defects: [1, 1] },
    { findings: [fault] },
    '/defects/1',
    /comes twice/,
  ],
  [
    'a cause left undecided',
    'decideCauses',
    { decisions: [{ cause: 1, decision: 'watch' }] },
    { causes: [fault, fault] },
    '/decisions',
    /one decision for each/,
  ],
  [
    'a decision on a cause that there isn’t',
    'decideCauses',
    { decisions: [{ cause: 2, decision: 'watch' }] },
    { causes: [fault] },
    '/decisions/0/cause',
    /there are 1 causes/,
  ],
])('%s is refused by its field', (_, name, changes, more, pointer, detail) => {
  const context = {
    serialNumbers,
    candidates: [
      {
        engineerNumber: 'EN-03',
        start: '2026-11-23T01:00:00.000Z',
        end: '2026-11-23T02:00:00.000Z',
      },
    ],
    proposedAt: now,
    phase: 'late',
    findings: [],
    causes: [],
    ...more,
  };
  const example = definitionOf(name).example(context);
  expect(problems(name, example, context)).toEqual([]);
  const found = problems(name, { ...example, ...changes }, context);
  expect(found.map((one) => one.pointer)).toContain(pointer);
  expect(found.find((one) => one.pointer === pointer)?.detail).toMatch(detail);
});
