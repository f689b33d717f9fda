/** An effect that is refused for good: its answer is corrected and carried out anew, or a supervisor goes on without it, by name. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aroundAll } from '../support/faults/lossy.ts';
import { type Body, type Case, staffOf } from '../support/workflows/case.ts';
import { createDesk, type Desk, expectRefusal } from '../support/workflows/desk.ts';
import { createOutage } from '../support/workflows/outage.ts';
import { openPaid, plainly } from '../support/workflows/paid-steps.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { noPart, notGuided, nothingNeeded, pumpKit } from '../support/workflows/steps.ts';
import { startWorld, type World } from '../support/world.ts';

const outage = createOutage();
const asked: { effect: string; request: Body }[] = [];
let world: World;
let desk: Desk;
beforeAll(async () => {
  world = await startWorld({
    wrap: (deps) =>
      aroundAll(outage.wrap(deps), (effect, request, call) => {
        asked.push({ effect, request });
        return call(request);
      }),
  });
  desk = createDesk(world);
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});
const reason = 'The office has looked into it.';

interface Refused {
  effect: string;
  /** The task that it follows from. */
  task: string;
  open: () => Promise<Case>;
  /** The way there. */
  way: Record<string, Body>;
}

const repair = () => desk.open();
const paid = () => openPaid(desk);
const withoutParts = { reportPhoneTriage: nothingNeeded };
const withLoan = {
  reportPhoneTriage: { ...noPart, expectedParts: pumpKit },
  decideRejectedLoan: { decision: 'visitWithoutParts' },
};
const withCustomersPart = { reportPhoneTriage: notGuided };

/** Walks to the task, and answers it while its effect is refused: the supervisor's task is open then. */
async function refusedAt({ effect, task, open, way }: Refused): Promise<Case> {
  const theCase = await open();
  await theCase.walkTo(task, way);
  outage.refuse(effect, theCase.caseNumber);
  await theCase.answer(task);
  await theCase.task('resolveFailure');
  return theCase;
}

const decisionsOf = async (theCase: Case) =>
  (await theCase.task('resolveFailure')).context.decisions;

/** What the service was asked, in order. */
const requestsOf = ({ caseNumber }: Case, effect: string) =>
  asked
    .filter((one) => effect.endsWith(`.${one.effect}`))
    .map(({ request }) => request)
    .filter(({ effectKey }) => String(effectKey).startsWith(`${caseNumber}/`));

interface Corrected extends Refused {
  answer: Body;
  /** What the service is asked then. */
  request: Body;
}

const correctable: Corrected[] = [
  {
    ...{ effect: 'dispatch.book', task: 'confirmVisit', open: repair, way: withoutParts },
    ...{ answer: {}, request: {} },
  },
  {
    effect: 'records.createServiceRecord',
    ...{ task: 'writeServiceRecord', open: repair, way: withoutParts },
    ...{ answer: { laborMinutes: 42 }, request: { facts: { laborMinutes: 42 } } },
  },
  {
    effect: 'records.registerWarrantyClaim',
    ...{ task: 'fileWarrantyClaim', open: repair, way: withLoan },
    ...{ answer: { slipNumber: 'SLIP-99' }, request: { slipNumber: 'SLIP-99' } },
  },
  {
    effect: 'records.recordSignature',
    ...{ task: 'signServiceRecord', open: repair, way: withoutParts },
    ...{ answer: { rating: 'B' }, request: { rating: 'B' } },
  },
  {
    effect: 'parts.receiveOldParts',
    ...{ task: 'receiveOldParts', open: repair, way: withCustomersPart },
    ...{ answer: { slipNumber: 'SLIP-98' }, request: { slipNumber: 'SLIP-98' } },
  },
  {
    ...{ effect: 'parts.issueLoan', task: 'issueParts', open: repair, way: withLoan },
    ...{ answer: { borrower: 'ST-14' }, request: { borrower: 'ST-14' } },
  },
  {
    ...{ effect: 'parts.returnLoan', task: 'reportReturn', open: repair, way: withLoan },
    ...{ answer: { slipNumber: 'SLIP-97' }, request: { slipNumber: 'SLIP-97' } },
  },
  {
    ...{ effect: 'billing.presentQuote', task: 'prepareQuote', open: paid, way: plainly },
    ...{ answer: {}, request: {} },
  },
  {
    ...{ effect: 'billing.issueInvoice', task: 'confirmCharges', open: paid, way: plainly },
    ...{ answer: {}, request: {} },
  },
  {
    ...{ effect: 'billing.recordPayment', task: 'recordPayment', open: paid, way: plainly },
    ...{ answer: { receiptNumber: 'RC-99' }, request: { receiptNumber: 'RC-99' } },
  },
];

test.concurrent.each(correctable)(
  '$effect, refused for good, is asked for anew by $task, and the corrected answer is carried out under the next key',
  async ({ answer, request, ...refused }) => {
    const { effect, task, way } = refused;
    const theCase = await refusedAt(refused);
    const [first] = (await theCase.timeline()).filter(
      ({ kind, subject }) => kind === 'taskAnswered' && subject?.includes(task),
    );
    expect(await decisionsOf(theCase)).toEqual(
      expect.arrayContaining(['tryAgain', 'correctAnswer']),
    );
    outage.heal(effect, theCase.caseNumber);
    await theCase.answer('resolveFailure', { decision: 'correctAnswer', reason });
    const next = await theCase.task(task);
    expect(next.id).toBe(nextOf(first?.subject ?? ''));
    await theCase.answer(task, answer);
    await theCase.walkTo('the end', way);
    expect(await theCase.ended()).toMatchObject({ status: 'closed' });
    const [before, after] = requestsOf(theCase, effect);
    expect(after).toMatchObject({ ...request, effectKey: nextOf(String(before?.effectKey)) });
  },
);

const nextOf = (numbered: string) =>
  numbered.replace(/\d+$/, (number) => String(Number(number) + 1));

test.concurrent.each<Refused & { waived: string[] }>([
  {
    effect: 'records.registerWarrantyClaim',
    ...{ task: 'fileWarrantyClaim', open: repair, way: withLoan, waived: [] },
  },
  {
    effect: 'parts.receiveOldParts',
    ...{ task: 'receiveOldParts', open: repair, way: withCustomersPart, waived: ['oldParts'] },
  },
  {
    ...{ effect: 'parts.issueLoan', task: 'issueParts', open: repair, way: withLoan, waived: [] },
  },
  {
    ...{ effect: 'parts.reserve', task: 'approveLoan', open: repair, way: withLoan, waived: [] },
  },
  {
    effect: 'records.archiveCase',
    ...{ task: 'recordCallback', open: repair, way: withoutParts, waived: [] },
  },
])(
  'a supervisor goes on without $effect: the timeline says who and why, and what it would have lifted is waived',
  async ({ waived, ...refused }) => {
    const theCase = await refusedAt(refused);
    expect(await decisionsOf(theCase)).toContain('goOnWithout');
    await theCase.answer('resolveFailure', { decision: 'goOnWithout', reason });
    await theCase.walkTo('the end', refused.way);
    const { status, waivers } = await theCase.ended();
    expect(status).toBe('closed');
    expect(waivers).toEqual(
      waived.map((id) => expect.objectContaining({ id, reason, actor: staffOf.supervisor })),
    );
    const lines = (await theCase.timeline()).filter(({ kind }) => kind === 'effectWaived');
    expect(lines).toMatchObject([
      { subject: refused.effect, reason, actor: { id: staffOf.supervisor, role: 'supervisor' } },
    ]);
    expect(requestsOf(theCase, refused.effect)).toHaveLength(1);
  },
);

test.concurrent.each<Refused & { left: string[] }>([
  {
    effect: 'records.createServiceRecord',
    ...{ task: 'writeServiceRecord', open: repair, way: withoutParts },
    left: ['tryAgain', 'correctAnswer'],
  },
  {
    effect: 'records.archiveCase',
    ...{ task: 'recordCallback', open: repair, way: withoutParts },
    left: ['tryAgain', 'goOnWithout'],
  },
])('of a refused $effect only what it leaves is decided: $left', async ({ left, ...refused }) => {
  const theCase = await refusedAt(refused);
  expect(await decisionsOf(theCase)).toEqual(left);
  for (const decision of ['correctAnswer', 'goOnWithout'].filter((one) => !left.includes(one)))
    await expectRefusal(theCase.answer('resolveFailure', { decision, reason }), 'invalidAnswer');
  outage.heal(refused.effect, theCase.caseNumber);
  await theCase.answer('resolveFailure', { decision: 'tryAgain', reason });
  await theCase.walkTo('the end', refused.way);
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
});

test.concurrent('a case resolved before can no longer be canceled: a refused step of a later round still has a way out', async () => {
  const theCase = await desk.open();
  await theCase.walkTo('recordCallback', withoutParts);
  await theCase.answer('recordCallback', { fixed: 'notFixed', rating: 'C' });
  await theCase.task('planFurtherService');
  outage.refuse('parts.reserve', theCase.caseNumber);
  await theCase.walkTo('resolveFailure', { planFurtherService: { expectedParts: pumpKit } });
  await expectRefusal(theCase.act('cancel', { reason }), 'illegalTransition');
  await theCase.answer('resolveFailure', { decision: 'goOnWithout', reason });
  await theCase.walkTo('confirmVisit', withLoan);
  outage.refuse('dispatch.book', theCase.caseNumber);
  await theCase.answer('confirmVisit');
  await theCase.task('resolveFailure');
  outage.heal('dispatch.book', theCase.caseNumber);
  await theCase.answer('resolveFailure', { decision: 'correctAnswer', reason });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
});
