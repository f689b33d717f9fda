/** FLOW-FIELD, FLOW-TECH, FLOW-ESC: the visit, from agreeing on it to a machine that runs. */
import { expect, test } from 'vitest';
import { deskOfThisFile } from './desk-of-this-file.ts';
import { seen } from './seen.ts';
import { loanTo, nothingNeeded, visitTo } from './steps.ts';

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
  for (const kase of [first, second]) {
    expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
    expect((await seen(desk.world, kase.caseNumber)).visits).toEqual(['completed']);
  }
});

test.concurrent('nobody leaves before the departure check is whole', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'confirmDeparture');
  await kase.answer('confirmDeparture', { tools: false, missing: 'The torque wrench.' });
  const { openTasks, view } = await kase.once(
    ({ openTasks: [open] }) => open?.id === 'confirmDeparture-2',
  );
  expect(openTasks).toHaveLength(1);
  expect(view.stage).toBe('departing');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent.each([
  ['work clothing', { workClothing: false }],
  ['the power cut', { powerCut: false }],
])('without %s nothing is diagnosed and no repair can be reported', async (_, lack) => {
  const kase = await desk.open();
  await visitTo(kase, 'confirmSafety');
  await kase.answer('recordSiteFacts');
  await kase.answer('confirmSafety', lack);
  const { openTasks } = await kase.once(({ openTasks: [open] }) => open?.id === 'confirmSafety-2');
  expect(openTasks.map((task) => task.name)).toEqual(['confirmSafety']);
  await kase.answer('confirmSafety');
  expect((await kase.task('reportDiagnosis')).stage).toBe('diagnosing');
  await kase.walkTo('the end');
  await kase.ended();
});

test.concurrent('on-site record and safety check may come in either order, both before the diagnosis', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'confirmSafety');
  await kase.answer('confirmSafety');
  const { openTasks } = await kase.row();
  expect(openTasks.map((task) => task.name)).toEqual(['recordSiteFacts']);
  await kase.answer('recordSiteFacts');
  await kase.task('reportDiagnosis');
  await kase.say('cancel', { reason: 'Seen enough.' });
  await kase.ended();
});

test.concurrent.each(['none', 'user', 'userAndWitnesses'] as const)(
  'the on-site record is signed as the policy asks: %s',
  async (onSiteSignatures) => {
    const kase = await desk.open({ policy: { onSiteSignatures } });
    await visitTo(kase, 'recordSiteFacts');
    expect((await kase.task('recordSiteFacts')).context).toEqual({ signatures: onSiteSignatures });
    await kase.answer('recordSiteFacts');
    await kase.say('cancel', { reason: 'Seen enough.' });
    await kase.ended();
  },
);

test.concurrent('rear support sends the engineer to look again', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'adviseDiagnosis');
  await kase.answer('adviseDiagnosis', { determination: 'lookAgain' });
  await kase.answer('reportDiagnosis-2', { causeCode: 'HOUSING-CRACKED' });
  expect((await kase.task('adviseDiagnosis-2')).context).toMatchObject({
    causeCode: 'HOUSING-CRACKED',
  });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired', alertLevel: 0 });
});

test.concurrent('a fault that the station cannot locate goes to headquarters, with an alert', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'reportDiagnosis');
  await kase.answer('reportDiagnosis', { faultLocated: false });
  await kase.answer('adviseDiagnosis', { determination: 'askHeadquarters' });
  await kase.task('reportDiagnosis-2');
  expect(await kase.view()).toMatchObject({ alertLevel: 1, stage: 'diagnosing' });
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect((await seen(desk.world, kase.caseNumber)).messages).toContain('faultEscalated');
});

test.concurrent('a fault that is confirmed but not located is looked at again', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'reportDiagnosis');
  await kase.answer('reportDiagnosis', { faultLocated: false });
  await kase.answer('adviseDiagnosis');
  await kase.task('reportDiagnosis-2');
  await kase.walkTo('the end');
  await kase.ended();
});

test.concurrent('a fault outside the warranty is not repaired: recorded, signed, called back, closed as not covered', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'decideCoverage', { reportDiagnosis: { covered: false } });
  await kase.answer('decideCoverage', { decision: 'notCovered' });
  await kase.task('writeServiceRecord');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'notCovered' });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    visits: ['completed'],
    loans: { loan1: { 'HP-PUMP-230': [1, 0, 1, 0], 'HP-SEAL-230': [2, 0, 2, 0] } },
    claims: 0,
    signatures: ['A'],
  });
});

test.concurrent('goodwill repairs a fault outside the warranty', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'decideCoverage', { reportDiagnosis: { covered: false } });
  await kase.answer('decideCoverage');
  await kase.task('adviseReplacement');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a part is missing on site: a second loan, also of a number still on loan, and another visit', async () => {
  const kase = await desk.open();
  await loanTo(kase, 'reportRepair');
  const missing = [
    { partNumber: 'HP-SEAL-230', quantity: 1 },
    { partNumber: 'HP-FILTER-230', quantity: 1 },
  ];
  await kase.answer('reportRepair', {
    result: 'partMissing',
    usedParts: [],
    expectedParts: missing,
  });
  await kase.task('loan2-approveLoan-1');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired', blockers: [] });
  const saw = await seen(desk.world, kase.caseNumber);
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
  const kase = await desk.open();
  await visitTo(kase, 'reportRepair');
  await kase.answer('reportRepair', { result: 'cannotRepair' });
  await kase.task('planEscalation');
  expect(await kase.view()).toMatchObject({ alertLevel: 1, stage: 'repairing' });
  await kase.answer('planEscalation');
  await kase.task('adviseReplacement-2');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const saw = await seen(desk.world, kase.caseNumber);
  expect(saw.visits).toEqual(['completed']);
  expect(saw.messages).toEqual(expect.arrayContaining(['alert', 'faultEscalated']));
});

test.concurrent('what the site cannot solve is escalated, and repaired by another visit', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'reportRepair');
  await kase.answer('reportRepair', { result: 'cannotRepair' });
  await kase.answer('planEscalation', {
    plan: 'anotherVisit',
    expectedParts: [{ partNumber: 'HY-HOSE-16', quantity: 1 }],
  });
  await kase.task('loan1-approveLoan-1');
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  expect(await seen(desk.world, kase.caseNumber)).toMatchObject({
    visits: ['partiallyCompleted', 'completed'],
    loans: { loan1: { 'HY-HOSE-16': [1, 1, 0, 0] } },
  });
});

test.concurrent('a machine that does not run is analysed again', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'reportMachineCheck');
  await kase.answer('reportMachineCheck', {
    runsNormally: false,
    items: [{ item: 'PRESSURE', ok: false }],
  });
  await kase.task('reportDiagnosis-2');
  const restore = (await kase.view()).clocks.find((clock) => clock.name === 'restore');
  expect(restore?.metAt).toBeNull();
  await kase.walkTo('the end', { reportPhoneTriage: nothingNeeded });
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
});

test.concurrent('a customer who is not there: the visit ends, another is agreed, and nobody is asked about safety', async () => {
  const kase = await desk.open();
  await visitTo(kase, 'recordSiteFacts');
  await kase.answer('recordSiteFacts', {
    customerAbsent: true,
    userSignature: undefined,
    witnessSignatures: [],
  });
  const { openTasks } = await kase.once(({ openTasks: [open] }) => open?.id === 'confirmVisit-2');
  expect(openTasks).toHaveLength(1);
  await kase.walkTo('the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const { visits } = await seen(desk.world, kase.caseNumber);
  expect(visits.sort()).toEqual(['cannotComplete', 'completed']);
});
