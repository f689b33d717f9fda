import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import {
  closedReport,
  day,
  failed,
  newFault,
  reportOf,
  school,
} from '../support/defect-fixtures.ts';
import { event, progress, view } from '../support/fixtures.ts';
import { livedIn } from '../support/lived-in.ts';

// As in checkers.test.ts: each test does what no guard would let through, and the checker must say so.

/** A report whose effect check failed: it stands in its second cycle. */
async function reopened() {
  const lived = await livedIn();
  const fault = await newFault(lived, 'T-CHECKED');
  const { caseNumber, check } = await closedReport(lived, fault, [school(1)]);
  await failed(lived, 1, 50, fault);
  await check();
  return { ...lived, fault, caseNumber };
}

test('a report that went on by the rules breaks neither invariant', async () => {
  const { sql } = await reopened();
  expect([...(await checkers.N6(sql)), ...(await checkers.N23(sql))]).toEqual([]);
});

test('N6 sees a cycle that lost what it ended with, and a task that two cycles share', async () => {
  const { sql, stores, caseNumber } = await reopened();
  await sql`update case_cycles set closing_view = null where case_number = ${caseNumber}`;
  for (const cycle of [1, 2])
    await stores.progress.record(
      progress(caseNumber, 5, {
        cycle,
        runId: `run-${cycle}`,
        view: view(caseNumber, { cycle }),
        events: [event('taskAnswered', { subject: 'verifyDefect-1' })],
      }),
    );
  expect(await checkers.N6(sql)).toEqual([
    { invariant: 'N6', subject: caseNumber, detail: 'cycle 1 lost its end' },
    { invariant: 'N6', subject: caseNumber, detail: 'verifyDefect-1 answered in cycles 1, 2' },
  ]);
});

test('N23 sees a report that closed without its action being watched', async () => {
  const { sql, stores, caseNumber } = await reopened();
  const closed = { cycle: 2, status: 'closed', outcome: 'correctiveActionInPlace' } as const;
  await stores.progress.claimCycle({ caseNumber, cycle: 2, firstExecutionRunId: 'run-2' });
  await stores.progress.record(
    progress(caseNumber, 6, { cycle: 2, runId: 'run-2', view: view(caseNumber, closed) }),
  );
  expect(await checkers.N23(sql)).toMatchObject([
    { subject: caseNumber, detail: 'cycle 2 closed, and no action is watched' },
  ]);
});

test('N23 sees a verdict that the numbers do not bear, and a failed one that led nowhere', async () => {
  const { sql, caseNumber } = await reopened();
  await sql`alter table effect_checks disable trigger effect_checks_immutable`;
  await sql`update effect_checks set treated_failures = 0`;
  await sql`update cases set cycle = 1 where case_number = ${caseNumber}`;
  expect((await checkers.N23(sql)).map(({ detail }) => detail)).toEqual([
    'failed in cycle 1, and stands in 1',
    'verdict false on 0/1 against 0/23',
  ]);
});

test('N23 sees two open reports of one fault', async () => {
  const { sql, stores, fault } = await reopened();
  await sql`drop index cases_duplicate`;
  await sql`insert into fault_codes select 'T-ELSE', 'x', 'x', null, 'itProduct'`;
  await stores.cases.open(reportOf('T-ELSE', { openedAt: day(60) }));
  await sql`update cases set twin_key = ${`NET-SW48/${fault}`} where fault_code = 'T-ELSE'`;
  expect(await checkers.N23(sql)).toMatchObject([{ detail: '2 open reports' }]);
});
