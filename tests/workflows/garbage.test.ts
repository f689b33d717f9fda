/** Garbage sent straight to the engine, past the door: refused or put on the timeline, and the case walks on to its end. */
import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { actionOf, type Body, type Case } from '../support/workflows/case.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import { fixedByPhone, loanTo, pumpKit, visitTo } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const triage = {
  likelyFaultCode: 'HYD-PUMP-LOSS',
  fixedByPhone: true,
  customerHasPart: false,
  guideByPhone: false,
  expectedParts: [],
  document: null,
};
const envelope = (changes: Body = {}): Body => ({
  actor: { id: 'ST-02', role: 'engineer' },
  occurredAt: new Date().toISOString(),
  actId: randomUUID(),
  taskId: 'reportPhoneTriage-1',
  answer: triage,
  ...changes,
});

const garbage: unknown[] = [
  undefined,
  null,
  0,
  'text',
  [],
  {},
  [[[]]],
  envelope({ actor: null }),
  envelope({ actor: { id: '', role: 'engineer' } }),
  envelope({ actor: { id: 'ST-02', role: 'god' } }),
  envelope({ actor: { id: 'x'.repeat(81), role: 'engineer' } }),
  envelope({ occurredAt: 'yesterday' }),
  envelope({ occurredAt: 5 }),
  envelope({ actId: '' }),
  envelope({ actId: { toString: 1 } }),
  envelope({ reason: 'x'.repeat(501) }),
  envelope({ answer: null }),
  envelope({ answer: [] }),
  envelope({ answer: { ...triage, fixedByPhone: 'yes' } }),
  envelope({ answer: { ...triage, extra: 1 } }),
  envelope({ answer: { ...triage, document: 7 } }),
  envelope({ answer: { ...triage, likelyFaultCode: 'a\0b' } }),
  envelope({ answer: { ...triage, expectedParts: [null] } }),
  envelope({ answer: { ...triage, expectedParts: [{ partNumber: 'X1', quantity: 2 ** 53 }] } }),
  envelope({ answer: { ...triage, expectedParts: Array(21).fill(pumpKit[0]) } }),
  envelope({ answer: { ...triage, customerHasPart: true } }),
  envelope({ answer: JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`) }),
];

test.concurrent('garbage sent straight to the engine as an answer is refused, and the case walks on', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  for (const [index, body] of garbage.entries()) {
    const sent = theCase.handle.executeUpdate('reportPhoneTriage', { args: [body] });
    await expect(sent, `garbage ${index}`).rejects.toMatchObject({
      cause: { type: expect.stringMatching(/invalidAnswer|taskNotOpen/) },
    });
  }
  await visitTo(theCase, 'the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('garbage sent straight to the engine as a word is refused', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  const bodies = [
    undefined,
    {},
    actionOf('hold', 'supervisor', { reason: '', holdReason: 'awaitingCustomer' }),
    actionOf('hold', 'supervisor', { reason: 'x', holdReason: 'lunch' as never }),
  ];
  for (const word of ['hold', 'cancel', 'waive', 'reassign', 'close', 'note', 'escalate'])
    for (const body of bodies.slice(0, word === 'hold' ? 4 : 2))
      await expect(
        theCase.handle.executeUpdate(word, { args: [body] }),
        word,
      ).rejects.toMatchObject({
        cause: { type: 'invalidAnswer' },
      });
  await end(theCase);
});

test.concurrent('an update that no flow has is refused by the engine', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await expect(theCase.handle.executeUpdate('dropTable', { args: [] })).rejects.toThrow();
  await end(theCase);
});

const loanReport = (answer: unknown) => ({
  actor: { id: 'system:flow', role: 'system' },
  occurredAt: new Date().toISOString(),
  actId: randomUUID(),
  answer,
});
const signals: [string, unknown][] = [
  ['whatever', { a: 1 }],
  ['loanReported', undefined],
  ['loanReported', 'text'],
  ['loanReported', loanReport(null)],
  ['loanReported', loanReport({ loan: 'loan1' })],
  ['loanReported', loanReport({ loan: 'loan1', status: 'issued', lines: [null] })],
  ['loanReported', loanReport({ loan: 'loan1', status: 'issued', lines: [{ partNumber: 5 }] })],
  ['loanReported', loanReport({ loan: 'loan1', status: 'stolen', lines: [] })],
  ['loanReported', loanReport({ loan: 'loan9', status: 'issued', lines: [] })],
  ['loanReported', loanReport({ loan: '__proto__', status: 'issued', lines: [] })],
];

test.concurrent('a signal that is unknown or garbage is put on the timeline and changes nothing', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportRepair');
  for (const [name, body] of signals) await theCase.handle.signal(name, body);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect((await seen(desk.world, theCase.caseNumber)).visits).toEqual(['completed']);
  const ignored = (await theCase.timeline()).filter((line) => line.kind === 'signalIgnored');
  expect(ignored).toHaveLength(signals.length);
});

test.concurrent('garbage signals harm no loan', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportRepair');
  const loan = desk.world.client.workflow.getHandle(`${theCase.caseNumber}/loan1`);
  for (const answer of [
    undefined,
    null,
    {},
    { used: 'all' },
    { used: [null] },
    { used: [{ partNumber: 'X', quantity: -1 }] },
  ])
    await loan.signal('loanNoLongerNeeded', loanReport(answer));
  await loan.signal('whatever', 1);
  expect((await theCase.row()).openTasks.map((task) => task.name)).toEqual(['reportRepair']);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(desk.world, theCase.caseNumber)).loans.loan1).toMatchObject({
    'HP-PUMP-230': [1, 1, 0, 0],
  });
});

test.concurrent.each([
  ['nothing', undefined],
  ['text', 'text'],
  ['an empty object', {}],
  [
    'a plan without clocks',
    { caseNumber: 'C-999999', cycle: 1, flow: 'inWarrantyRepair', plan: {} },
  ],
])(
  'a flow started straight in the engine with %s ends typed and leaves no row',
  async (_, input) => {
    for (const flow of ['inWarrantyRepair', 'partsLoan']) {
      const workflowId = `garbage-${randomUUID()}`;
      const { taskQueues } = desk.world.engine;
      const started = await desk.world.client.workflow.start(flow, {
        workflowId,
        taskQueue: taskQueues.workflows,
        args: [input],
      });
      const failure = await started.result().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WorkflowFailedError);
      expect((failure as WorkflowFailedError).cause).toMatchObject({ type: 'invalidInput' });
      expect(
        await desk.world.sql`select from case_events where workflow_id = ${workflowId}`,
      ).toHaveLength(0);
    }
  },
);

test.concurrent('a flow started straight in the engine for a case that has no row ends without a trace', async () => {
  const theCase = await desk.open();
  const { plan } = await theCase.row();
  const workflowId = `ghost-${randomUUID()}`;
  const started = await desk.world.client.workflow.start('inWarrantyRepair', {
    workflowId,
    taskQueue: desk.world.engine.taskQueues.workflows,
    args: [
      {
        caseNumber: 'C-777777',
        cycle: 1,
        flow: 'inWarrantyRepair',
        plan,
        openedAt: new Date().toISOString(),
      },
    ],
  });
  expect(await started.result()).toMatchObject({ outcome: 'notClaimed' });
  expect(
    await desk.world.sql`select from case_events where workflow_id = ${workflowId}`,
  ).toHaveLength(0);
  await end(theCase);
});

test.concurrent('a second run for a cycle that another chain of runs has claimed ends at once', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  const { plan } = await theCase.row();
  const started = await desk.world.client.workflow.start('inWarrantyRepair', {
    workflowId: `twin-${randomUUID()}`,
    taskQueue: desk.world.engine.taskQueues.workflows,
    args: [
      {
        caseNumber: theCase.caseNumber,
        cycle: 1,
        flow: 'inWarrantyRepair',
        plan,
        openedAt: new Date().toISOString(),
      },
    ],
  });
  expect(await started.result()).toMatchObject({ outcome: 'notClaimed' });
  await end(theCase);
});

/** The case still takes answers: it goes on to its end from where it stands. */
async function end(theCase: Case): Promise<void> {
  await theCase.walkTo('the end', { reportPhoneTriage: fixedByPhone });
  expect(await theCase.ended()).toMatchObject({ status: 'closed' });
}
