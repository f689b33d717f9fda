import { expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import { createStores } from '../../services/stores.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { by, customer, importer, lines } from '../support/services/imports-fixtures.ts';

const database = databaseOfThisFile();
const { take, wrong } = importer(database);
const customers = 'customerNumber,kind,name,territory,arrears,phone,mail,address,locale';

test('a file of customers is taken in by number: new ones are made, known ones changed, the same ones left alone', async () => {
  const first = lines(
    customers,
    'CU-7001,enterprise,Quarry North,north,false,+86 139 0000 7001,desk@quarry.example,"Road 1, Hall ""B""",en',
    'CU-7002,individual,王芳,south,true,,,,zh-CN',
  );
  expect(await take('customers', first)).toMatchObject({
    kind: 'imported',
    row: { kind: 'customers', rows: 2, created: 2, changed: 0, unchanged: 0, by },
  });
  expect(await database.stores.directory.customer('CU-7001')).toEqual({
    customerNumber: 'CU-7001',
    kind: 'enterprise',
    arrears: false,
    territory: 'north',
    contact: {
      name: 'Quarry North',
      phone: '+86 139 0000 7001',
      mail: 'desk@quarry.example',
      address: 'Road 1, Hall "B"',
      locale: 'en',
    },
  });
  const second = lines(
    'customerNumber,kind,name,territory',
    'CU-7001,enterprise,Quarry North,north',
    'CU-7002,individual,王芳芳,south',
    'CU-7003,individual,New,south',
  );
  expect(await take('customers', second)).toMatchObject({
    row: { rows: 3, created: 1, changed: 1, unchanged: 1 },
  });
  expect(await database.stores.directory.customer('CU-7002')).toMatchObject({
    arrears: true,
    contact: { name: '王芳芳', locale: 'zh-CN' },
  });
});

test('a column that is left out stays as it is, an empty cell empties it', async () => {
  const head = 'customerNumber,kind,name,territory';
  await take(
    'customers',
    lines(`${head},phone,mail`, 'CU-7010,individual,A,north,12345,a@b.example'),
  );
  await take('customers', lines(`${head},phone`, 'CU-7010,individual,A,north,'));
  const found = await database.stores.directory.customer('CU-7010');
  expect(found?.contact).toMatchObject({ phone: null, mail: 'a@b.example' });
});

test('byte order mark, CRLF, quoted line ends, empty lines and columns in any order are all the same to it', async () => {
  const file =
    '\uFEFF"name",territory,customerNumber,kind,address\r\n\r\nB,north,CU-7020,individual,"1\r\n2"\r\n,,,,\r\n';
  expect(await take('customers', file)).toMatchObject({ row: { rows: 1, created: 1 } });
  const found = await database.stores.directory.customer('CU-7020');
  expect(found?.contact.address).toBe('1\r\n2');
});

test('cells that a spreadsheet would run are stored as they are', async () => {
  const names = ['=1+1', '+SUM(A1)', '-2', '@cmd', '=HYPERLINK("http://x")'];
  const rows = names.map(
    (name, index) => `CU-703${index},individual,"${name.replaceAll('"', '""')}",north`,
  );
  await take('customers', lines('customerNumber,kind,name,territory', ...rows));
  const found = await Promise.all(
    names.map((_, index) => database.stores.directory.customer(`CU-703${index}`)),
  );
  expect(found.map((one) => one?.contact.name)).toEqual(names);
});

test('a dry run says what would be done, and does nothing', async () => {
  const file = lines(
    'customerNumber,kind,name,territory',
    'CU-7040,individual,A,north',
    'CU-1001,enterprise,Li Wei,north',
  );
  const { fileHash } = ((await take('customers', file, null)) as { report: { fileHash: string } })
    .report;
  expect(await take('customers', file, null)).toEqual({
    kind: 'tried',
    report: { kind: 'customers', fileHash, rows: 2, created: 1, changed: 0, unchanged: 1 },
  });
  expect(fileHash).toMatch(/^[0-9a-f]{64}$/);
  expect(await database.stores.directory.customer('CU-7040')).toBeNull();
});

test('what is wrong is told by row and column with what is allowed, and nothing of the file is written', async () => {
  const file = lines(
    'customerNumber,kind,name,territory,arrears',
    'CU-7050,individual,Fine,north,false',
    'CU-1,company,,nowhere,no',
    'CU-7051,individual,Short,north',
    'CU-7050,individual,Twice,north,false',
  );
  expect(await wrong('customers', file)).toEqual([
    { row: 3, column: 'customerNumber', detail: 'CU- and 4 to 8 digits' },
    { row: 3, column: 'kind', detail: 'enterprise or individual' },
    { row: 3, column: 'name', detail: '1 to 80 characters' },
    { row: 3, column: 'arrears', detail: 'true or false, or nothing for false' },
    { row: 3, column: 'territory', detail: 'a known territory: nowhere is none' },
    { row: 4, column: null, detail: '5 cells as in the header, not 4' },
    { row: 5, column: 'customerNumber', detail: 'not the same as in row 2' },
  ]);
  expect(await database.stores.directory.customer('CU-7050')).toBeNull();
});

test('rows are counted as a spreadsheet does: header, empty lines and cells of several lines each as one', async () => {
  const file = lines(
    'customerNumber,kind,name,territory',
    '',
    'CU-7055,individual,"a\nb",north',
    ',,,',
    'x,individual,A,north',
  );
  expect(await wrong('customers', file)).toMatchObject([{ row: 5, column: 'customerNumber' }]);
});

test('of very many errors the first hundred are told, and how many there are', async () => {
  const rows = Array.from({ length: 700 }, () => 'CU-1,individual,A,north');
  const result = await take('customers', lines('customerNumber,kind,name,territory', ...rows));
  expect(result).toMatchObject({ kind: 'wrong', found: 700 });
  expect('errors' in result && result.errors).toHaveLength(100);
});

test.each([
  ['an unknown column', lines(`${customers},age`, ''), { row: 1, column: 'age' }],
  [
    'a column twice',
    lines(`${customers},name`, ''),
    { row: 1, column: 'name', detail: 'this column is there twice' },
  ],
  ['a missing column', lines('kind,name,territory', 'x,y,z'), { row: 1, column: 'customerNumber' }],
])('%s is told by its name', async (_, file, error) => {
  const rows = lines(file.trim(), file.includes('\nx') ? '' : 'a,b');
  expect(await wrong('customers', rows)).toContainEqual(expect.objectContaining(error));
});

const head = 'customerNumber,kind,name,territory\n';
test.each([
  [
    'an empty file',
    '',
    { row: null, column: null, detail: 'a first line with the names of the columns' },
  ],
  ['no row', head, { row: null, column: null, detail: 'at least one row below the header' }],
  [
    'a quote that never ends',
    `${head}CU-7060,individual,A,north\nCU-7061,"x,y,z\n`,
    { row: 3, column: null, detail: expect.stringContaining('never ends') },
  ],
  [
    'a quote inside a cell',
    `${head}CU-7060,individual,A"B,north\n`,
    { row: 2, column: null, detail: expect.stringContaining('doubled') },
  ],
  [
    'Chinese that is not UTF-8',
    Buffer.concat([
      Buffer.from(`${head}CU-7060,individual,`),
      Buffer.from([0xcd, 0xf5]),
      Buffer.from(',north\n'),
    ]),
    { row: 2, column: null, detail: expect.stringContaining('UTF-8') },
  ],
  [
    'UTF-16',
    Buffer.from(`\uFEFF${head}`, 'utf16le'),
    { row: 1, column: null, detail: expect.stringContaining('UTF-8') },
  ],
  [
    'UTF-16 that does not say so',
    Buffer.from(head, 'utf16le'),
    { row: 1, column: null, detail: expect.stringMatching(/NUL.*UTF-16.*"CSV UTF-8"/) },
  ],
  [
    'a NUL',
    `${head}CU-7060,individual,A\0,north\n`,
    { row: 2, column: null, detail: expect.stringMatching(/^text without NUL characters/) },
  ],
  [
    'too many rows',
    head + 'x\n'.repeat(20_001),
    { row: null, column: null, detail: 'at most 20000 rows' },
  ],
])('%s is refused with what is allowed', async (_, file, error) => {
  expect(await wrong('customers', file)).toEqual([error]);
});

test('the same key is the same import, whatever happened since; with another file it is refused', async () => {
  const file = (name: string) =>
    lines('customerNumber,kind,name,territory', `CU-7070,individual,${name},north`);
  const first = await take('customers', file('A'), 'once');
  await take('customers', file('B'));
  expect(await take('customers', file('A'), 'once')).toEqual({ ...first, kind: 'same' });
  expect(await take('customers', file('C'), 'once')).toEqual({ kind: 'keyReused' });
  const found = await database.stores.directory.customer('CU-7070');
  expect(found?.contact.name).toBe('B');
});

test('many at once: each stands in the log once, with dense numbers, and each row was made by one of them', async () => {
  const { imports } = database.stores;
  const before = await imports.list(undefined, 200);
  const own = (n: number) => Array.from({ length: 999 }, (_, at) => `CU-9${n}${at + 1_000}`);
  const write = (n: number) =>
    imports.write({
      kind: 'customers',
      columns: ['customerNumber', 'kind', 'name', 'territory'],
      rows: ['CU-7080', ...own(n)].map((number) => customer(number, `N${n}`)),
      ...{ scope: 'test', key: `at-once-${n}`, requestHash: 'r', fileHash: 'f' },
      ...{ by, at: '2026-11-22T06:00:00.000Z' },
    });
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => database.sql`select pg_sleep(0.2)`)); // eight sessions
  const written = await Promise.all([1, 2, 3, 4].flatMap((n) => [write(n), write(n)]));
  expect(written.filter((row) => row === null)).toHaveLength(4);
  const { items } = await imports.list(undefined, 200);
  const fresh = items.slice(0, items.length - before.items.length);
  expect(fresh.map(({ created }) => created).sort()).toEqual([1_000, 999, 999, 999]);
  expect(fresh.map(({ changed }) => changed).sort()).toEqual([0, 1, 1, 1]);
  const numbers = items.map(({ importNumber }) => importNumber).sort();
  expect(numbers).toEqual(numbers.map((_, index) => `IM-${String(index + 1).padStart(4, '0')}`));
});

test('twenty thousand rows are taken in at once, with progress on the way', async () => {
  const patient = connect(database.url, { max: 1, statementTimeoutMs: 20_000 });
  const { take } = importer({ stores: createStores(database.sql, patient) });
  const rows = Array.from(
    { length: 20_000 },
    (_, n) => `CU-${80_000_000 + n},individual,Somebody ${n},north`,
  );
  const seen: number[] = [];
  const result = await take('customers', head + rows.join('\n'), 'large', (checked) =>
    seen.push(checked),
  );
  expect(result).toMatchObject({ kind: 'imported', row: { created: 20_000 } });
  expect(seen.length).toBeGreaterThan(30);
  expect(seen.at(-1)).toBe(20_000);
  await patient.end();
});
