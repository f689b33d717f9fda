/** FLOW-DEF: an action is judged by what failed; a failed check begins the next cycle, once (N23, N6). */
import { expect, test } from 'vitest';
import { checkAll } from '../../checks/index.ts';
import {
  closedReport,
  day,
  dayMs,
  failed,
  newFault,
  reportOf,
  school,
} from '../support/defect-fixtures.ts';
import { databaseOfThisFile, openedCase } from '../support/fixtures.ts';

const database = databaseOfThisFile();

test('while a report is open, or its effect is watched, no trend opens another; afterwards counting starts anew', async () => {
  const fault = await newFault(database, 'T-WATCH');
  for (const number of [1, 2, 3]) await failed(database, number, 5, fault);
  const { caseNumber, check } = await closedReport(database, fault, [school(1)]);
  expect((await failed(database, 4, 41, fault)).report).toBe(caseNumber);
  await check();
  const trend = await failed(database, 5, 80, fault);
  expect(trend).toEqual({ serials: [school(4), school(5)], report: null });
});

test('treated units are compared with prior ones, each watched for one window; a check is kept as it was', async () => {
  const fault = await newFault(database, 'T-GOOD');
  for (const [number, onDay] of [
    [1, 9.9], // before the window of 30 days
    [1, 15],
    [2, 20],
    [3, 39],
    [4, 50], // not treated, after the action: prior
    [1, 70], // treated, after the window
  ] as const)
    await failed(database, number, onDay, fault);
  const { caseNumber, check } = await closedReport(database, fault, [school(1), school(2)]);
  const verdict = await check();
  // twelve switches: all are watched before it, ten go on as prior
  expect(verdict).toMatchObject({
    effective: true,
    treated: { units: 2, failures: 0 },
    prior: { units: 22, failures: 4 },
    nextCycle: null,
    openReport: null,
  });
  await failed(database, 1, 45, fault);
  expect(await check()).toEqual(verdict);
  const row = await database.stores.cases.get(caseNumber);
  expect(row?.view).toMatchObject({
    cycle: 1,
    status: 'closed',
    facts: { effectCheck: { state: 'effective', treated: { units: 2, failures: 0 } } },
  });
});

test('a failure record is closed once the action after it is confirmed, and open again when the fault came back', async () => {
  const fault = await newFault(database, 'T-STATE');
  const states = async () =>
    (await database.stores.defects.questions.failures({ faultCode: fault, limit: 9 })).items.map(
      ({ state }) => state,
    );
  for (const number of [1, 2, 3, 4]) await failed(database, number, 20, fault);
  const first = await closedReport(database, fault, null);
  expect(await states()).toEqual(['open', 'open', 'open', 'open']);
  await first.check();
  await failed(database, 5, 80, fault);
  expect(await states()).toEqual(['open', 'closed', 'closed', 'closed', 'closed']);
  const second = await closedReport(database, fault, null, 100);
  await failed(database, 6, 110, fault);
  await second.check();
  expect(new Set(await states())).toEqual(new Set(['open']));
});

test('an action on every unit is compared with what all of them did before', async () => {
  const fault = await newFault(database, 'T-ALL');
  for (const number of [1, 2, 3, 4]) await failed(database, number, 20, fault);
  await failed(database, 5, 50, fault);
  const { check } = await closedReport(database, fault, null);
  expect(await check()).toMatchObject({
    effective: true,
    treated: { units: 12, failures: 1 },
    prior: { units: 12, failures: 4 },
  });
});

test('a failed check begins the next cycle once, keeps what the last one showed, and leaves the row to be started', async () => {
  const fault = await newFault(database, 'T-BAD');
  for (const number of [1, 2, 3]) await failed(database, number, 20, fault);
  const { caseNumber, check } = await closedReport(database, fault, [school(1), school(2)]);
  await failed(database, 1, 50, fault);
  const checks = await Promise.all([check(), check(), check()]);
  for (const one of checks)
    expect(one).toMatchObject({ effective: false, nextCycle: 2, openReport: null });
  const { sql, stores } = database;
  expect((await stores.cases.get(caseNumber))?.view).toMatchObject({
    cycle: 2,
    status: 'new',
    stage: 'analysing',
    outcome: null,
    facts: {},
  });
  expect(await stores.cases.pendingStarts(0, 100)).toContainEqual(
    expect.objectContaining({ caseNumber, cycle: 2 }),
  );
  const [first] = await sql`select closing_view from case_cycles where case_number = ${caseNumber}`;
  expect(first?.closing_view).toMatchObject({
    status: 'closed',
    outcome: 'correctiveActionInPlace',
  });
  expect(
    await stores.progress.claimCycle({ caseNumber, cycle: 1, firstExecutionRunId: 'run-1' }),
  ).toBe(false);
  expect(
    await stores.progress.claimCycle({ caseNumber, cycle: 2, firstExecutionRunId: 'run-2' }),
  ).toBe(true);
});

test('a report that is open already takes over from a failed check', async () => {
  const fault = await newFault(database, 'T-TAKEN');
  const { caseNumber, check } = await closedReport(database, fault, [school(1)]);
  await failed(database, 1, 50, fault);
  const other = await database.stores.cases.open(reportOf(fault));
  if (other.kind !== 'created') throw new Error(other.kind);
  expect(await check()).toMatchObject({
    effective: false,
    nextCycle: null,
    openReport: other.caseNumber,
  });
  expect((await database.stores.cases.get(caseNumber))?.view).toMatchObject({
    cycle: 1,
    status: 'closed',
    facts: { effectCheck: { state: 'failed', openReport: other.caseNumber } },
  });
});

test('a new report that opens while the check goes on is never a second open one', async () => {
  for (let round = 0; round < 8; round += 1) {
    const fault = await newFault(database, `T-TWIN-${round}`);
    const { caseNumber, check } = await closedReport(database, fault, [school(1)]);
    await failed(database, 1, 50, fault);
    const [verdict, opened] = await Promise.all([
      check(),
      database.stores.cases.open(reportOf(fault)),
    ]);
    const open = await database.sql<{ number: string }[]>`
      select case_number as number from cases where flow = 'defectReport' and fault_code = ${fault} and is_open`;
    expect(open).toHaveLength(1);
    expect(verdict.nextCycle ?? verdict.openReport).toBe(
      open[0]?.number === caseNumber ? 2 : open[0]?.number,
    );
    if ('caseNumber' in opened) expect(opened.caseNumber).toBe(open[0]?.number);
  }
});

test('the cases that a report came from are told once: where it was found, and whose failure counted', async () => {
  const fault = await newFault(database, 'T-SOURCE');
  const foundIn = await openedCase(database.stores);
  const made = reportOf(fault);
  const plan = { ...made.plan, source: { kind: 'case', caseNumber: foundIn } };
  const opened = await database.stores.cases.open({ ...made, plan });
  if (opened.kind !== 'created') throw new Error(opened.kind);
  await failed(database, 7, 8, fault);
  await failed(database, 8, -200, fault);
  const note = () =>
    database.stores.defects.effects.noteOnSources({
      effectKey: `${opened.caseNumber}/1/defects.noteOnSources/1`,
      caseNumber: opened.caseNumber,
      note: 'defectCorrected',
      at: day(40),
      detail: { actionCode: 'PSU-REV-B' },
      windowMs: 90 * dayMs,
    });
  const sources = await note();
  expect(sources).toHaveLength(2);
  expect(await note()).toEqual(sources);
  const { items } = await database.stores.timeline.list(foundIn, undefined, 10);
  expect(items).toMatchObject([
    { kind: 'defectCorrected', subject: opened.caseNumber, detail: { actionCode: 'PSU-REV-B' } },
  ]);
});

test('no invariant of defects is broken by any of it', async () => {
  const found = await checkAll(database.sql);
  expect(found.filter(({ invariant }) => ['N6', 'N23'].includes(invariant))).toEqual([]);
});
