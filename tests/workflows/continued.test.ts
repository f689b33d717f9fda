/** A run that has grown long continues as new at the place where it stands (I18, N18): nobody outside notices. */
import { expect, test } from 'vitest';
import { actionOf, type Case, staffOf } from '../support/workflows/case.ts';
import { expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';
import { loanTo } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const reason = 'Called again.';
const runsOf = async (workflowId: string): Promise<number> => {
  const [row] = await desk.world.sql<{ runs: number }[]>`
    select cardinality(runs) as runs from case_workflows where workflow_id = ${workflowId}`;
  return row?.runs ?? 0;
};

/** Notes until the run has grown too long. */
async function talk(theCase: Case): Promise<number> {
  const before = await runsOf(theCase.caseNumber);
  let said = 0;
  while ((await runsOf(theCase.caseNumber)) === before) {
    const notes = Array.from({ length: 40 }, () => actionOf('note', 'hotline', { reason }));
    for (const note of notes)
      await theCase.handle.executeUpdate('note', { args: [note], updateId: String(note.actId) });
    said += notes.length;
  }
  return said;
}

test('a case with a thousand notes goes on in new runs: same tasks, each act once, each effect once', async () => {
  const theCase = await desk.open();
  await loanTo(theCase, 'reportDiagnosis');
  const actId = 'act-before';
  const revision = await theCase.act('note', { reason }, { actId });
  const before = await theCase.row();

  const said = await talk(theCase);
  const after = await theCase.row();
  expect(after.openTasks).toEqual(before.openTasks);
  expect({ ...after.view, clocks: [] }).toEqual({ ...before.view, clocks: [] });
  expect(after.view.clocks).toEqual(before.view.clocks);

  const repeated = actionOf('note', 'supervisor', { reason }, actId);
  expect(await theCase.handle.executeUpdate('note', { args: [repeated] })).toEqual({ revision });
  const triage = {
    actor: { id: staffOf.engineer, role: 'engineer' },
    occurredAt: new Date().toISOString(),
    actId: 'late',
    taskId: 'reportPhoneTriage-1',
  };
  const answer = {
    likelyFaultCode: 'HYD-PUMP-LOSS',
    fixedByPhone: true,
    customerHasPart: false,
    guideByPhone: false,
    expectedParts: [],
    document: null,
  };
  await expectRefusal(theCase.deliver('reportPhoneTriage', { ...triage, answer }), 'taskNotOpen');

  await theCase.walkTo('the end');
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'repaired' });
  expect(await seen(desk.world, theCase.caseNumber)).toMatchObject({
    visits: ['completed'],
    reservations: ['issued'],
    loans: { loan1: { 'HP-PUMP-230': [1, 1, 0, 0], 'HP-SEAL-230': [2, 2, 0, 0] } },
    records: 1,
    claims: 1,
    signatures: ['A'],
  });
  const noted = await desk.world
    .sql`select from case_events where case_number = ${theCase.caseNumber} and kind = 'noted'`;
  expect(noted).toHaveLength(said + 1);
  expect(await runsOf(theCase.caseNumber)).toBe(2);
}, 180_000);
