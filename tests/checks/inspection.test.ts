import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { event, hotline, openedCase, progress, view } from '../support/fixtures.ts';
import { livedIn } from '../support/lived-in.ts';

// As in checkers.test.ts: each test does what no guard would let through, and the checker must say so.

const nominalAt = '2026-11-02T01:00:00.000Z';
const terms = { customerNumber: 'CU-1003' } as never;

async function planned() {
  const { sql, stores, caseNumber } = await livedIn();
  const { planNumber } = await stores.plans.create({
    scope: 'test',
    key: randomUUID(),
    bodyHash: '',
    terms,
    by: hotline,
    at: nominalAt,
  });
  const due = { planNumber, nominalAt, overlap: 'skip' };
  const makeRound = (number: string, of: object = due) =>
    sql`update cases set plan = plan || ${sql.json({ occurrence: of } as never)} where case_number = ${number}`;
  const opened = { result: 'opened', caseNumber, detail: null } as const;
  return { sql, stores, caseNumber, planNumber, due, makeRound, opened };
}
const N22 = async ({ sql }: Awaited<ReturnType<typeof planned>>) =>
  (await checkers.N22(sql)).map(({ detail }) => detail);

test('N22 sees a nominal time with two rounds, and rounds that may not overlap', async () => {
  const lived = await planned();
  const { stores, planNumber, caseNumber, makeRound, opened } = lived;
  await makeRound(caseNumber);
  await stores.plans.recordOccurrence(planNumber, nominalAt, opened);
  expect(await N22(lived)).toEqual([]);
  const second = await openedCase(stores);
  await makeRound(second);
  expect(await N22(lived)).toEqual(
    expect.arrayContaining([
      '2 rounds',
      '2 rounds open that may not overlap',
      'a round of no occurrence',
    ]),
  );
});

test('N22 sees a round that no occurrence names, and an occurrence that names another plan’s round', async () => {
  const lived = await planned();
  const { stores, planNumber, caseNumber, makeRound, opened, due } = lived;
  await makeRound(caseNumber);
  expect(await N22(lived)).toEqual(['a round of no occurrence']);
  await stores.plans.recordOccurrence(planNumber, nominalAt, opened);
  await makeRound(caseNumber, { ...due, planNumber: 'IP-0001' });
  expect(await N22(lived)).toEqual([`names ${caseNumber}`]);
});

test('findingsHandedOn sees a finding that became nothing', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const answer = { repairs: [1], defects: [] };
  const events = [event('taskAnswered', { subject: 'analyseFindings-1', detail: { answer } })];
  const facts = { linkedCases: [{ was: 'openAlready' }] };
  const shown = (more: object) =>
    view(caseNumber, { flow: 'scheduledInspection', outcome: 'inspected', ...more });
  await sql`update cases set flow = 'scheduledInspection' where case_number = ${caseNumber}`;
  await stores.progress.record(progress(caseNumber, 3, { view: shown({ facts }), events }));
  expect(await checkers.findingsHandedOn(sql)).toEqual([]);
  await stores.progress.record(progress(caseNumber, 4, { view: shown({ facts: {} }) }));
  expect(await checkers.findingsHandedOn(sql)).toMatchObject([{ detail: '1 findings, 0 linked' }]);
});

test('plansTold sees a version of a plan that the audit log does not tell', async () => {
  const { sql, planNumber } = await planned();
  expect(await checkers.plansTold(sql)).toEqual([]);
  await sql`update inspection_plans set version = 2 where plan_number = ${planNumber}`;
  expect(await checkers.plansTold(sql)).toMatchObject([{ detail: 'version 2, 1 lines' }]);
});
