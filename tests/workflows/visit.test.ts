/** FLOW-FIELD, FLOW-TECH, FLOW-ESC: the visit, from agreeing on it to a machine that runs. */
import { expect, test } from 'vitest';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import { loanTo, nothingNeeded, visitTo } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

test.concurrent('a slot taken meanwhile is proposed anew, and the case says who has it', async () => {
  const [first, second] = await Promise.all([desk.open(), desk.open()]);
  const slot = {
    engineerNumber: 'EN-02',
    start: '2089-05-02T01:00:00.000Z',
    end: '2089-05-02T03:00:00.000Z',
  };
  await visitTo(first, 'confirmVisit');
  await visitTo(second, 'confirmVisit');
  await first.answer('confirmVisit', slot);
  await first.task('confirmDeparture');
  await second.answer('confirmVisit', slot);
  await second.answer('confirmVisit-2');
  await Promise.all([first.walkTo('the end'), second.walkTo('the end')]);
  for (const theCase of [first, second]) {
    expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
    expect((await seen(desk.world, theCase.caseNumber)).visits).toEqual(['completed']);
  }
});

test.concurrent('nobody leaves before the departure check is whole', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'confirmDeparture');
  await theCase.answer('confirmDeparture', { tools: false, missing: 'The torque wrench.' });
  const { openTasks, view } = await theCase.once(
    ({ openTasks: [open] }) => open?.id === 'confirmDeparture-2',
  );
  expect(openTasks).toHaveLength(1);
  expect(view.stage).toBe('departing');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent.each([
  ['work clothing', { workClothing: false }],
  ['the power cut', { powerCut: false }],
])('without %s nothing is diagnosed and no repair can be reported', async (_, lack) => {
  const theCase = await desk.open();
  await visitTo(theCase, 'confirmSafety');
  await theCase.answer('recordSiteFacts');
  await theCase.answer('confirmSafety', lack);
  const { openTasks } = await theCase.once(
    ({ openTasks: [open] }) => open?.id === 'confirmSafety-2',
  );
  expect(openTasks.map((task) => task.name)).toEqual(['confirmSafety']);
  await theCase.answer('confirmSafety');
  expect((await theCase.task('reportDiagnosis')).stage).toBe('diagnosing');
  await theCase.walkTo('the end');
  await theCase.ended();
});

test.concurrent('on-site record and safety check may come in either order, both before the diagnosis', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'confirmSafety');
  await theCase.answer('confirmSafety');
  const { openTasks } = await theCase.row();
  expect(openTasks.map((task) => task.name)).toEqual(['recordSiteFacts']);
  await theCase.answer('recordSiteFacts');
  await theCase.task('reportDiagnosis');
  await theCase.act('cancel', { reason: 'Seen enough.' });
  await theCase.ended();
});

test.concurrent.each(['none', 'user', 'userAndWitnesses'] as const)(
  'the on-site record is signed as the policy asks: %s',
  async (onSiteSignatures) => {
    const theCase = await desk.open({ policy: { onSiteSignatures } });
    await visitTo(theCase, 'recordSiteFacts');
    expect((await theCase.task('recordSiteFacts')).context).toEqual({
      signatures: onSiteSignatures,
    });
    await theCase.answer('recordSiteFacts');
    await theCase.act('cancel', { reason: 'Seen enough.' });
    await theCase.ended();
  },
);

test.concurrent('rear support sends the engineer to look again', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'adviseDiagnosis');
  await theCase.answer('adviseDiagnosis', { determination: 'lookAgain' });
  await theCase.answer('reportDiagnosis-2', { causeCode: 'HOUSING-CRACKED' });
  expect((await theCase.task('adviseDiagnosis-2')).context).toMatchObject({
    causeCode: 'HOUSING-CRACKED',
  });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired', alertLevel: 0 });
});

test.concurrent('a fault that the station cannot locate goes to headquarters, with an alert', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'reportDiagnosis');
  await theCase.answer('reportDiagnosis', { faultLocated: false });
  await theCase.answer('adviseDiagnosis', { determination: 'askHeadquarters' });
  await theCase.task('reportDiagnosis-2');
  expect(await theCase.view()).toMatchObject({ alertLevel: 1, stage: 'diagnosing' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(desk.world, theCase.caseNumber)).messages).toContain('faultEscalated');
});

test.concurrent('a fault that is confirmed but not located is looked at again', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'reportDiagnosis');
  await theCase.answer('reportDiagnosis', { faultLocated: false });
  await theCase.answer('adviseDiagnosis');
  await theCase.task('reportDiagnosis-2');
  await theCase.walkTo('the end');
  await theCase.ended();
});

test.concurrent('a fault outside the warranty is not repaired: recorded, signed, called back, closed as not covered', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'decideCoverage', { reportDiagnosis: { covered: false } });
  await theCase.answer('decideCoverage', { decision: 'notCovered' });
  await theCase.task('writeServiceRecord');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'notCovered' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    loans: { loan1: { 'HP-PUMP-230': [1, 0, 1, 0], 'HP-SEAL-230': [2, 0, 2, 0] } },
    claims: 0,
    signatures: ['A'],
  });
});

test.concurrent('goodwill repairs a fault outside the warranty', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'decideCoverage', { reportDiagnosis: { covered: false } });
  await theCase.answer('decideCoverage');
  await theCase.task('adviseReplacement');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a part is missing on site: a second loan, also of a number still on loan, and another visit', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportRepair');
  const missing = [
    { partNumber: 'HP-SEAL-230', quantity: 1 },
    { partNumber: 'HP-FILTER-230', quantity: 1 },
  ];
  await theCase.answer('reportRepair', {
    result: 'partMissing',
    usedParts: [],
    expectedParts: missing,
  });
  await theCase.task('loan2-approveLoan-1');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'repaired',
    blockers: [],
  });
  const saw = await seen(desk.world, theCase.caseNumber);
  expect(saw).toMatchObject({
    visits: ['partiallyCompleted', 'completed'],
    loans: {
      loan1: { 'HP-PUMP-230': [1, 1, 0, 0], 'HP-SEAL-230': [2, 2, 0, 0] },
      loan2: { 'HP-SEAL-230': [1, 1, 0, 0], 'HP-FILTER-230': [1, 1, 0, 0] },
    },
  });
  expect(saw.messages).toContain('notFinished');
});

test.concurrent('what the site cannot solve is escalated, planned, and repaired in the same visit', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'reportRepair');
  await theCase.answer('reportRepair', { result: 'cannotRepair' });
  await theCase.task('planEscalation');
  expect(await theCase.view()).toMatchObject({ alertLevel: 1, stage: 'repairing' });
  await theCase.answer('planEscalation');
  await theCase.task('adviseReplacement-2');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const saw = await seen(desk.world, theCase.caseNumber);
  expect(saw.visits).toEqual(['completed']);
  expect(saw.messages).toEqual(expect.arrayContaining(['alert', 'faultEscalated']));
});

test.concurrent('what the site cannot solve is escalated, and repaired by another visit', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'reportRepair');
  await theCase.answer('reportRepair', { result: 'cannotRepair' });
  await theCase.answer('planEscalation', {
    plan: 'anotherVisit',
    expectedParts: [{ partNumber: 'HY-HOSE-16', quantity: 1 }],
  });
  await theCase.task('loan1-approveLoan-1');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['partiallyCompleted', 'completed'],
    loans: { loan1: { 'HY-HOSE-16': [1, 1, 0, 0] } },
  });
});

test.concurrent('a machine that does not run is analysed again', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'reportMachineCheck');
  await theCase.answer('reportMachineCheck', {
    runsNormally: false,
    items: [{ item: 'PRESSURE', ok: false }],
  });
  await theCase.task('reportDiagnosis-2');
  const restore = (await theCase.view()).clocks.find((clock) => clock.name === 'restore');
  expect(restore?.metAt).toBeNull();
  await theCase.walkTo('the end', { reportPhoneTriage: nothingNeeded });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a customer who is not there: the visit ends, another is agreed, and nobody is asked about safety', async () => {
  const theCase = await desk.open();
  await visitTo(theCase, 'recordSiteFacts');
  await theCase.answer('recordSiteFacts', {
    customerAbsent: true,
    userSignature: undefined,
    witnessSignatures: [],
  });
  const { openTasks } = await theCase.once(
    ({ openTasks: [open] }) => open?.id === 'confirmVisit-2',
  );
  expect(openTasks).toHaveLength(1);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'repaired' });
  const { visits } = await seen(desk.world, theCase.caseNumber);
  expect(visits.sort()).toEqual(['cannotComplete', 'completed']);
});
