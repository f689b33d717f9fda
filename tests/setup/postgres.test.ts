import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres } from '../../setup/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder = '';
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function query(url: string, statement: string) {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

test('a database survives kill -9, a stale note of its process, and a second start finds it running', async () => {
  const first = await startPostgres(folder);
  expect(first.reused).toBe(false);
  await query(first.url, 'create table kept as select 42 as answer');
  process.kill(first.pid, 'SIGKILL');

  const second = await startPostgres(folder);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await startPostgres(folder)).toMatchObject({ reused: true, pid: second.pid });

  await second.stop();
  const note = join(folder, 'postgres', 'postmaster.pid');
  writeFileSync(note, `${process.pid}\n${folder}\n0\n1\n`); // as after a reboot: the number belongs to somebody else
  const third = await startPostgres(folder);
  expect(third.reused).toBe(false);
  expect(readFileSync(note, 'utf8')).toMatch(new RegExp(`^${third.pid}\n`));
  await third.stop();
});
