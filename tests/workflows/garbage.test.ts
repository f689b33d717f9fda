/** Garbage sent straight to the engine, past the door: refused or put on the timeline, and the case walks on to its end. */
import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { Body, Case } from './case.ts';
import { wordOf } from './desk.ts';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { seen } from './seen.ts';
import { fixedByPhone, loanTo, pumpKit, visitTo } from './steps.ts';

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
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  for (const [index, body] of garbage.entries()) {
    const sent = kase.handle.executeUpdate('reportPhoneTriage', { args: [body] });
    await expect(sent, `garbage ${index}`).rejects.toMatchObject({
      cause: { type: expect.stringMatching(/invalidAnswer|taskNotOpen/) },
    });
  }
  await visitTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('garbage sent straight to the engine as a word is refused', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  const bodies = [
    undefined,
    {},
    wordOf('hold', 'supervisor', { reason: '', holdReason: 'awaitingCustomer' }),
    wordOf('hold', 'supervisor', { reason: 'x', holdReason: 'lunch' as never }),
  ];
  for (const word of ['hold', 'cancel', 'waive', 'reassign', 'close', 'note', 'escalate'])
    for (const body of bodies.slice(0, word === 'hold' ? 4 : 2))
      await expect(kase.handle.executeUpdate(word, { args: [body] }), word).rejects.toMatchObject({
        cause: { type: 'invalidAnswer' },
      });
  await end(kase);
});

test.concurrent('an update that no flow has is refused by the engine', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  await expect(kase.handle.executeUpdate('dropTable', { args: [] })).rejects.toThrow();
  await end(kase);
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
  const kase = await desk.open();
  await loanTo(kase, 'reportRepair');
  for (const [name, body] of signals) await kase.handle.signal(name, body);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired', blockers: [] });
  expect((await seen(desk.world, kase.caseNumber)).visits).toEqual(['completed']);
  const ignored = (await kase.timeline()).filter((line) => line.kind === 'signalIgnored');
  expect(ignored).toHaveLength(signals.length);
});

test.concurrent('garbage signals harm no loan', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportRepair');
  const loan = desk.world.client.workflow.getHandle(`${kase.caseNumber}/loan1`);
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
  expect((await kase.row()).openTasks.map((task) => task.name)).toEqual(['reportRepair']);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(desk.world, kase.caseNumber)).loans.loan1).toMatchObject({
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
  const kase = await desk.open();
  const { plan } = await kase.row();
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
  await end(kase);
});

test.concurrent('a second run for a cycle that another chain of runs has claimed ends at once', async () => {
  const kase = await desk.open();
  await kase.task('reportPhoneTriage');
  const { plan } = await kase.row();
  const started = await desk.world.client.workflow.start('inWarrantyRepair', {
    workflowId: `twin-${randomUUID()}`,
    taskQueue: desk.world.engine.taskQueues.workflows,
    args: [
      {
        caseNumber: kase.caseNumber,
        cycle: 1,
        flow: 'inWarrantyRepair',
        plan,
        openedAt: new Date().toISOString(),
      },
    ],
  });
  expect(await started.result()).toMatchObject({ outcome: 'notClaimed' });
  await end(kase);
});

/** The case still takes answers: it goes on to its end from where it stands. */
async function end(kase: Case): Promise<void> {
  await kase.walkTo('the end', { reportPhoneTriage: fixedByPhone });
  expect(await kase.ended()).toMatchObject({ status: 'closed' });
}
