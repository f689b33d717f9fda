import { expect, test } from 'vitest';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { importer, lines } from '../support/services/imports-fixtures.ts';

const database = databaseOfThisFile();
const { take, wrong } = importer(database);

const day = 'a day such as 2028-02-09, from 1950-01-01 to 2099-12-31';

test('assets name customers and models that are known', async () => {
  const header = 'serialNumber,productModel,customerNumber,territory,installedOn,purchasedOn';
  const file = lines(
    header,
    'AC-9001,TV55,CU-1005,north,2026-02-28,',
    'AC-9002,XX,CU-9999,north,2026-02-30,1949-12-31',
  );
  expect(await wrong('assets', file)).toEqual([
    { row: 3, column: 'installedOn', detail: `${day}, or nothing` },
    { row: 3, column: 'purchasedOn', detail: `${day}, or nothing` },
    { row: 3, column: 'productModel', detail: 'a known productModel: XX is none' },
    { row: 3, column: 'customerNumber', detail: 'a known customerNumber: CU-9999 is none' },
  ]);
  const good = lines(header, 'AC-9001,TV55,CU-1005,north,2026-02-28,');
  expect(await take('assets', good)).toMatchObject({ row: { created: 1 } });
  expect(await take('assets', good)).toMatchObject({ row: { unchanged: 1 } });
  expect(await database.stores.directory.asset('AC-9001')).toMatchObject({
    productClass: 'homeAppliance',
    installedOn: '2026-02-28',
    purchasedOn: null,
  });
});

test('parts have a price in minor units that fits', async () => {
  const header = 'partNumber,titleEn,titleZh,unitPriceMinor,currency';
  const file = (price: string) => lines(header, `AC-FILTER-1,Filter,滤网,${price},CNY`);
  for (const price of ['12.5', '-1', '1e3', '2147483648', '007', ''])
    expect(await wrong('parts', file(price))).toMatchObject([{ row: 2, column: 'unitPriceMinor' }]);
  expect(await take('parts', file('2147483647'))).toMatchObject({ row: { created: 1 } });
  expect(await take('parts', file('4500'))).toMatchObject({ row: { changed: 1 } });
});

const engineers =
  'engineerNumber,staffNumber,name,territory,skills,timeZone,certificates,shifts,provider';

test('an engineer comes with person, staff entry, skills and hours, which a later file replaces', async () => {
  const row = (shifts: string) =>
    lines(
      engineers,
      `EN-70,ST-70,Ning Ya,north,hydraulics; network,Asia/Shanghai,HYD-2=2035-12-31,${shifts},PV-ALPHA`,
    );
  expect(await take('engineers', row('1-2 08:00-12:00; 1 13:00-18:00'))).toMatchObject({
    row: { created: 1 },
  });
  expect(await take('engineers', row('1 13:00-18:00; 1-2 08:00-12:00'))).toMatchObject({
    row: { unchanged: 1 },
  });
  const hours = () => database.sql`
    select weekday, opens, closes from engineer_shifts where engineer_number = 'EN-70' order by weekday, opens`;
  expect(await hours()).toEqual([
    { weekday: 1, opens: '08:00', closes: '12:00' },
    { weekday: 1, opens: '13:00', closes: '18:00' },
    { weekday: 2, opens: '08:00', closes: '12:00' },
  ]);
  expect(await take('engineers', row('2 08:00-17:00'))).toMatchObject({ row: { changed: 1 } });
  expect(await hours()).toEqual([{ weekday: 2, opens: '08:00', closes: '17:00' }]);
  expect(await database.stores.directory.staff('ST-70')).toEqual({
    staffNumber: 'ST-70',
    name: 'Ning Ya',
    role: 'engineer',
    territories: ['north'],
  });
  const [kept] =
    await database.sql`select skills, certificates, provider from engineers where engineer_number = 'EN-70'`;
  expect(kept).toEqual({
    skills: ['hydraulics', 'network'],
    certificates: [{ code: 'HYD-2', validUntil: '2035-12-31' }],
    provider: 'PV-ALPHA',
  });
});

test('an engineer is nobody of another role, no other engineer, and has hours that exist', async () => {
  const row = (
    number: string,
    staff: string,
    skills = 'hydraulics',
    zone = 'Asia/Shanghai',
    shifts = '',
  ) => `${number},${staff},A,north,${skills},${zone},,${shifts},`;
  const file = lines(
    engineers,
    row('EN-71', 'ST-05'),
    row('EN-72', 'ST-02'),
    row('EN-73', 'ST-73', 'magic'),
    row('EN-74', 'ST-74', 'hydraulics', 'Mars/Olympus'),
    ...[
      '8 08:00-09:00',
      '5-1 08:00-09:00',
      '1 09:00-08:00',
      '1 08:00-10:00; 1 09:00-11:00',
      '1 24:00-25:00',
    ].map((shifts, index) =>
      row(`EN-8${index}`, `ST-8${index}`, 'hydraulics', 'Asia/Shanghai', shifts),
    ),
  );
  const errors = await wrong('engineers', file);
  expect(errors).toMatchObject([
    { row: 2, column: 'staffNumber', detail: 'a member of staff whose role is engineer' },
    { row: 3, column: 'staffNumber', detail: 'a member of staff who is not already EN-01' },
    { row: 4, column: 'skills', detail: 'a known skill: magic is none' },
    { row: 5, column: 'timeZone' },
    ...[6, 7, 8, 9, 10].map((row) => ({ row, column: 'shifts' })),
  ]);
});

test('a member of staff is one engineer of a file, a day of a territory one holiday', async () => {
  const row = (number: string) => `${number},ST-90,A,north,hydraulics,Asia/Shanghai,,,`;
  expect(await wrong('engineers', lines(engineers, row('EN-90'), row('EN-91')))).toEqual([
    { row: 3, column: 'staffNumber', detail: 'not the same as in row 2' },
  ]);
  const days = lines(
    'territory,day,name',
    'north,2030-01-01,A',
    'south,2030-01-01,A',
    'north,2030-01-01,B',
  );
  expect(await wrong('holidays', days)).toEqual([
    { row: 4, column: 'day', detail: 'not the same as in row 2' },
  ]);
});

test('holidays are versioned: what was said of a day earlier stays readable, and can be taken back', async () => {
  const { holidays } = database.stores;
  const before = await holidays.calendar('south');
  const file = lines(
    'territory,day,name,kind',
    'south,2027-02-09,春节,holiday',
    'south,2027-01-01,元旦,ordinary',
  );
  expect(await take('holidays', file)).toMatchObject({ row: { created: 1, changed: 1 } });
  const after = await holidays.calendar('south');
  expect(after?.version).toBe((before?.version ?? 0) + 1);
  const days = (calendar: typeof after) => calendar?.days.map(({ day }) => day);
  expect(days(after)).toContain('2027-02-09');
  expect(days(after)).not.toContain('2027-01-01');
  expect(await holidays.calendar('south', before?.version)).toEqual(before);
  expect(await take('holidays', file)).toMatchObject({ row: { unchanged: 2 } });
  expect((await holidays.calendar('south'))?.version).toBe(after?.version);
  expect((await holidays.calendar('north'))?.version).toBe(1);
  await expect(database.sql`update holidays set name = 'x'`).rejects.toThrow('append-only');
});

test('the years that a territory has holidays for are known, and a version that nobody made is null', async () => {
  expect(await database.stores.holidays.years()).toEqual([
    { territory: 'north', years: [2026, 2027] },
    { territory: 'south', years: [2026, 2027] },
  ]);
  expect(await database.stores.holidays.calendar('north', 99)).toBeNull();
});
