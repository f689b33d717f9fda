/** FLOW-DEF: a defect is analysed, verified, owned, corrected, and those that it came from hear of it. */
import { expect, test } from 'vitest';
import { linesOf, openReport } from '../support/workflows/defects.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import { noPart } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

test.concurrent('the longest path: analysed, verified, acknowledged, caused, approved, in place; then its effect is watched', async () => {
  const theCase = await openReport(desk);
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({
    status: 'closed',
    outcome: 'correctiveActionInPlace',
    severity: 'high',
    assignee: 'ST-07',
    facts: {
      owner: 'ST-07',
      grade: 'major',
      rootCause: { causeCode: 'CAP-UNDERRATED', origin: 'design' },
      action: {
        state: 'inPlace',
        actionCode: 'PSU-REV-B',
        treatedSerials: ['NET-SCH-0011', 'NET-SCH-0012'],
      },
      effectCheck: { state: 'waiting' },
    },
  });
  const entered = await linesOf(theCase, 'stageEntered');
  expect(entered.map(({ subject }) => subject)).toEqual([
    'analysing',
    'verifyingDefect',
    'acknowledging',
    'findingRootCause',
    'proposingAction',
    'approvingAction',
    'implementing',
    'informing',
    'filing',
  ]);
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    articles: 1,
    archived: true,
    messages: ['defectReported', 'defectFindings'],
  });
  const check = desk.world.client.workflow.getHandle(`${theCase.caseNumber}/effectCheck1`);
  expect((await check.describe()).status.name).toBe('RUNNING');
  await eventually(
    () => linesOf(theCase, 'effectCheckPlanned'),
    (lines) => lines.length === 1,
  );
});

test.concurrent('the review board sends a proposal back; only the approved one counts', async () => {
  const theCase = await openReport(desk);
  await theCase.walkTo('the end', {
    'proposeAction-1': { actionCode: 'LOWER-LOAD' },
    'approveAction-1': { approved: false, reason: 'Treats the symptom only.' },
    'proposeAction-2': { treats: 'allUnits', treatedSerials: [] },
  });
  expect((await theCase.ended()).facts).toMatchObject({
    action: { actionCode: 'PSU-REV-B', treatedSerials: null },
  });
  const entered = (await linesOf(theCase, 'stageEntered')).map(({ subject }) => subject);
  expect(entered.slice(4, 9)).toEqual([
    'proposingAction',
    'approvingAction',
    'proposingAction',
    'approvingAction',
    'implementing',
  ]);
});

test.concurrent('a defect that nobody can reproduce is closed, the case that it was found in is told, and nothing is watched', async () => {
  const source = await desk.open();
  const theCase = await openReport(desk, 'NET-PSU-HUM', {
    source: { kind: 'case', caseNumber: source.caseNumber },
  });
  await theCase.walkTo('the end', { verifyDefect: { result: 'notReproduced', grade: undefined } });
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'notReproduced' });
  expect(await linesOf(source, 'defectNotReproduced')).toMatchObject([
    { subject: theCase.caseNumber, actor: { id: 'system:flow' } },
  ]);
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({ articles: 1, messages: [] });
  const check = desk.world.client.workflow.getHandle(`${theCase.caseNumber}/effectCheck1`);
  await expect(check.describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  await source.walkTo('the end', { reportPhoneTriage: { ...noPart, fixedByPhone: true } });
});

test.concurrent('a duplicate is withdrawn in favour of the report that stays', async () => {
  const source = await desk.open();
  const stays = await openReport(desk);
  const theCase = await openReport(desk, 'NET-PSU-HUM', {
    source: { kind: 'inspection', caseNumber: source.caseNumber },
  });
  const duplicate = { result: 'duplicate', grade: undefined };
  await theCase.answer('fileFaultAnalysis');
  await expectRefusal(theCase.answer('verifyDefect', duplicate), 'invalidAnswer');
  const itself = { ...duplicate, duplicateOf: theCase.caseNumber };
  await expectRefusal(theCase.answer('verifyDefect', itself), 'invalidAnswer');
  await theCase.answer('verifyDefect', { ...duplicate, duplicateOf: stays.caseNumber });
  expect(await theCase.ended()).toMatchObject({ outcome: 'withdrawnAsDuplicate' });
  expect(await linesOf(source, 'defectWithdrawn')).toMatchObject([
    { detail: { duplicateOf: stays.caseNumber } },
  ]);
  await stays.act('cancel', { reason: 'Enough.' });
  await source.walkTo('the end', { reportPhoneTriage: { ...noPart, fixedByPhone: true } });
});

test.concurrent('an action that is due in the past, leaves out the reported model, or lists no unit is refused', async () => {
  const theCase = await openReport(desk);
  await theCase.walkTo('proposeAction');
  const refused = (changes: object) =>
    expectRefusal(theCase.answer('proposeAction', { ...changes }), 'invalidAnswer');
  const { context } = await theCase.task('proposeAction');
  await refused({ dueAt: '2020-01-01T00:00:00Z' });
  await refused({ dueAt: context.earliestDueAt });
  // later than the task was opened, and past all the same
  await refused({ dueAt: new Date(Date.now() - 1).toISOString() });
  await refused({ affectedModels: ['TV55'] });
  await refused({ treatedSerials: [] });
  await refused({ treats: 'allUnits' });
  await theCase.walkTo('reportActionInPlace');
  await expectRefusal(
    theCase.answer('reportActionInPlace', { treatedSerials: [] }),
    'invalidAnswer',
  );
  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ outcome: 'correctiveActionInPlace' });
});

test.concurrent('a verified defect needs a grade; each step is for its role', async () => {
  const theCase = await openReport(desk);
  await expectRefusal(theCase.answer('fileFaultAnalysis', {}, { role: 'hotline' }), 'forbidden');
  await theCase.answer('fileFaultAnalysis');
  await expectRefusal(theCase.answer('verifyDefect', { grade: undefined }), 'invalidAnswer');
  await expectRefusal(theCase.answer('verifyDefect', {}, { role: 'supervisor' }), 'forbidden');
  await theCase.walkTo('approveAction');
  await expectRefusal(theCase.answer('approveAction', {}, { role: 'quality' }), 'forbidden');
  await theCase.walkTo('the end', { verifyDefect: { grade: 'critical' } });
  await theCase.ended();
});

test.concurrent.each([
  'fileFaultAnalysis',
  'verifyDefect',
  'acknowledgeDefect',
  'reportRootCause',
  'proposeAction',
  'approveAction',
  'reportActionInPlace',
])(
  'a report that is canceled before %s is answered leaves nothing behind, and nothing is let in any more',
  async (task) => {
    const theCase = await openReport(desk);
    await theCase.walkTo(task);
    await theCase.act('cancel', { reason: 'Reported in error.' });
    expect(await theCase.ended()).toMatchObject({ status: 'canceled', outcome: 'canceled' });
    expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
      articles: 0,
      archived: false,
    });
    const [left] = await desk.world
      .sql`select from corrective_actions where case_number = ${theCase.caseNumber}`;
    expect(left).toBeUndefined();
    await expect(theCase.act('cancel', { reason: 'Again.' })).rejects.toThrow();
  },
);

test.concurrent('an effect check that is started with garbage ends at once, and one that is canceled in the engine goes on', async () => {
  const { client, engine } = desk.world;
  const garbage = await client.workflow.start('effectCheck', {
    workflowId: 'garbage/effectCheck1',
    taskQueue: engine.taskQueues.workflows,
    args: [{ caseNumber: 7 }],
  });
  await expect(garbage.result()).rejects.toMatchObject({ cause: { type: 'invalidInput' } });
  const theCase = await openReport(desk);
  await theCase.walkTo('the end');
  await theCase.ended();
  const check = client.workflow.getHandle(`${theCase.caseNumber}/effectCheck1`);
  await check.cancel();
  await eventually(
    () => linesOf(theCase, 'refused'),
    (lines) => lines.some(({ subject }) => subject === 'cancel'),
  );
  expect((await check.describe()).status.name).toBe('RUNNING');
});
