import { expect, test } from 'vitest';
import { migrate } from '../../db/migrate.ts';
import { roles } from '../../domain/case.ts';
import { policyBody } from '../../domain/policy.ts';
import { loadDemoData } from '../../setup/demo-data/load.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();

test('migrations and demo data may be applied again, by several at once', async () => {
  const { sql, url } = database;
  const counts = () =>
    sql`select (select count(*) from part_movements) as moved, (select sum(on_hand) from stock) as stock, (select count(*) from staff) as staff`;
  const before = await counts();
  await Promise.all([migrate(url), migrate(url), loadDemoData(url), loadDemoData(url)]);
  expect(await counts()).toEqual(before);
});

test('a machine comes with everything its warranty is judged by', async () => {
  const { directory } = database.stores;
  expect(await directory.asset('ZE230E-000117')).toMatchObject({
    customerNumber: 'CU-1001',
    productClass: 'heavyEquipment',
    territory: 'north',
    warrantyTerm: { months: 24, basis: 'installed' },
    contracts: [],
  });
  expect((await directory.asset('SRV-DC-0001'))?.contracts).toMatchObject([
    { contractNumber: 'SC-2001', package: 'gold' },
  ]);
  expect(await directory.asset('NOPE')).toBeNull();
});

test('each demo customer and machine of the contract is there', async () => {
  const { directory } = database.stores;
  const school = Array.from({ length: 12 }, (_, n) => `NET-SCH-${String(n + 1).padStart(4, '0')}`);
  expect(
    await directory.unknown({
      customerNumber: ['CU-1001', 'CU-1002', 'CU-1003', 'CU-1004', 'CU-1005'],
      serialNumber: [
        'ZE230E-000117',
        'QY25V-000042',
        'ZE60E-000009',
        'SRV-DC-0001',
        'SRV-DC-0002',
        'TV55-880001',
        ...school,
      ],
    }),
  ).toEqual({});
  expect((await directory.customer('CU-1002'))?.arrears).toBe(true);
  expect((await directory.customer('CU-1003'))?.contact.locale).toBe('en');
});

test('somebody stands behind every role', async () => {
  for (const role of roles)
    expect(await database.stores.directory.staffInRole(role)).not.toHaveLength(0);
  expect(await database.stores.directory.staff('ST-01')).toMatchObject({ role: 'hotline' });
  expect(await database.stores.directory.staff('ST-99')).toBeNull();
});

test.each(['heavyEquipment', 'itProduct', 'homeAppliance'])(
  'the policy for %s has the shape that plans are made from',
  async (productClass) => {
    const policy = await database.stores.directory.policyFor(productClass);
    expect(policyBody.parse(policy?.body).productClass).toBe(productClass);
  },
);

test('a policy is never edited, only followed by a newer version', async () => {
  const { sql, stores } = database;
  await expect(sql`update policies set body = '{}'`).rejects.toMatchObject({ code: '23001' });
  await sql`insert into policies select name, 2, product_class, body from policies where name = 'itProduct' and version = 1`;
  expect((await stores.directory.policyFor('itProduct'))?.version).toBe(2);
});

test('unknown numbers are named by kind', async () => {
  expect(
    await database.stores.directory.unknown({
      partNumber: ['HP-PUMP-230', 'NOPE', 'NOPE'],
      engineerNumber: ['EN-01'],
      staffNumber: ['ST-77'],
      faultCode: [],
      location: ['CENTRAL'],
    }),
  ).toEqual({ partNumber: ['NOPE'], staffNumber: ['ST-77'] });
});
