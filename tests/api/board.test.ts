import { beforeAll, expect, test } from 'vitest';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile, openedCase, progress, view } from '../support/fixtures.ts';

const database = databaseOfThisFile(5);
const door = doorFrom(() => openDoor(database.sql, noEngine)); // rows alone are enough for a board
/** Case numbers by what is due: in the order in which the board should show them. */
const due = [
  '2020-01-01T00:00:00.000Z',
  '2020-01-01T00:00:00.000Z',
  '2099-01-01T00:00:00.000Z',
  null,
];
const cases: string[] = [];

beforeAll(async () => {
  const { stores } = door.deps;
  for (const nextDueAt of due) {
    const caseNumber = await openedCase(stores);
    cases.push(caseNumber);
    await stores.progress.record(
      progress(caseNumber, 1, { view: view(caseNumber, { nextDueAt, severity: 'high' }) }),
    );
  }
  const closed = await openedCase(stores);
  await stores.progress.record(
    progress(closed, 1, {
      view: view(closed, { status: 'closed', closedAt: '2026-01-01T00:00:00.000Z' }),
    }),
  );
});

const board = async (query = '') => (await door.call('GET', `/v1/board?${query}`, 'manager')).body;
const numbers = ({ items }: { items?: unknown }) =>
  (items as { caseNumber: string }[]).map(({ caseNumber }) => caseNumber);

test('the board shows open cases by what is due next, what has no due time last', async () => {
  expect(numbers(await board())).toEqual(cases);
  expect((await board()).items).toMatchObject([
    { overdue: true },
    { overdue: true },
    { overdue: false },
    { overdue: false, nextDueAt: null },
  ]);
});

test('page by page it shows each case once', async () => {
  const paged: string[] = [];
  for (let cursor = ''; ; ) {
    const found = await board(`limit=1${cursor}`);
    paged.push(...numbers(found));
    if (found.nextCursor === null) break;
    cursor = `&cursor=${found.nextCursor}`;
  }
  expect(paged).toEqual(cases);
});

test('it is narrowed to what is overdue, of a flow, of a severity', async () => {
  expect(numbers(await board('overdue=true'))).toEqual(cases.slice(0, 2));
  expect(numbers(await board('flow=inWarrantyRepair&severity=high'))).toEqual(cases);
  expect(numbers(await board('flow=defectReport'))).toEqual([]);
  expect(numbers(await board('severity=low'))).toEqual([]);
});

test('a cursor of another list, and a filter that it does not have, are refused by name', async () => {
  const { nextCursor } = (await door.call('GET', '/v1/cases?limit=1', 'manager')).body;
  expect((await door.call('GET', `/v1/board?cursor=${nextCursor}`, 'manager')).status).toBe(422);
  expect((await door.call('GET', '/v1/board?status=closed', 'manager')).status).toBe(422);
});
