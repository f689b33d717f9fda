/** FLOW-EMER: how an emergency is answered, solved, verified, followed up and reviewed. */
import { expect, test } from 'vitest';
import { transitionsOf } from '../../domain/chart.ts';
import { emergencyResponseFlow } from '../../domain/flows/emergency-response/flow.ts';
import type { Body, Case } from '../support/workflows/case.ts';
import type { Opening } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { dataLost, remotely, visited } from '../support/workflows/emergency-steps.ts';
import { seen } from '../support/workflows/seen.ts';

const desk = deskOfThisFile();

const open = (opening: Opening = {}) => desk.open({ flow: 'emergencyResponse', ...opening });
/** Opens one and answers it by examples, with changes, to the end. */
async function walked(changes: Record<string, Body>, opening: Opening = {}) {
  const theCase = await open(opening);
  await theCase.walkTo('the end', changes);
  return { theCase, view: await theCase.ended(), saw: await seen(desk.world, theCase.caseNumber) };
}
const stagesOf = async (theCase: Case) =>
  (await theCase.timeline())
    .filter((line) => line.kind === 'stageEntered')
    .map((line) => line.subject);
const clocksOf = ({ clocks }: { clocks: { name: string; state: string }[] }) =>
  Object.fromEntries(clocks.map(({ name, state }) => [name, state]));

test.concurrent('the longest path: remote fix fails, parts are swapped on a visit and claimed, data is recovered, all is signed, verified, followed up, reviewed', async () => {
  const { theCase, view, saw } = await walked({});
  expect(view).toMatchObject({ status: 'closed', outcome: 'restored', blockers: [] });
  expect(await stagesOf(theCase)).toEqual([
    ...['paging', 'firstContact', 'remoteFix', 'borrowingParts', 'arrangingVisit', 'departing'],
    ...['recordingOnSite', 'diagnosing', 'repairing', 'checkingMachine', 'recoveringData'],
    ...[
      'writingRecord',
      'claimingWarranty',
      'signingOff',
      'recording',
      'returningParts',
      'verifying',
    ],
    ...['followingUp', 'reviewing', 'filing'],
  ]);
  expect(clocksOf(view)).toEqual({
    response: 'met',
    restore: 'met',
    resolution: 'met',
    callback: 'met',
  });
  expect(saw).toMatchObject({
    visits: ['completed'],
    loans: { loan1: { 'SV-DISK-8T': [2, 2, 0, 0], 'SV-MEM-32G': [1, 1, 0, 0] } },
    signatures: ['A'],
    records: 2,
    claims: 1,
    oldParts: 3,
    articles: 1,
    archived: true,
  });
  expect(view.facts).toMatchObject({
    responder: 'ST-03',
    firstContact: 'phone',
    data: 'complete',
    callback: 'reached',
    followUp: 'reached',
    review: { rootCause: 'product', improvements: ['technology'] },
    incidentReport: { version: 2 },
  });
  const [, incident] = await desk.stores.records.questions.serviceRecords(theCase.caseNumber);
  expect(incident?.body).toMatchObject({
    incident: 'critical',
    remedyCode: 'REPLACED',
    handlingMinutes: expect.any(Number),
    reported: { occurredAt: null, impactScope: 'siteDown' },
    symptom: expect.stringMatching(/^Data centre South, hall 2, rack 14: The storage array/),
    staff: ['ST-03', expect.stringMatching(/^ST-/)],
  });
  const told = ['applicationConfirmed', 'paged', 'notFinished', 'dispatched', 'resultReport'];
  expect(saw.messages.filter((one) => [...told, 'improvementProposed'].includes(one))).toEqual([
    ...told,
    'improvementProposed',
  ]);
});

test.concurrent('fixed remotely: nobody goes, nothing is signed, the incident is reported all the same', async () => {
  const { view, saw } = await walked(remotely);
  expect(view).toMatchObject({ status: 'closed', outcome: 'restoredRemotely' });
  expect(clocksOf(view)).toMatchObject({ restore: 'met', resolution: 'met' });
  expect(saw).toMatchObject({ visits: [], loans: {}, signatures: [], records: 1, articles: 1 });
  expect(saw.messages).not.toContain('notFinished');
});

test.concurrent('a remote fix that failed is tried once more, graded anew, the customer told each time', async () => {
  const { theCase, view, saw } = await walked({
    ...remotely,
    'reportRemoteFix-1': { next: 'remote', severity: 'critical', dataLost: false },
  });
  expect(view).toMatchObject({ outcome: 'restoredRemotely', severity: 'critical' });
  expect(saw.messages.filter((one) => one === 'notFinished')).toHaveLength(1);
  expect((await stagesOf(theCase)).filter((one) => one === 'remoteFix')).toHaveLength(1);
});

test.concurrent('at once on site, with the parts that the customer has in stock: nothing is lent, the old parts come in', async () => {
  const own = [{ partNumber: 'SV-SWITCH-10G', quantity: 1 }];
  const { theCase, view, saw } = await walked({
    reportFirstContact: { way: 'visit', dataLost: false, expectedParts: [], customerParts: own },
  });
  expect(view).toMatchObject({ outcome: 'restored' });
  expect(saw).toMatchObject({ loans: {}, visits: ['completed'], oldParts: 1, claims: 1 });
  const stages = await stagesOf(theCase);
  expect(stages).not.toContain('remoteFix');
  expect(stages).not.toContain('recoveringData');
});

test.concurrent('only data is lost: it is recovered, which restores the service', async () => {
  const { theCase, view, saw } = await walked(dataLost);
  expect(view).toMatchObject({ outcome: 'restoredRemotely', facts: { data: 'complete' } });
  expect(clocksOf(view)).toMatchObject({ restore: 'met' });
  expect(saw).toMatchObject({ visits: [] });
  expect(await stagesOf(theCase)).toContain('recoveringData');
});

test.concurrent('data that is not all recovered is tried again, and then the branch knows that the rest is lost', async () => {
  const { theCase, view } = await walked({
    ...dataLost,
    'reportDataRecovery-1': { recovered: 'failed', source: 'replica', tryAgain: true },
    'reportDataRecovery-2': { recovered: 'partial', source: 'backup' },
  });
  expect(view.facts).toMatchObject({ data: 'partial' });
  const raised = (await theCase.timeline()).find((line) => line.kind === 'alertRaised');
  expect(raised).toMatchObject({ detail: { level: 2, trigger: 'data lost for good' } });
});

test.concurrent('a fault that is not covered ends the service on site; it is signed, reported and reviewed', async () => {
  const { view, saw } = await walked({
    ...visited,
    reportDiagnosis: { covered: false },
    decideCoverage: { decision: 'notCovered' },
  });
  const review = { rootCause: 'product' };
  expect(view).toMatchObject({ status: 'closed', outcome: 'notCovered', facts: { review } });
  expect(saw).toMatchObject({ visits: ['completed'], signatures: ['A'], records: 2 });
});

test.concurrent('data that was lost is recovered also where the fault is not covered, as the chart says', async () => {
  const { theCase, view, saw } = await walked({
    reportFirstContact: { way: 'visit', dataLost: true, expectedParts: [] },
    reportDiagnosis: { covered: false },
    decideCoverage: { decision: 'notCovered' },
  });
  expect(view).toMatchObject({ outcome: 'notCovered', facts: { data: 'complete' } });
  expect(clocksOf(view)).toMatchObject({ restore: 'canceled' });
  expect(saw).toMatchObject({ visits: ['completed'], claims: 0 });
  const stages = await stagesOf(theCase);
  expect(stages).toEqual(expect.arrayContaining(['diagnosing', 'recoveringData']));
  const ways = transitionsOf(emergencyResponseFlow);
  for (const [index, stage] of stages.slice(1).entries())
    expect(ways[stages[index] ?? '']).toContain(stage);
});

test.concurrent('under a maintenance contract the swapped parts are no claim', async () => {
  const { view, saw } = await walked(
    { reportFirstContact: { way: 'visit', dataLost: false } },
    { request: { serialNumber: 'SRV-DC-0001' } },
  );
  expect(view).toMatchObject({ outcome: 'restored' });
  expect(saw).toMatchObject({ claims: 0, oldParts: 3 });
});

test.concurrent('what turns out to be no fault of the product is no failure of it', async () => {
  const countedFor = async (code: string, changes: Record<string, Body>) => {
    const { theCase } = await walked(
      { ...visited, ...changes },
      { request: { fault: { code, description: 'A node is dark.' } } },
    );
    const { items } = await desk.stores.defects.questions.failures({ faultCode: code, limit: 50 });
    return items.filter(({ caseNumber }) => caseNumber === theCase.caseNumber).length;
  };
  const notCovered = { decision: 'notCovered' };
  expect(await countedFor('SRV-NODE-HANG', {})).toBe(1);
  expect(
    await countedFor('SRV-NODE-HANG', {
      reportDiagnosis: { covered: false },
      decideCoverage: notCovered,
    }),
  ).toBe(0);
  expect(await countedFor('SRV-NODE-HANG', { reviewEmergency: { rootCause: 'environment' } })).toBe(
    0,
  );
});

test.concurrent('not solved when the customer verifies it: another round, with a report of its own', async () => {
  const { theCase, view, saw } = await walked({
    ...remotely,
    'recordCallback-1': { fixed: 'notFixed', rating: 'D' },
  });
  expect(view).toMatchObject({ status: 'closed', outcome: 'restored' });
  expect(saw).toMatchObject({ visits: ['completed'], records: 3 });
  expect(await stagesOf(theCase)).toContain('furtherService');
});

test.concurrent('not solved when it is followed up: another round as well', async () => {
  const { theCase, view } = await walked({
    ...remotely,
    'recordFollowUp-1': { fixed: 'partly', rating: 'B' },
  });
  expect(view).toMatchObject({ status: 'closed', outcome: 'restored', blockers: [] });
  const stages = await stagesOf(theCase);
  expect(stages.slice(stages.indexOf('followingUp')).slice(0, 3)).toEqual([
    ...['followingUp', 'furtherService', 'arrangingVisit'],
  ]);
});

test.concurrent('when the rounds are used up a supervisor ends it unsatisfied; it is reviewed all the same', async () => {
  const { theCase, view } = await walked(
    { ...remotely, recordCallback: { fixed: 'notFixed', rating: 'D' } },
    { policy: { maxServiceRounds: 1 } },
  );
  expect(view).toMatchObject({ status: 'closed', outcome: 'endedUnsatisfied' });
  expect(await stagesOf(theCase)).toEqual(expect.arrayContaining(['furtherService', 'reviewing']));
});

test.concurrent('a customer who is never reached for the follow-up keeps nothing open; one whom a supervisor waives neither', async () => {
  const exhausted = await walked(
    { ...remotely, recordFollowUp: { result: 'noAnswer', fixed: undefined, rating: undefined } },
    { policy: { maxCallbackAttempts: 1 } },
  );
  expect(exhausted.view.facts).toMatchObject({ followUp: 'exhausted' });
  const theCase = await open();
  await theCase.walkTo('recordFollowUp', remotely);
  expect((await theCase.view()).blockers).toMatchObject([{ id: 'followUp', waivable: true }]);
  await theCase.act('waive', { blocker: 'followUp', reason: 'The site was closed down.' });
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'restoredRemotely' });
});
