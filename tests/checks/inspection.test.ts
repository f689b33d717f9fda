import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { event, progress, view } from '../support/fixtures.ts';
import { livedIn } from '../support/lived-in.ts';

// As in checkers.test.ts: each test does what no guard would let through, and the checker must say so.

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
