import { expect, test } from 'vitest';
import { databaseOfThisFile, newCase, openedCase, progress, view } from '../support/fixtures.ts';

const database = databaseOfThisFile();

/** Makes every insert dwell between looking and writing, so that calls at once do meet. */
async function withSlowInserts<T>(work: () => Promise<T>): Promise<T> {
  const { sql } = database;
  await Promise.all(Array.from({ length: 20 }, () => sql`select pg_sleep(0.1)`)); // all connections are open
  await sql`create or replace function dwell() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.05); return new; end $$`;
  await sql`create trigger dwell before insert on cases for each row execute function dwell()`;
  try {
    return await work();
  } finally {
    await sql`drop trigger dwell on cases`;
  }
}

test('a hundred parallel calls with one key open one case', async () => {
  const request = newCase({ faultCode: 'HYD-HOSE-LEAK' }); // a duplicate is allowed: only the key is in the way
  const opened = await withSlowInserts(() =>
    Promise.all(Array.from({ length: 100 }, () => database.stores.cases.open(request))),
  );
  expect(opened.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  expect(opened.filter(({ kind }) => kind === 'same')).toHaveLength(99);
  const rows = await database.sql`select from cases where fault_code = 'HYD-HOSE-LEAK'`;
  expect(rows).toHaveLength(1);
});

test('a hundred parallel calls with keys of their own open one case for one asset, fault and flow', async () => {
  const opened = await withSlowInserts(() =>
    Promise.all(
      Array.from({ length: 100 }, () =>
        database.stores.cases.open(
          newCase({ faultCode: 'SLEW-MOTOR-NOISE', allowDuplicate: false }),
        ),
      ),
    ),
  );
  expect(opened.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  const numbers = new Set(opened.map((one) => 'caseNumber' in one && one.caseNumber));
  expect(numbers.size).toBe(1);
});

test('the same key with another body is told so, and changes nothing', async () => {
  const request = newCase();
  await database.stores.cases.open(request);
  expect(await database.stores.cases.open({ ...request, bodyHash: 'b' })).toEqual({
    kind: 'keyReused',
  });
});

test('the same key of another caller is another key', async () => {
  const request = newCase();
  await database.stores.cases.open(request);
  expect((await database.stores.cases.open({ ...request, scope: 'ST-05' })).kind).toBe('created');
});

test('a duplicate is opened when it is allowed, and after the first one closed', async () => {
  const twin = { faultCode: 'ELC-START-FAIL', allowDuplicate: false };
  const first = await openedCase(database.stores, twin);
  expect(await database.stores.cases.open(newCase(twin))).toEqual({
    kind: 'duplicate',
    caseNumber: first,
  });
  expect((await database.stores.cases.open(newCase({ ...twin, allowDuplicate: true }))).kind).toBe(
    'created',
  );
  await database.stores.progress.record(
    progress(first, 1, { view: view(first, { status: 'closed' }) }),
  );
  expect((await database.stores.cases.open(newCase({ ...twin, scope: 'again' }))).kind).toBe(
    'duplicate',
  );
});

test('a case number has six digits and grows beyond them', async () => {
  expect(await openedCase(database.stores)).toMatch(/^C-\d{6}$/);
  const [row] = await database.sql<{ big: string }[]>`select case_number_of(1234567) as big`;
  expect(row?.big).toBe('C-1234567');
});

test('a row waits for its start until it is marked', async () => {
  const caseNumber = await openedCase(database.stores);
  const pending = async () =>
    (await database.stores.cases.pendingStarts(0, 1_000)).map((row) => row.caseNumber);
  expect(await pending()).toContain(caseNumber);
  expect(
    (await database.stores.cases.pendingStarts(60_000, 1_000)).map((row) => row.caseNumber),
  ).not.toContain(caseNumber);
  await database.stores.cases.markStarted(caseNumber);
  expect(await pending()).not.toContain(caseNumber);
  expect(await database.stores.cases.get(caseNumber)).toMatchObject({
    started: true,
    runId: null,
    revision: 0,
  });
});

test('the person who called stands in persons, and not in what the workflow is given', async () => {
  const caseNumber = await openedCase(database.stores, {
    contact: { name: 'Somebody Special', phone: '+86 555' },
  });
  const [person] =
    await database.sql`select name, phone from persons where person_id = ${`contact:${caseNumber}`}`;
  expect(person).toEqual({ name: 'Somebody Special', phone: '+86 555' });
  const row = await database.stores.cases.get(caseNumber);
  expect(JSON.stringify([row?.plan, row?.view])).not.toContain('Somebody');
});

test('the list comes newest first, page by page, each case once', async () => {
  const numbers = [];
  for (let n = 0; n < 5; n++)
    numbers.push(
      await openedCase(database.stores, { customerNumber: 'CU-1005', serialNumber: 'TV55-880001' }),
    );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await database.stores.cases.list({ customerNumber: 'CU-1005', limit: 2, cursor });
    seen.push(...page.items.map((row) => row.view.caseNumber));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(numbers.reverse());
});

test('the list is filtered by what the case is now', async () => {
  const caseNumber = await openedCase(database.stores, {
    customerNumber: 'CU-1002',
    serialNumber: 'ZE60E-000009',
  });
  await database.stores.progress.record(
    progress(caseNumber, 1, {
      view: view(caseNumber, {
        alertLevel: 2,
        assignee: 'ST-02',
        nextDueAt: '2026-01-01T00:00:00.000Z',
      }),
    }),
  );
  const found = async (filter: object) =>
    (await database.stores.cases.list({ limit: 100, ...filter })).items.map(
      (row) => row.view.caseNumber,
    );
  for (const filter of [
    { alertLevel: 2 },
    { assignee: 'ST-02' },
    { overdue: true },
    { q: 'ze60e' },
    { q: caseNumber },
    { status: 'inProgress', q: 'cu-1002' },
  ]) {
    expect(await found(filter)).toContain(caseNumber);
  }
  for (const filter of [
    { alertLevel: 1 },
    { overdue: false },
    { q: '%' },
    { status: 'closed' },
    { flow: 'other' },
  ]) {
    expect(await found(filter)).not.toContain(caseNumber);
  }
});

test('a cursor of another list, and garbage, are refused by name', async () => {
  await openedCase(database.stores);
  await openedCase(database.stores);
  const { nextCursor } = await database.stores.cases.list({ limit: 1 });
  for (const cursor of [
    nextCursor ?? '',
    'garbage',
    '%%%',
    Buffer.from('{}').toString('base64url'),
  ]) {
    await expect(database.stores.tasks.list({ limit: 1, cursor })).rejects.toMatchObject({
      type: 'BadCursor',
    });
  }
});
