/** The doctor's checks of database, engine, API, partners and mail: when all is well, and when something is to be done. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { loadConfig } from '../../config.ts';
import { connect } from '../../db/index.ts';
import { checkDatabase, checkHolidays, checkMigrations } from '../../setup/doctor/database.ts';
import {
  checkAttributes,
  checkEngine,
  checkRetention,
  checkServerVersion,
  connectQuickly,
} from '../../setup/doctor/engine.ts';
import { checkAnswers, checkMail, checkReady } from '../../setup/doctor/network.ts';
import { applyNamespace } from '../../setup/namespace.ts';
import { anyFreePort } from '../../setup/processes.ts';
import { databaseOfThisFile } from '../db/fixtures.ts';
import { answering, checkout, listen, root, toDo, well } from './doctor-cases.ts';

const database = databaseOfThisFile(2);
const migrations = join(root, 'db/migrations');

test('a database that does not answer is told with what to start', async () => {
  expect(await checkDatabase(database.sql, 'npm start')).toMatchObject(well);
  const nowhere = connect(`postgres://u:p@127.0.0.1:${await anyFreePort()}/d`, {
    max: 1,
    connectTimeoutS: 2,
  });
  expect(await checkDatabase(nowhere, 'npm start')).toMatchObject(
    toDo(/ECONNREFUSED/, 'npm start'),
  );
  await nowhere.end();
});

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
    searchAttributes: { AfterloopFlow: 'Keyword' },
  } as const;
  expect(await checkRetention(connection, wanted)).toMatchObject(
    toDo(/no namespace/, 'temporal:apply'),
  );
  await applyNamespace(connection, wanted);
  expect(await checkRetention(connection, wanted)).toMatchObject(well);
  expect(await checkAttributes(connection, wanted)).toMatchObject(well);
  const more = {
    ...wanted,
    retentionDays: 1,
    searchAttributes: { AfterloopStage: 'Keyword' },
  } as const;
  for (let times = 0; times < 2; times += 1) {
    expect(await checkRetention(connection, more)).toMatchObject(
      toDo(/1 are meant/, 'temporal:apply'),
    );
    expect(await checkAttributes(connection, more)).toMatchObject(
      toDo(/missing: AfterloopStage/, 'temporal:apply'),
    );
  }
  const other = { ...wanted, searchAttributes: { AfterloopFlow: 'Int' } } as const;
  expect(await checkAttributes(connection, other)).toMatchObject(
    toDo(/another type: AfterloopFlow/, 'TEMPORAL_NAMESPACE'),
  );
  await connection.close();
});

test('an API that is away, or whose queues nobody works on, is told', async () => {
  const base = async (status: number, checks: object) =>
    `http://127.0.0.1:${await answering(status, JSON.stringify({ checks }))}`;
  expect(await checkReady(await base(200, {}), 'npm start')).toMatchObject(well);
  const idle = await base(503, { pollers: { afterloop: true, 'afterloop-parts': false } });
  expect(await checkReady(idle, 'npm start')).toMatchObject(
    toDo(/afterloop-parts/, 'npm run worker'),
  );
  expect(await checkReady(await base(503, { pollers: null }), 'npm start')).toMatchObject({
    state: 'unknown',
  });
  const nowhere = `http://127.0.0.1:${await anyFreePort()}`;
  expect(await checkReady(nowhere, 'npm start')).toMatchObject(
    toDo(/nothing answers/, 'npm start'),
  );
});

test('a partner that is set answers, or is told by its variable; one that is not set is not asked', async () => {
  expect(await checkAnswers('PARTS_URL', null)).toBeNull();
  expect(
    await checkAnswers('PARTS_URL', `http://127.0.0.1:${await answering(404, '')}`),
  ).toMatchObject(well);
  const nowhere = `http://127.0.0.1:${await anyFreePort()}`;
  expect(await checkAnswers('PARTS_URL', nowhere)).toMatchObject(
    toDo(/does not answer/, 'PARTS_URL'),
  );
});

test('a mail server greets, or is told', async () => {
  const greets = (text: string) =>
    listen(createServer((socket) => socket.on('error', () => {}).end(text)));
  const mail = async (text: string) => checkMail(`smtp://u:p@127.0.0.1:${await greets(text)}`);
  expect(await checkMail(null)).toBeNull();
  expect(await mail('220 mail.example ESMTP\r\n')).toMatchObject(well);
  expect(await mail('HTTP/1.1 400\r\n')).toMatchObject(toDo(/no mail server/, 'SMTP_URL'));
  expect(await checkMail(`smtps://127.0.0.1:${await greets('220 plain\r\n')}`)).toMatchObject({
    state: 'todo',
  });
  expect(await checkMail(`smtp://127.0.0.1:${await anyFreePort()}`)).toMatchObject(
    toDo(/does not answer/, 'SMTP_URL'),
  );
});
