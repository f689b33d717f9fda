/** `npm run import` as an operator types it. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processEnvironment } from '../../config/index.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const database = databaseOfThisFile(2);
const script = join(import.meta.dirname, '../../setup/import.ts');
let folder = '';
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => runOn(database.url, ...args);

function runOn(databaseUrl: string, ...args: string[]) {
  const env = { ...processEnvironment(), DATABASE_URL: databaseUrl, INIT_CWD: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function file(name: string, ...rows: string[]): string {
  writeFileSync(join(folder, name), `customerNumber,kind,name,territory\n${rows.join('\n')}\n`);
  return name;
}

test('a dry run, the import, and its repetition with the same key say what they did', async () => {
  const name = file('good.csv', 'CU-7501,individual,A,north', 'CU-1001,enterprise,Li Wei,north');
  expect(run('customers', name, '--dry-run')).toMatchObject({
    status: 0,
    stdout: 'Dry run, nothing is written: customers: 1 new, 0 changed, 1 as they were\n',
  });
  const told = 'customers: 1 new, 0 changed, 1 as they were\n';
  expect(run('customers', name, '--key', 'november')).toMatchObject({
    status: 0,
    stdout: `IM-0001: ${told}`,
  });
  const again = run('customers', name, '--key', 'november');
  expect(again.stdout).toMatch(/^IM-0001, at 2\S+Z, with the same key: customers: 1 new/);
  const { items } = await database.stores.imports.list(undefined, 10);
  expect(items).toMatchObject([{ by: { id: expect.stringMatching(/^cli:./), role: 'admin' } }]);
  const other = file('other.csv', 'CU-7502,individual,A,north');
  expect(run('customers', other, '--key', 'november')).toMatchObject({
    status: 1,
    stdout: 'This key came before with another file; nothing is written.\n',
  });
});

test('an empty key is none: what comes next is another import', () => {
  const take = (number: string) =>
    run('customers', file('keyless.csv', `${number},individual,A,north`), '--key', '');
  for (const number of ['CU-7511', 'CU-7512']) expect(take(number)).toMatchObject({ status: 0 });
});

test('errors are told by row and column, and the exit code says so', () => {
  const name = file('bad.csv', 'CU-7503,company,A,north', 'CU-7504,individual,A');
  expect(run('customers', name)).toMatchObject({
    status: 1,
    stdout: [
      'Wrong, with what is allowed there:',
      'row 2: kind: enterprise or individual',
      'row 3: 4 cells as in the header, not 3',
      'Nothing is written: 2 errors.',
      '',
    ].join('\n'),
  });
});

test('a register or a file that is not there is told without a stack', () => {
  const usage = run('cases', 'x.csv');
  expect(usage).toMatchObject({ status: 1, stdout: '' });
  expect(usage.stderr).toContain('holidays   territory,day,name,[kind]');
  expect(run('customers', 'x.csv')).toMatchObject({
    status: 1,
    stderr: `There is no file ${join(folder, 'x.csv')}.\n`,
  });
  expect(run('customers', '.').stderr).toBe(`There is no file ${folder}.\n`);
  expect(run('customers', 'x.csv', '--what').stderr).not.toMatch(/^ +at /m);
});

test('a database that is away is told with where to look', () => {
  const name = file('late.csv', 'CU-7505,individual,A,north');
  expect(runOn('postgres://u:p@127.0.0.1:1/d', 'customers', name)).toMatchObject({
    status: 1,
    stderr: 'There is no database of this build. See: npm run doctor\n',
  });
});
