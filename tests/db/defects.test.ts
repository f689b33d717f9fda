/** FLOW-FRACAS: failures are counted once, a trend is seen by exactly whoever completes it, a failed effect check begins the next cycle. */
import { expect, test } from 'vitest';
import { checkAll } from '../../db/checkers.ts';
import type { NewCase } from '../../db/index.ts';
import { opensReport } from '../../domain/recurrence.ts';
import { databaseOfThisFile, newCase, openedCase, progress, view } from './fixtures.ts';

const database = databaseOfThisFile();
const dayMs = 86_400_000;
const start = Date.parse('2026-06-01T00:00:00.000Z');
const day = (number: number) => new Date(start + number * dayMs).toISOString();
const school = (number: number) => `NET-SCH-${String(number).padStart(4, '0')}`;

/** A record of a failure of that school's switch, of a case of its own. */
async function failed(number: number, onDay: number, faultCode: string, windowDays = 90) {
  const caseNumber = await openedCase(database.stores);
  return database.stores.records.recordFailure({
    effectKey: `${caseNumber}/1/records.recordFailure/1`,
    caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    serialNumber: school(number),
    faultCode,
    causeCode: null,
    remedyCode: 'REPLACED',
    failedAt: day(onDay),
    windowMs: windowDays * dayMs,
  });
}

const reportOf = (faultCode: string, more: Partial<NewCase> = {}): NewCase => {
  const made = newCase({ flow: 'defectReport', firstStage: 'analysing', allowDuplicate: false });
  return {
    ...made,
    plan: {
      ...made.plan,
      productModel: 'NET-SW48',
      faultCode,
      twinKey: `NET-SW48/${faultCode}`,
      source: { kind: 'suggestion', caseNumber: null },
    },
    customerNumber: null,
    serialNumber: null,
    faultCode,
    openedAt: day(10),
    ...more,
  };
};

/** A report whose action was in place on `inPlace` and is checked 30 days later; its workflow has closed. */
async function closedReport(faultCode: string, treatedSerials: string[] | null, inPlace = 40) {
  const { cases, progress: told, records } = database.stores;
  const opened = await cases.open(reportOf(faultCode));
  if (opened.kind !== 'created') throw new Error(opened.kind);
  const { caseNumber } = opened;
  await told.claimCycle({ caseNumber, cycle: 1, firstExecutionRunId: 'run-1' });
  await records.registerAction({
    effectKey: `${caseNumber}/1/records.registerAction/1`,
    caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    faultCode,
    actionCode: 'PSU-REV-B',
    affectedModels: ['NET-SW48'],
    treatedSerials,
    inPlaceAt: day(inPlace),
    checkAt: day(inPlace + 30),
  });
  const closed = view(caseNumber, {
    flow: 'defectReport',
    status: 'closed',
    outcome: 'correctiveActionInPlace',
    closedAt: day(inPlace),
    facts: { effectCheck: { state: 'waiting' } },
  });
  await told.record(progress(caseNumber, 1, { view: closed }));
  const check = () =>
    records.checkEffect({
      effectKey: `${caseNumber}/effectCheck1/1/records.checkEffect/1`,
      caseNumber,
      cycle: 1,
      atMostPercent: 25,
      checkedAt: day(inPlace + 30),
      firstStage: 'analysing',
    });
  return { caseNumber, check };
}

/** A code of the test's own, so that no other test's failures count. */
async function newFault(code: string): Promise<string> {
  await database.sql`insert into fault_codes (fault_code, title_en, title_zh, product_class)
    values (${code}, 'x', 'x', 'itProduct')`;
  return code;
}

test('a failure is recorded once per case and cycle, and the same request again answers the same', async () => {
  const fault = await newFault('T-ONCE');
  const caseNumber = await openedCase(database.stores);
  const request = {
    effectKey: `${caseNumber}/1/records.recordFailure/1`,
    caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    serialNumber: school(1),
    faultCode: fault,
    causeCode: 'CAP-AGED',
    remedyCode: 'REPLACED',
    failedAt: day(1),
    windowMs: 90 * dayMs,
  };
  const { records, failures } = database.stores;
  const first = await records.recordFailure(request);
  expect(first).toEqual({ serials: [school(1)], report: null });
  expect(await records.recordFailure(request)).toEqual(first);
  await expect(
    records.recordFailure({ ...request, serialNumber: school(2) }),
  ).rejects.toMatchObject({ type: 'EffectKeyReused' });
  const { items } = await failures.list({ faultCode: fault, limit: 10 });
  expect(items).toMatchObject([{ caseNumber, cycle: 1, causeCode: 'CAP-AGED', failedAt: day(1) }]);
});

test('distinct units count, within the window, of the same model and fault', async () => {
  const fault = await newFault('T-WINDOW');
  await failed(1, 0, fault);
  await failed(2, 50, fault);
  await failed(2, 51, fault);
  await failed(3, 60, await newFault('T-OTHER'));
  expect(await failed(4, 89, fault)).toEqual({
    serials: [school(1), school(2), school(4)],
    report: null,
  });
  expect((await failed(5, 90, fault)).serials).toEqual([school(2), school(4), school(5)]);
  expect((await failed(5, 90, fault, 7)).serials).toEqual([school(4), school(5)]);
});

test('of many closings at once at least one sees the trend, whatever the order, and one report is opened', async () => {
  for (let round = 0; round < 8; round += 1) {
    const fault = await newFault(`T-RACE-${round}`);
    const trends = await Promise.all([1, 2, 3].map((number) => failed(number, 1, fault)));
    const seeing = trends.filter((trend) => opensReport(trend, 3));
    expect(seeing.length).toBeGreaterThan(0);
    const opened = await Promise.all(seeing.map(() => database.stores.cases.open(reportOf(fault))));
    expect(opened.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  }
});

test('while a report is open, or its effect is watched, no trend opens another; afterwards counting starts anew', async () => {
  const fault = await newFault('T-WATCH');
  for (const number of [1, 2, 3]) await failed(number, 5, fault);
  const { caseNumber, check } = await closedReport(fault, [school(1)]);
  expect((await failed(4, 41, fault)).report).toBe(caseNumber);
  await check();
  const trend = await failed(5, 80, fault);
  expect(trend).toEqual({ serials: [school(4), school(5)], report: null });
});

test('treated units are compared with prior ones, each watched for one window; a check is kept as it was', async () => {
  const fault = await newFault('T-GOOD');
  for (const [number, onDay] of [
    [1, 9.9], // before the window of 30 days
    [1, 15],
    [2, 20],
    [3, 39],
    [4, 50], // not treated, after the action: prior
    [1, 70], // treated, after the window
  ] as const)
    await failed(number, onDay, fault);
  const { caseNumber, check } = await closedReport(fault, [school(1), school(2)]);
  const verdict = await check();
  // twelve switches: all are watched before it, ten go on as prior
  expect(verdict).toMatchObject({
    effective: true,
    treated: { units: 2, failures: 0 },
    prior: { units: 22, failures: 4 },
    nextCycle: null,
    openReport: null,
  });
  await failed(1, 45, fault);
  expect(await check()).toEqual(verdict);
  const row = await database.stores.cases.get(caseNumber);
  expect(row?.view).toMatchObject({
    cycle: 1,
    status: 'closed',
    facts: { effectCheck: { state: 'effective', treated: { units: 2, failures: 0 } } },
  });
});

test('an action on every unit is compared with what all of them did before', async () => {
  const fault = await newFault('T-ALL');
  for (const number of [1, 2, 3, 4]) await failed(number, 20, fault);
  await failed(5, 50, fault);
  const { check } = await closedReport(fault, null);
  expect(await check()).toMatchObject({
    effective: true,
    treated: { units: 12, failures: 1 },
    prior: { units: 12, failures: 4 },
  });
});

test('a failed check begins the next cycle once, keeps what the last one showed, and leaves the row to be started', async () => {
  const fault = await newFault('T-BAD');
  for (const number of [1, 2, 3]) await failed(number, 20, fault);
  const { caseNumber, check } = await closedReport(fault, [school(1), school(2)]);
  await failed(1, 50, fault);
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
  const fault = await newFault('T-TAKEN');
  const { caseNumber, check } = await closedReport(fault, [school(1)]);
  await failed(1, 50, fault);
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
    const fault = await newFault(`T-TWIN-${round}`);
    const { caseNumber, check } = await closedReport(fault, [school(1)]);
    await failed(1, 50, fault);
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
    if (opened.kind !== 'keyReused') expect(opened.caseNumber).toBe(open[0]?.number);
  }
});

test('the cases that a report came from are told once: where it was found, and whose failure counted', async () => {
  const fault = await newFault('T-SOURCE');
  const foundIn = await openedCase(database.stores);
  const made = reportOf(fault);
  const plan = { ...made.plan, source: { kind: 'case', caseNumber: foundIn } };
  const opened = await database.stores.cases.open({ ...made, plan });
  if (opened.kind !== 'created') throw new Error(opened.kind);
  await failed(7, 8, fault);
  await failed(8, -200, fault);
  const note = () =>
    database.stores.records.noteOnSources({
      effectKey: `${opened.caseNumber}/1/records.noteOnSources/1`,
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

test('failure records are listed by model and fault, page by page', async () => {
  const fault = await newFault('T-LIST');
  for (const number of [1, 2, 3]) await failed(number, number, fault);
  const { failures } = database.stores;
  const first = await failures.list({ productModel: 'NET-SW48', faultCode: fault, limit: 2 });
  expect(first.items.map(({ serialNumber }) => serialNumber)).toEqual([school(3), school(2)]);
  const cursor = first.nextCursor ?? undefined;
  const rest = await failures.list({ faultCode: fault, cursor, limit: 2 });
  expect(rest).toMatchObject({ items: [{ serialNumber: school(1) }], nextCursor: null });
  expect((await failures.list({ productModel: 'TV55', faultCode: fault, limit: 2 })).items).toEqual(
    [],
  );
  await expect(failures.list({ cursor: 'bm8', limit: 2 })).rejects.toMatchObject({
    type: 'BadCursor',
  });
});

test('no invariant of defects is broken by any of it', async () => {
  const found = await checkAll(database.sql);
  expect(found.filter(({ invariant }) => ['N6', 'N23'].includes(invariant))).toEqual([]);
});
