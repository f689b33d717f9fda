/** Scheduled inspection (FLOW-INSP): each phase, what is found and what becomes of it, and an inspector who is not there. */
import { expect, test } from 'vitest';
import type { LinkedCase } from '../../domain/linked.ts';
import type { Body, Case } from '../support/workflows/case.ts';
import { eventually } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';

const desk = deskOfThisFile();

const flow = 'scheduledInspection';
const round = (request: Body = {}) => desk.open({ flow, request });
const nothingFound = {
  entries: ['NET-SCH-0010', 'NET-SCH-0011', 'NET-SCH-0012'].map((serialNumber) => ({
    serialNumber,
    running: 'good',
    linesReplaced: 0,
    dustRemoved: true,
    returnVisit: 'satisfied',
  })),
  findings: [],
  causes: [],
};
const linkedOf = async (theCase: Case) => (await theCase.view()).facts.linkedCases as LinkedCase[];
const stages = async (theCase: Case) =>
  (await theCase.timeline())
    .filter(({ kind }) => kind === 'stageEntered')
    .map(({ subject }) => subject);
const textsOf = (theCase: Case, template: string) => desk.world.sql<
  { text: string; recipient: object }[]
>`
  select text, recipient from notifications where case_number = ${theCase.caseNumber} and template = ${template}`;

test('a late round goes through every stage: its findings become cases of their own, its causes a decision', async () => {
  const theCase = await round();
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'inspected',
    facts: {
      phase: 'late',
      decisions: [{ cause: 1, decision: 'improveProduct' }],
      archiveCode: expect.stringContaining(theCase.caseNumber),
    },
  });
  expect(await stages(theCase)).toEqual([
    'planningRound',
    'inspecting',
    'analysing',
    'dispatchingFindings',
    'reporting',
    'filing',
  ]);
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    archived: true,
    messages: ['inspectionAnnounced', 'inspectorAssigned', 'upgradesNeeded', 'causesReported'],
  });
  const [causes] = await textsOf(theCase, 'causesReported');
  expect(causes).toMatchObject({
    recipient: { kind: 'role', role: 'manager' },
    text: expect.stringContaining('NET-SCH-0011 NET-FAN-STOPS BEARING-DUST'),
  });
  expect((await textsOf(theCase, 'upgradesNeeded'))[0]?.text).toContain('NET-SCH-0011');
});

test('what was found is repaired and reported beside the round; the next round links to what is open still', async () => {
  const first = await round();
  await first.walkTo('the end');
  await first.ended();
  const [repair, defect] = await linkedOf(first);
  expect([repair, defect]).toMatchObject([{ flow: 'inWarrantyRepair' }, { flow: 'defectReport' }]);
  if (repair?.was === 'refused' || !repair) throw new Error('no repair');
  const found = await desk.stores.cases.get(repair.caseNumber);
  expect(found).toMatchObject({
    serialNumber: 'NET-SCH-0010',
    faultCode: 'NET-PORT-DEAD',
    view: { status: expect.not.stringMatching('closed') },
    plan: { source: { kind: 'inspection' }, channel: 'internal' },
  });

  const second = await round();
  await second.walkTo('the end');
  await second.ended();
  expect(await linkedOf(second)).toMatchObject([
    { was: 'openAlready', caseNumber: repair.caseNumber },
    { was: 'openAlready' },
  ]);
});

test('an early round tells the leaders at once what may become a problem (M14), and asks nobody for a decision', async () => {
  const theCase = await round({ phase: 'early' });
  await theCase.walkTo('analyseFindings');
  await eventually(
    () => seen(desk.world, theCase.caseNumber),
    ({ messages }) => messages.includes('earlyFindings'),
  );
  expect((await theCase.view()).stage).toBe('analysing');
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'inspected' });
  const { messages } = await seen(desk.world, theCase.caseNumber);
  expect(messages).toEqual(['inspectionAnnounced', 'inspectorAssigned', 'earlyFindings']);
  const [told14] = await textsOf(theCase, 'earlyFindings');
  expect(told14?.text).toContain('1 项可能存在的问题、1 项使用中的问题，涉及 NET-SCH-0010');
});

test('a middle round reports what needs an upgrade or a replacement (M33), and problems that are no faults', async () => {
  const theCase = await round({ phase: 'middle' });
  const findings = [
    { serialNumber: 'NET-SCH-0010', kind: 'replacementNeeded' },
    { serialNumber: 'NET-SCH-0011', kind: 'upgradeNeeded' },
    { serialNumber: 'NET-SCH-0012', kind: 'upgradeNeeded' },
    { serialNumber: 'NET-SCH-0010', kind: 'possibleProblem' },
    { serialNumber: 'NET-SCH-0012', kind: 'customerProblem' },
  ];
  await theCase.walkTo('the end', { fileMiddleForm: { findings } });
  await theCase.ended();
  expect(await linkedOf(theCase)).toBeUndefined();
  const [told] = await textsOf(theCase, 'upgradesNeeded');
  expect(told?.text).toContain('2 台设备需升级、1 台需更换：NET-SCH-0010');
  const [problems] = await textsOf(theCase, 'earlyFindings');
  expect(problems?.text).toContain(
    '1 项可能存在的问题、1 项使用中的问题，涉及 NET-SCH-0010, NET-SCH-0012',
  );
});

test('a round that finds nothing tells nobody and opens nothing', async () => {
  const theCase = await round();
  await theCase.walkTo('the end', { fileLateForm: nothingFound });
  expect(await theCase.ended()).toMatchObject({ outcome: 'inspected', facts: { findings: [] } });
  const { messages } = await seen(desk.world, theCase.caseNumber);
  expect(messages).toEqual(['inspectionAnnounced', 'inspectorAssigned']);
  expect(await linkedOf(theCase)).toBeUndefined();
});

test('an inspector who was not there: the form is withdrawn, the round planned anew, the desk alerted', async () => {
  const theCase = await round();
  await theCase.walkTo('recordAttendance');
  const absent = { attended: false, reached: 'nobody', remark: 'The gate was shut.' };
  await theCase.answer('recordAttendance', absent);
  const again = await theCase.task('planRound-2');
  const { view, openTasks } = await theCase.row();
  expect(openTasks.map(({ id }) => id)).toEqual([again.id]);
  expect(view.alertLevel).toBe(1);
  await theCase.walkTo('the end');
  await theCase.ended();
  const saw = await seen(desk.world, theCase.caseNumber);
  expect(saw.visits).toEqual(['cannotComplete', 'completed']);
  expect(saw.messages.filter((one) => one === 'inspectionAnnounced')).toHaveLength(2);
});

test('a form of an inspector who turns out not to have been there does not count', async () => {
  const theCase = await round();
  await theCase.answer('planRound');
  await theCase.answer('fileLateForm');
  await theCase.answer('recordAttendance', {
    attended: false,
    reached: 'site',
    remark: 'Nobody came.',
  });
  await theCase.answer('planRound');
  expect((await theCase.task('fileLateForm-2')).id).toBe('fileLateForm-2');
  await theCase.walkTo('the end', { 'fileLateForm-2': nothingFound });
  expect(await theCase.ended()).toMatchObject({ facts: { findings: [] } });
});

test('a slot that another case has taken meanwhile is planned anew', async () => {
  const [first, second] = [await round(), await round()];
  const slot = {
    engineerNumber: 'EN-03',
    start: '2091-01-01T01:00:00.000Z',
    end: '2091-01-01T03:00:00.000Z',
  };
  await first.answer('planRound', slot);
  await first.task('fileLateForm');
  await second.answer('planRound', slot);
  expect((await second.task('planRound')).id).toBe('planRound-2');
});

test('a round is done by when it was asked for, and every asset of the customer is in it unless some are named', async () => {
  const dueBy = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const theCase = await round({ dueBy, serialNumbers: undefined, phase: 'early' });
  await theCase.answer('planRound');
  const { view, plan } = await theCase.row();
  expect(view.clocks).toMatchObject([{ name: 'resolution', dueAt: dueBy }]);
  const owned = await desk.stores.directory.assetsOf('CU-1003', null, 100);
  expect(owned.length).toBeGreaterThanOrEqual(12);
  expect(view.facts).toMatchObject({ assets: owned.length });
  expect(plan).toMatchObject({ serialNumber: null, entitlement: null, twinKey: null });
  const { context } = await theCase.task('fileEarlyForm');
  expect((context as { serialNumbers: string[] }).serialNumbers).toEqual(
    owned.map(({ serialNumber }) => serialNumber),
  );
});

test('a finding that can’t be handed on is said, and keeps nobody waiting', async () => {
  const theCase = await round();
  const findings = [{ serialNumber: 'NET-SCH-0010', kind: 'fault', faultCode: 'NO-SUCH-CODE' }];
  await theCase.walkTo('the end', { fileLateForm: { findings, causes: [] } });
  expect(await theCase.ended()).toMatchObject({ outcome: 'inspected' });
  expect(await linkedOf(theCase)).toMatchObject([{ was: 'refused' }]);
});

test('several assets of one model with one suspected defect make one report', async () => {
  const theCase = await round({ phase: 'middle' });
  const findings = ['NET-SCH-0010', 'NET-SCH-0011'].map((serialNumber) => ({
    serialNumber,
    kind: 'defectSuspected',
    faultCode: 'NET-FAN-STOPS',
  }));
  await theCase.walkTo('the end', { fileMiddleForm: { findings } });
  await theCase.ended();
  const linked = await linkedOf(theCase);
  const numbers = linked.map((one) => (one.was === 'refused' ? null : one.caseNumber));
  expect(numbers).toHaveLength(2);
  expect(new Set(numbers).size).toBe(1);
});
