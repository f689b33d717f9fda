/** A case may be canceled up to the moment it is resolved: what it did is undone, and from then on nothing is let in (N9, I3, I4). */
import { expect, test } from 'vitest';
import type { Body, Case } from '../support/workflows/case.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import {
  fixedByPhone,
  loanTo,
  noPart,
  nothingNeeded,
  pumpKit,
} from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const withKit = { reportPhoneTriage: { ...noPart, expectedParts: pumpKit } };
const dissatisfied = { signServiceRecord: { rating: 'D' } };
const reason = { reason: 'The customer withdrew.' };

/** Each task of the longest path, by the stage in which it stands; what must be left of the effects after a cancel there. */
const before: [
  string,
  Record<string, Body>,
  { visits: string[]; reservations: string[]; onLoan: number },
][] = [
  ['reportPhoneTriage', {}, { visits: [], reservations: [], onLoan: 0 }],
  ['reportGuidedReplacement', {}, { visits: [], reservations: [], onLoan: 0 }],
  ['approveLoan', withKit, { visits: [], reservations: [], onLoan: 0 }],
  [
    'decideRejectedLoan',
    { ...withKit, approveLoan: { approved: false } },
    { visits: [], reservations: [], onLoan: 0 },
  ],
  [
    'receiveShortage',
    {
      reportPhoneTriage: {
        ...noPart,
        expectedParts: [{ partNumber: 'CR-WINCH-25', quantity: 99 }],
      },
    },
    { visits: [], reservations: ['released'], onLoan: 0 },
  ],
  ['issueParts', withKit, { visits: [], reservations: ['released'], onLoan: 0 }],
  ['confirmVisit', withKit, { visits: [], reservations: ['issued'], onLoan: 3 }],
  ['confirmDeparture', withKit, { visits: ['canceled'], reservations: ['issued'], onLoan: 3 }],
  ['confirmSafety', withKit, { visits: ['canceled'], reservations: ['issued'], onLoan: 3 }],
  ['adviseDiagnosis', withKit, { visits: ['canceled'], reservations: ['issued'], onLoan: 3 }],
  ['reportRepair', withKit, { visits: ['canceled'], reservations: ['issued'], onLoan: 3 }],
  ['reportMachineCheck', withKit, { visits: ['canceled'], reservations: ['issued'], onLoan: 3 }],
  ['writeServiceRecord', withKit, { visits: ['completed'], reservations: ['issued'], onLoan: 3 }],
  ['fileWarrantyClaim', withKit, { visits: ['completed'], reservations: ['issued'], onLoan: 3 }],
  ['signServiceRecord', withKit, { visits: ['completed'], reservations: ['issued'], onLoan: 3 }],
  [
    'planFurtherService',
    { ...withKit, ...dissatisfied },
    { visits: ['completed'], reservations: ['issued'], onLoan: 3 },
  ],
];

test.concurrent.each(before)(
  'canceled while %s is open: its effects are undone',
  async (task, changes, left) => {
    const theCase = await desk.open();
    await theCase.walkTo(task, changes);
    await theCase.act('cancel', reason, { role: 'hotline' });
    expect(await theCase.ended()).toMatchObject({ status: 'canceled', outcome: 'canceled' });
    await expectRefused(theCase);
    const clocks = (await theCase.view()).clocks.filter((clock) => clock.state === 'running');
    expect(clocks).toEqual([]);
    const saw = await eventually(
      () => seen(desk.world, theCase.caseNumber),
      ({ reservations }) => reservations.every((one) => one === 'released' || one === 'issued'),
    );
    expect(saw).toMatchObject({
      visits: left.visits,
      reservations: left.reservations,
      claims: 0,
      archived: false,
    });
    expect(saw.messages).toContain('caseCanceled');
    await clearWhatIsOut(theCase, left.onLoan);
  },
);

/** From then on the case takes no word and no answer. */
async function expectRefused(theCase: Case): Promise<void> {
  for (const action of ['cancel', 'note', 'escalate', 'hold'] as const) {
    const body =
      action === 'hold' ? { ...reason, holdReason: 'awaitingCustomer' as const } : reason;
    await expect(theCase.act(action, body as never)).rejects.toMatchObject({
      name: 'WorkflowGone',
    });
  }
  expect(
    (await theCase.row()).openTasks.filter((open) => open.workflowId === theCase.caseNumber),
  ).toEqual([]);
}

/** An issued loan goes on under its own workflow until the field office has everything back. */
async function clearWhatIsOut(theCase: Case, onLoan: number): Promise<void> {
  const loan = desk.world.client.workflow.getHandle(`${theCase.caseNumber}/loan1`);
  if (onLoan === 0) return;
  const task = await theCase.task('reportReturn');
  const { outstanding } = task.context as { outstanding: { outstanding: number }[] };
  expect(outstanding.reduce((sum, line) => sum + line.outstanding, 0)).toBe(onLoan);
  await theCase.answer('reportReturn');
  expect(await loan.result()).toMatchObject({ status: 'closed', outcome: 'cleared' });
}

test.concurrent('a loan asked for but not issued ends with its case, and says so', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'issueParts');
  await theCase.act('cancel', reason);
  await theCase.ended();
  const loan = desk.world.client.workflow.getHandle(`${theCase.caseNumber}/loan1`);
  expect(await loan.result()).toMatchObject({ status: 'canceled', outcome: 'canceled' });
  await expect(loan.executeUpdate('issueParts', { args: [{}] })).rejects.toThrow();
});

test.concurrent('once resolved a case is not canceled any more', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.task('recordCallback');
  await expectRefusal(theCase.act('cancel', reason), 'illegalTransition');
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ status: 'closed' });
});

test.concurrent('an operator cancels in the engine: cleaned up as after a supervisor', async () => {
  const theCase = await desk.open();
  await theCase.walkTo('confirmDeparture', { reportPhoneTriage: nothingNeeded });
  await theCase.handle.cancel();
  expect(await theCase.ended()).toMatchObject({ status: 'canceled', outcome: 'canceled' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({ visits: ['canceled'] });
  const asked = (await theCase.timeline()).find((line) => line.kind === 'cancelAsked');
  expect(asked).toMatchObject({ actor: { id: 'system:engine', role: 'system' } });
});

test.concurrent('an operator who cancels a resolved case in the engine is refused, on the timeline; it still closes', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  await theCase.task('recordCallback');
  await theCase.handle.cancel();
  await eventually(
    () => theCase.timeline(),
    (lines) => lines.some((line) => line.kind === 'refused' && line.subject === 'cancel'),
  );
  await theCase.answer('recordCallback');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repairedByPhone' });
});

test.concurrent('a request that is none of ours is rejected before anybody worked on it', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await theCase.act('reject', { reason: 'Not one of our machines.' }, { role: 'hotline' });
  expect(await theCase.ended()).toMatchObject({ status: 'rejected', outcome: 'rejected' });
  expect((await seen(desk.world, theCase.caseNumber)).messages).toContain('applicationRejected');
});

test.concurrent('once worked on, a request is not rejected any more', async () => {
  const theCase = await desk.open();
  await theCase.answer('reportPhoneTriage');
  await expectRefusal(theCase.act('reject', { reason: 'Changed our mind.' }), 'illegalTransition');
  await theCase.act('cancel', reason);
  await theCase.ended();
});
