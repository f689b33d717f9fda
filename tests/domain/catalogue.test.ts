import { expect, test } from 'vitest';
import { roles } from '../../domain/case.ts';
import {
  answerSchema,
  answers,
  definitionOf,
  flowDefinition,
  flows,
  inputSchema,
  taskDefinition,
  tasksOf,
} from '../../domain/catalogue.ts';
import * as children from '../../domain/flows/children.ts';
import * as contracts from '../../domain/flows/contracts.ts';
import * as flowsByName from '../../domain/flows/index.ts';
import type { TaskName } from '../../domain/flows/tasks.ts';
import { kernelTasks, problems, taskNames, taskOf } from '../../domain/flows/tasks.ts';

const tasks = taskNames.map(definitionOf);
const absoluteDate = /\d{4}-\d\d-\d\d/;

test.each(flows)('$name opens by its first example', ({ input, examples }) => {
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(() => input.parse(example)).not.toThrow();
});

test.each(flows)(
  'every stage of $name has titles, and every task in it a role and an example',
  (flow) => {
    for (const stage of flow.stages) {
      expect(stage.title.en.length * stage.title.zh.length).toBeGreaterThan(0);
      for (const name of stage.tasks) {
        const task = taskDefinition(name);
        expect(roles).toContain(task?.role);
        expect(task?.title.en.length).toBeGreaterThan(0);
        expect(task?.title.zh.length).toBeGreaterThan(0);
        expect(() => task?.answer.parse(task.example({}))).not.toThrow();
      }
    }
  },
);

test('every task with a contract stands in a stage of some flow, or may stand in any', () => {
  const placed = flows.flatMap((flow) => flow.stages.flatMap((stage) => stage.tasks));
  expect(new Set([...placed, ...kernelTasks])).toEqual(new Set(Object.keys(answers)));
});

test('a task of several flows is the same task in all of them, with the same contract', () => {
  const every = [
    ...Object.values(flowsByName).flatMap(({ tasks }) => Object.entries<unknown>(tasks)),
    ...Object.values(children).flatMap(({ tasks }) => Object.entries<unknown>(tasks)),
  ];
  for (const [name, task] of every)
    expect(every.filter((other) => other[0] === name && other[1] !== task)).toEqual([]);
  const asked = Object.values(contracts).flatMap(({ answers: own }) =>
    Object.entries<unknown>(own),
  );
  for (const [name, contract] of asked)
    expect(asked.filter((other) => other[0] === name && other[1] !== contract)).toEqual([]);
});

test('every child of a case is asked for what the door knows', () => {
  const placed = Object.values(children).flatMap(({ stages }) =>
    stages.flatMap((stage): readonly string[] => stage.tasks),
  );
  expect(placed.map((name) => taskDefinition(name)?.name)).toEqual(placed);
});

test('only what is no contact with the customer leaves the response clock running', () => {
  expect(taskNames.filter((name) => !taskOf(name).isContact).sort()).toEqual([
    'answerPage',
    'decideArrears',
    'decideSpecialUser',
  ]);
});

test.each(flows)('tasks of $name are listed once, in the order of its stages', (flow) => {
  const listed = tasksOf(flow).map((task) => task.name);
  expect(new Set(listed).size).toBe(listed.length);
  expect(
    tasksOf(flow)
      .filter((task) => task.stage === null)
      .map((task) => task.name),
  ).toEqual([...kernelTasks]);
});

const candidates = [
  {
    engineerNumber: 'EN-01',
    staffNumber: 'ST-02',
    score: 80,
    reasons: [],
    start: '2026-03-16T01:00:00.000Z',
    end: '2026-03-16T03:00:00.000Z',
  },
];
const round = { serialNumbers: ['NET-SCH-0001', 'NET-SCH-0002'] };
const prices = {
  version: 7,
  currency: 'CNY',
  visitMinor: 15_000,
  laborMinuteMinor: 200,
  partsFree: false,
  parts: [{ partNumber: 'HP-PUMP-230', unitPriceMinor: 1_860_000 }],
};
const oldPump = [{ partNumber: 'HP-PUMP-230', quantity: 1, oldPartSerials: ['OLD-1'] }];
/** What the flow would put into an open task, so that its example fits that case. */
const contexts: Partial<Record<TaskName, object>> = {
  planRound: {
    ...round,
    candidates,
    proposedAt: '2026-03-16T01:00:00.000Z',
  },
  fileEarlyForm: round,
  fileMiddleForm: round,
  fileLateForm: round,
  analyseFindings: {
    phase: 'late',
    findings: [{ serialNumber: 'NET-SCH-0001', kind: 'fault', faultCode: 'NET-PORT-DEAD' }],
  },
  decideCauses: {
    causes: [{ serialNumber: 'NET-SCH-0001', faultCode: 'NET-FAN-STOPS', causeCode: 'DUST' }],
  },
  reportFirstContact: { severity: 'high', expectedParts: [], drill: false },
  reportRemoteFix: { severity: 'high', expectedParts: [], dataLost: true },
  confirmVisit: {
    candidates,
  },
  reportRepair: {
    onLoan: [{ partNumber: 'HP-PUMP-230', issued: 1, outstanding: 1 }],
    customerParts: [],
  },
  fileWarrantyClaim: {
    usedParts: [{ partNumber: 'HP-PUMP-230', quantity: 1, oldPartSerials: ['OLD-1'] }],
  },
  receiveOldParts: {
    usedParts: [{ partNumber: 'HP-PUMP-230', quantity: 1, oldPartSerials: ['OLD-1'] }],
  },
  signServiceRecord: { version: 3, digest: 'c'.repeat(64) },
  reportReturn: {
    outstanding: [
      { partNumber: 'HP-PUMP-230', issued: 1, outstanding: 1 },
      { partNumber: 'HP-SEAL-230', issued: 2, outstanding: 2 },
    ],
    used: [{ partNumber: 'HP-SEAL-230', quantity: 1 }],
  },
  receiveShortage: {
    shortages: [{ partNumber: 'HP-PUMP-230', quantity: 1 }],
    location: 'OFFICE-SOUTH',
  },
  recordSiteFacts: { signatures: 'userAndWitnesses' },
  prepareQuote: {
    prices,
    planned: { visits: 2, laborMinutes: 90, parts: [{ partNumber: 'HP-PUMP-230', quantity: 1 }] },
  },
  recordQuoteAnswer: {
    revision: 2,
    totalMinor: 51_000,
    currency: 'CNY',
    validUntil: '2026-03-23T01:00:00.000Z',
  },
  recordDeposit: { dueMinor: 100, currency: 'CNY', booked: [] },
  recordPayment: { dueMinor: 100, currency: 'CNY', booked: ['RC-0001'] },
  confirmCharges: { prices, done: { visits: 1, laborMinutes: 80, parts: [] } },
  recordOldPartChoice: { oldParts: oldPump },
  takeInParts: { unused: [{ partNumber: 'HP-SEAL-230', quantity: 1 }], oldParts: oldPump },
  verifyDefect: { reportNumber: 'C-000001' },
  proposeAction: {
    productModel: 'NET-SW48',
    affectedSerials: [],
    earliestDueAt: '2026-03-16T01:00:00.000Z',
    proposedDueAt: '2026-04-15T01:00:00.000Z',
    now: '2026-03-17T01:00:00.000Z',
  },
  reportActionInPlace: { treats: 'allUnits', treatedSerials: [] },
  resolveFailure: { decisions: ['tryAgain'] },
};

test.each(tasks)(
  'the example of $name fits its contract and the case',
  ({ name, answer, example }) => {
    const context = contexts[name] ?? {};
    const given = example(context);
    expect(answer.safeParse(given).error).toBeUndefined();
    expect(problems(name, given, context)).toEqual([]);
  },
);

test.each(['none', 'user', 'userAndWitnesses'] as const)(
  'the on-site record of the example is signed as the policy asks: %s',
  (signatures) => {
    const context = { signatures };
    expect(
      problems('recordSiteFacts', definitionOf('recordSiteFacts').example(context), context),
    ).toEqual([]);
  },
);

test('a repair by the example uses what is on loan, or else what the customer has', () => {
  const customerParts = [{ partNumber: 'HP-SEAL-230', quantity: 2 }];
  const onLoan = [{ partNumber: 'HP-PUMP-230', issued: 1, outstanding: 1 }];
  const usedWith = (context: object) =>
    (definitionOf('reportRepair').example(context) as { usedParts: object[] }).usedParts;
  expect(usedWith({ onLoan, customerParts })).toMatchObject([
    { partNumber: 'HP-PUMP-230', source: 'loan' },
  ]);
  expect(usedWith({ onLoan: [], customerParts })).toMatchObject([
    { partNumber: 'HP-SEAL-230', quantity: 2, source: 'customer' },
  ]);
});

test.each(flows)('what `GET /v1/flows` shows of $name holds no absolute date', (flow) => {
  const shown = [
    inputSchema(flow).examples,
    ...tasksOf(flow).map((task) => answerSchema(task).examples),
  ];
  expect(JSON.stringify(shown)).not.toMatch(absoluteDate);
});

test.each(flows)('the examples of $name open a case beside others of their kind', (flow) => {
  const examples = inputSchema(flow).examples as object[];
  const beside = 'allowDuplicate' in flow.input.shape;
  for (const example of examples) {
    expect('allowDuplicate' in example).toBe(beside);
    expect(() => flow.input.parse(example)).not.toThrow();
  }
});

test('what nobody knows is not found', () => {
  for (const name of ['', 'constructor', '__proto__', 'toString']) {
    expect(taskDefinition(name)).toBeUndefined();
    expect(flowDefinition(name)).toBeUndefined();
  }
});
