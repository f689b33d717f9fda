import { expect, test } from 'vitest';
import { firstExample, noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile(5);
const door = doorFrom(() => openDoor(database.sql, noEngine)); // rows alone are enough for a list

const openOn = (number: number) => {
  const serialNumber = `NET-SCH-000${number}`;
  const fault = { code: 'NET-NO-LINK', description: 'No link.' };
  const request = firstExample({ customerNumber: 'CU-1003', serialNumber, fault });
  return door.call('POST', '/v1/cases', 'hotline', request, serialNumber);
};

test('the list finds cases by what they are about, newest first, page by page', async () => {
  for (const number of [1, 2, 3, 4, 5, 6, 7]) await openOn(number);
  const list = async (query: string) =>
    (await door.call('GET', `/v1/cases?${query}`, 'manager')).body;
  const numbers = (body: { items?: unknown }) =>
    (body.items as { caseNumber: string }[]).map((one) => one.caseNumber);
  const all = numbers(await list('limit=200'));
  expect(all).toEqual([...all].sort().reverse());
  const paged: string[] = [];
  for (let cursor = ''; ; ) {
    const found = await list(`limit=3${cursor}`);
    paged.push(...numbers(found));
    if (found.nextCursor === null) break;
    cursor = `&cursor=${found.nextCursor}`;
  }
  expect(paged).toEqual(all);
  expect(numbers(await list('serialNumber=NET-SCH-0003'))).toHaveLength(1);
  expect(numbers(await list('q=net-sch-0005'))).toHaveLength(1);
  expect(numbers(await list('flow=inWarrantyRepair&status=new&severity=high&limit=200'))).toEqual(
    all,
  );
  expect(numbers(await list('status=closed'))).toEqual([]);
  const next = (await list('limit=1')).nextCursor;
  expect((await door.call('GET', `/v1/tasks?cursor=${next}`, 'manager')).status).toBe(422);
});

test('a case that is open already shows with its asset and its customer', async () => {
  const asset = await door.call('GET', '/v1/assets/NET-SCH-0001', 'hotline');
  expect(asset.body.openCases).toEqual([expect.objectContaining({ serialNumber: 'NET-SCH-0001' })]);
  const customer = await door.call('GET', '/v1/customers/CU-1003', 'hotline');
  expect(customer.body.openCases).toHaveLength(7);
});

test('a case answers with an ETag, and 304 to whoever has it', async () => {
  const headers = { authorization: 'Bearer demo-hotline' };
  const url = '/v1/cases/C-000001';
  const first = await door.app.inject({ url, headers });
  const etag = String(first.headers.etag);
  const again = await door.app.inject({ url, headers: { ...headers, 'if-none-match': etag } });
  expect([first.statusCode, again.statusCode]).toEqual([200, 304]);
});
