/** An emergency may be canceled at each stage up to the moment it is resolved: what it did is undone (N9, I3, I4). */
import { expect, test } from 'vitest';
import type { Body } from '../support/workflows/case.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { remotely, visited } from '../support/workflows/emergency-steps.ts';
import { seen } from '../support/workflows/seen.ts';

const desk = deskOfThisFile();

const reason = { reason: 'The customer withdrew.' };
const unsatisfied = { ...visited, signServiceRecord: { rating: 'D' } };
const lent = { reportFirstContact: { way: 'visit' } };

/** Each task of its own or of a stage before it is resolved; what is left of the effects after a cancel there. */
const before: [string, Record<string, Body>, { visits: string[]; reservations: string[] }][] = [
  ['answerPage', {}, { visits: [], reservations: [] }],
  ['reportFirstContact', {}, { visits: [], reservations: [] }],
  ['reportRemoteFix', {}, { visits: [], reservations: [] }],
  ['issueParts', lent, { visits: [], reservations: ['released'] }],
  ['confirmVisit', visited, { visits: [], reservations: [] }],
  ['confirmDeparture', lent, { visits: ['canceled'], reservations: ['issued'] }],
  ['confirmSafety', visited, { visits: ['canceled'], reservations: [] }],
  ['reportDiagnosis', visited, { visits: ['canceled'], reservations: [] }],
  ['reportRepair', visited, { visits: ['canceled'], reservations: [] }],
  ['reportMachineCheck', visited, { visits: ['canceled'], reservations: [] }],
  [
    'reportDataRecovery',
    { reportFirstContact: { ...visited.reportFirstContact, dataLost: true } },
    { visits: ['completed'], reservations: [] },
  ],
  ['signServiceRecord', visited, { visits: ['completed'], reservations: [] }],
  ['writeIncidentReport', remotely, { visits: [], reservations: [] }],
  [
    'signServiceRecord',
    { ...lent, reportDiagnosis: { causeCode: 'DISK-FAIL' } },
    { visits: ['completed'], reservations: ['issued'] },
  ],
  ['planFurtherService', unsatisfied, { visits: ['completed'], reservations: [] }],
];

test.concurrent.each(before)(
  'canceled while %s is open: its effects are undone',
  async (task, changes, left) => {
    const theCase = await desk.open({ flow: 'emergencyResponse' });
    await theCase.walkTo(task, changes);
    await theCase.act('cancel', reason, { role: 'hotline' });
    expect(await theCase.ended()).toMatchObject({ status: 'canceled', outcome: 'canceled' });
    await expect(theCase.act('note', reason)).rejects.toMatchObject({ name: 'WorkflowGone' });
    const { clocks } = await theCase.view();
    expect(clocks.filter((clock) => clock.state === 'running')).toEqual([]);
    const saw = await eventually(
      () => seen(desk.world, theCase.caseNumber),
      ({ reservations }) => reservations.every((one) => one === 'released' || one === 'issued'),
    );
    expect(saw).toMatchObject({ ...left, claims: 0, archived: false });
    expect(saw.messages).toContain('caseCanceled');
    if (left.reservations.includes('issued')) await theCase.answer('reportReturn');
  },
);

test.concurrent('once resolved an emergency is not canceled any more, while it is followed up or reviewed', async () => {
  const theCase = await desk.open({ flow: 'emergencyResponse' });
  for (const task of ['recordCallback', 'recordFollowUp', 'reviewEmergency']) {
    await theCase.walkTo(task, remotely);
    await expectRefusal(theCase.act('cancel', reason), 'illegalTransition');
  }
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'restoredRemotely' });
});

test.concurrent('a supervisor may close an emergency that only waits for its review', async () => {
  const theCase = await desk.open({ flow: 'emergencyResponse' });
  await theCase.walkTo('recordFollowUp', remotely);
  await expectRefusal(theCase.act('close', reason), 'blocked');
  await theCase.walkTo('reviewEmergency', remotely);
  await theCase.act('close', reason);
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'closedBySupervisor' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({ archived: true, articles: 1 });
});
