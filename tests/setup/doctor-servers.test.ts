/** The doctor's checks of database, engine, API and key set: when all is well, and when something is to be done. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { connect } from '../../db/connect.ts';
import { checkDatabase, checkHolidays, checkMigrations } from '../../setup/doctor/database.ts';
import {
  checkAttributes,
  checkEngine,
  checkRetention,
  checkServerVersion,
  connectQuickly,
} from '../../setup/doctor/engine.ts';
import { checkKeys, checkReady } from '../../setup/doctor/network.ts';
import { applyNamespace } from '../../setup/namespace.ts';
import { anyFreePort } from '../../setup/processes.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { answering, checkout, root, toDo, well } from '../support/setup/doctor-cases.ts';

const database = databaseOfThisFile(2);
const migrations = join(root, 'db/migrations');

test('a database that does not answer is told with what to start', async () => {
  expect(await checkDatabase(database.sql, 'npm start')).toMatchObject(well);
  const nowhere = connect(`postgres://u:p@127.0.0.1:${await anyFreePort()}/d`, {
    max: 1,
    connectTimeoutS: 2,
  });
  expect(await checkDatabase(nowhere, 'npm start')).toMatchObject(
    toDo(/does not answer \(ECONNREFUSED\)/, 'npm start'),
  );
  await nowhere.end();
});

test('a database that refuses us says why, and one that is no PostgreSQL does not keep us waiting', async () => {
  const check = async (url: string) => {
    const sql = connect(url, { max: 1, connectTimeoutS: 2 });
    const found = await checkDatabase(sql, 'correct it');
    await sql.end({ timeout: 0 });
    return found;
  };
  expect(await check(database.url.replace(/[^/]+$/, 'nowhere'))).toMatchObject(
    toDo(/refuses us: database "nowhere" does not exist/, 'correct it'),
  );
  const web = await answering(200, '<html>');
  expect(await check(`postgres://u:p@127.0.0.1:${web}/d`)).toMatchObject(
    toDo(/not as a PostgreSQL does/, 'correct it'),
  );
}, 15_000);

test('migrations that are missing, and a database of a newer build, are told', async () => {
  expect(await checkMigrations(database.sql, migrations)).toMatchObject(well);
  const entries = [{ when: 1, tag: '0099_later' }];
  const later = checkout({ 'meta/_journal.json': JSON.stringify({ entries }) });
  expect(await checkMigrations(database.sql, later)).toMatchObject(
    toDo(/lacks 0099_later/, 'npm run migrate'),
  );
  const older = checkout({ 'meta/_journal.json': JSON.stringify({ entries: [] }) });
  expect(await checkMigrations(database.sql, older)).toMatchObject(toDo(/newer build/, 'git pull'));
});

test('a year that a territory has no holidays for is told, the next one from its last weeks on', async () => {
  const on = (day: string) => checkHolidays(database.sql, `${day}T08:00:00.000Z`);
  expect(await on('2026-11-22')).toMatchObject(well);
  expect(await on('2027-11-01')).toMatchObject(well);
  expect(await on('2027-12-01')).toMatchObject(
    toDo(/north 2028, south 2028/, 'npm run import -- holidays'),
  );
});

test('an engine that does not answer, or is an old one, is told', async () => {
  const address = inject('temporalAddress');
  const connection = await connectQuickly({ address });
  expect(await checkEngine(connection, address, 'npm start')).toMatchObject(well);
  await connection?.close();
  const nowhere = `127.0.0.1:${await anyFreePort()}`;
  const none = await connectQuickly({ address: nowhere });
  expect(await checkEngine(none, nowhere, 'npm start')).toMatchObject(
    toDo(/does not answer/, 'npm start'),
  );
  expect(checkServerVersion('1.24.2')).toMatchObject(toDo(/1\.24\.2/, '1.29.0'));
});

test('a namespace that is missing or differs is told, and nothing of it is changed', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { retentionDays } = loadConfig({}).engine;
  const wanted = {
    namespace: `test-${randomUUID()}`,
    retentionDays,
    searchAttributes: [{ name: 'AfterloopFlow', type: 'KEYWORD' as const }],
  };
  expect(await checkRetention(connection, wanted)).toMatchObject(
    toDo(/no namespace/, 'temporal:apply'),
  );
  expect(await checkAttributes(connection, wanted)).toMatchObject({ state: 'unknown' });
  await applyNamespace(connection, wanted);
  expect(await checkRetention(connection, wanted)).toMatchObject(well);
  expect(await checkAttributes(connection, wanted)).toMatchObject(well);
  const more = {
    ...wanted,
    retentionDays: 1,
    searchAttributes: [{ name: 'AfterloopStage', type: 'KEYWORD' as const }],
  };
  for (let times = 0; times < 2; times += 1) {
    expect(await checkRetention(connection, more)).toMatchObject(
      toDo(/1 are meant/, 'temporal:apply'),
    );
    expect(await checkAttributes(connection, more)).toMatchObject(
      toDo(/missing: AfterloopStage/, 'temporal:apply'),
    );
  }
  const other = {
    ...wanted,
    searchAttributes: [{ name: 'AfterloopFlow', type: 'INT' as const }],
  };
  expect(await checkAttributes(connection, other)).toMatchObject(
    toDo(/another type: AfterloopFlow/, 'TEMPORAL_NAMESPACE'),
  );
  await connection.close();
});

test('an API that is away, is something else, or whose queues nobody works on, is told', async () => {
  const toStart = { api: 'npm start', worker: 'npm run worker' };
  const check = async (status: number, body: object | string) =>
    checkReady(
      `http://127.0.0.1:${await answering(status, typeof body === 'string' ? body : JSON.stringify(body))}`,
      toStart,
    );
  expect(await check(200, { ready: true, pollers: { afterloop: true } })).toMatchObject(well);
  expect(await check(200, { ready: true })).toMatchObject(toDo(/not Afterloop/, 'set PORT'));
  const pollers = { afterloop: true, 'afterloop-parts': false };
  expect(await check(503, { checks: { pollers } })).toMatchObject(
    toDo(/afterloop-parts/, 'npm run worker'),
  );
  expect(
    await check(503, { checks: { pollers: { afterloop: true }, currentBuild: false } }),
  ).toMatchObject(toDo(/no running build is current/, 'npm run versions -- current'));
  expect(await check(503, { checks: { pollers: null } })).toMatchObject({ state: 'unknown' });
  expect(await check(200, '<html>')).toMatchObject(toDo(/not Afterloop/, 'set PORT'));
  const nowhere = `http://127.0.0.1:${await anyFreePort()}`;
  expect(await checkReady(nowhere, toStart)).toMatchObject(
    toDo(/not reachable \(ECONNREFUSED\)/, 'npm start'),
  );
  expect(await checkReady('http://127.0.0.1:9', toStart)).toMatchObject(
    toDo(/a port that HTTP clients refuse to call/, 'npm start'),
  );
});

test('the address of the key set has keys, or is told', async () => {
  const check = async (status: number, body: string) =>
    checkKeys(`http://127.0.0.1:${await answering(status, body)}`);
  expect(await checkKeys(null)).toBeNull();
  expect(await check(200, '{"keys":[{"kty":"RSA"}]}')).toMatchObject(well);
  for (const [status, body] of [
    [200, '{"keys":[]}'],
    [200, '<html>'],
    [404, '{"keys":[{"kty":"RSA"}]}'],
  ] as const)
    expect(await check(status, body)).toMatchObject(toDo(/without a key set/, 'AUTH_JWKS_URL'));
  expect(await checkKeys(`http://127.0.0.1:${await anyFreePort()}`)).toMatchObject(
    toDo(/not reachable/, 'AUTH_JWKS_URL'),
  );
});
