/** Files as spreadsheets and other systems write them: what an empty cell means, and what is the same to us. */
import { expect, test } from 'vitest';
import { checkHolidays } from '../../setup/doctor/database.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { importer, lines } from '../support/services/imports-fixtures.ts';

const database = databaseOfThisFile();
const { take, wrong } = importer(database);
const head = 'customerNumber,kind,name,territory';
const row = 'CU-7601,individual,A,north';
const customer = () => database.stores.directory.customer('CU-7601');

test('every column that may be left out may be empty, and then is none, or what new rows have', async () => {
  const columns = 'arrears,phone,mail,address,locale';
  await take('customers', lines(`${head},${columns}`, `${row},true,12345,a@b.example,Road,en`));
  await take('customers', lines(`${head},${columns}`, `${row},,,,,`));
  const contact = { name: 'A', phone: null, mail: null, address: null, locale: 'zh-CN' };
  expect(await customer()).toMatchObject({ arrears: false, contact });

  const asset = 'serialNumber,productModel,customerNumber,territory';
  const days = 'installedOn,purchasedOn,manufacturedOn';
  const machine = 'AC-7601,TV55,CU-1005,north';
  await take('assets', lines(`${asset},${days}`, `${machine},2026-01-01,2026-01-01,2026-01-01`));
  await take('assets', lines(`${asset},${days}`, `${machine},,,`));
  expect(await database.stores.directory.asset('AC-7601')).toMatchObject({
    installedOn: null,
    purchasedOn: null,
    manufacturedOn: null,
  });

  const engineer = 'engineerNumber,staffNumber,name,territory,skills,timeZone';
  const person = 'EN-76,ST-76,A,north,hydraulics,Asia/Shanghai';
  const more = 'provider,certificates,shifts,phone,locale';
  const filled = `${person},PV-ALPHA,HYD-2=2035-12-31,1 08:00-12:00,12345,en`;
  await take('engineers', lines(`${engineer},${more}`, filled));
  await take('engineers', lines(`${engineer},${more}`, `${person},,,,,`));
  const [kept] = await database.sql`
    select provider, certificates, phone, locale,
      (select count(*)::int from engineer_shifts s where s.engineer_number = e.engineer_number) as shifts
    from engineers e join staff using (staff_number) join persons using (person_id)
    where engineer_number = 'EN-76'`;
  const nothing = { provider: null, certificates: [], phone: null, shifts: 0 };
  expect(kept).toEqual({ ...nothing, locale: 'zh-CN' });
});

test('a column that must be there must be filled', async () => {
  const files = [
    ['customers', head, 'CU-7602,individual,A,north'],
    ['parts', 'partNumber,titleEn,titleZh,unitPriceMinor,currency', 'X-76,A,A,1,CNY'],
    ['holidays', 'territory,day,name', 'north,2029-01-01,A'],
  ] as const;
  for (const [kind, header, good] of files)
    for (const [index, column] of header.split(',').entries())
      expect(
        await wrong(kind, lines(header, good.split(',').with(index, ' ').join())),
      ).toMatchObject([{ row: 2, column }]);
});

test('space around cells, TRUE, a day with strokes, and empty columns without a name are the same to it', async () => {
  const file = lines(
    `${head},arrears,,`,
    `CU-7601 , individual,\u3000李伟 ,north,TRUE,,`,
    '  , ,,,,,',
  );
  expect(await take('customers', file)).toMatchObject({ row: { rows: 1 } });
  expect(await customer()).toMatchObject({ arrears: true, contact: { name: '李伟' } });
  const days = lines('territory,day,name', 'north,2029/5/1,劳动节');
  expect(await take('holidays', days)).toMatchObject({ row: { created: 1 } });
  expect((await database.stores.holidays.calendar('north'))?.days.at(-1)?.day).toBe('2029-05-01');
  for (const day of ['1/5/2029', '2029/13/1', '2029/2/30', '20290501'])
    expect(await wrong('holidays', lines('territory,day,name', `north,${day},A`))).toMatchObject([
      { row: 2, column: 'day' },
    ]);
});

test('a value in a column without a name is told', async () => {
  expect(await wrong('customers', lines(`${head},`, `${row},x`))).toEqual([
    { row: 2, column: null, detail: 'nothing in a column that has no name' },
  ]);
});

test('semicolons or tabs between the columns are told once', async () => {
  for (const between of [';', '\t'])
    expect(await wrong('customers', lines(head, row).replaceAll(',', between))).toMatchObject([
      { row: 1, column: null, detail: expect.stringMatching(/^commas between the columns/) },
    ]);
});

test('a dry run and the import say the same of a file that makes, changes and leaves alone', async () => {
  const file = lines(head, 'CU-7603,individual,A,north', 'CU-7604,individual,A,north');
  await take('customers', file);
  const next = lines(
    head,
    'CU-7603,individual,A,north',
    'CU-7604,individual,B,south',
    'CU-7605,individual,A,north',
  );
  const tally = { created: 1, changed: 1, unchanged: 1 };
  expect(await take('customers', next, null)).toMatchObject({ report: tally });
  expect(await take('customers', next)).toMatchObject({ row: tally });
});

test("a year's holidays for every territory make the doctor content, for some of them, or taken back, not", async () => {
  const look = () => checkHolidays(database.sql, '2028-06-01T00:00:00.000Z');
  expect(await look()).toMatchObject({ state: 'todo', said: 'none for north 2028, south 2028' });
  await take('holidays', lines('territory,day,name,kind', 'north,2028-01-01,元旦,'));
  expect(await look()).toMatchObject({ state: 'todo', said: 'none for south 2028' });
  await take('holidays', lines('territory,day,name,kind', 'south,2028-01-01,元旦,'));
  expect(await look()).toMatchObject({ state: 'ok', said: '2028, 2 territories' });
  await take('holidays', lines('territory,day,name,kind', 'south,2028-01-01,元旦,ordinary'));
  expect(await look()).toMatchObject({ state: 'todo', said: 'none for south 2028' });
});
