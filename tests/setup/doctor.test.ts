/** `npm run doctor`, and its checks of the machine and of the installation: when all is well, and when something is to be done. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processEnvironment } from '../../config/index.ts';
import { isAtLeast, lineOf } from '../../setup/doctor/finding.ts';
import { checkPatch, checkProtobuf, checkSdk } from '../../setup/doctor/libraries.ts';
import {
  checkDisk,
  checkNode,
  checkPort,
  isApi,
  isOurTemporal,
} from '../../setup/doctor/machine.ts';
import { anyFreePort } from '../../setup/processes.ts';
import {
  answering,
  checkout,
  folder,
  listen,
  root,
  toDo,
  well,
} from '../support/setup/doctor-cases.ts';

async function doctor(changes: Record<string, string> = {}) {
  const [PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT] = [
    await anyFreePort(),
    await anyFreePort(),
    await anyFreePort(),
  ].map(String);
  const ours = {
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: '',
    TEMPORAL_ADDRESS: '',
    PORT,
    TEMPORAL_PORT,
    TEMPORAL_UI_PORT,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'setup/doctor.ts')], {
    env: { ...processEnvironment(), ...ours, ...changes },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('with nothing running it says what to start, and the exit code that there is something to do', async () => {
  const { status, stdout, stderr } = await doctor();
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/^DO {2}PostgreSQL .*\n +→ npm start$/m);
  expect(stdout).toMatch(/^DO {2}Temporal server .*\n +→ npm start$/m);
  expect(stdout).toMatch(/To do: 3\.\n$/);
});

test('a setting that is wrong is told with what is allowed', async () => {
  const { status, stdout } = await doctor({ LOG_LEVEL: 'loud' });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^DO {2}settings +LOG_LEVEL: must be one of trace/m);
});

test('versions are compared by number', () => {
  expect(['1.29.1', '1.30', '2', '1.29.0'].map((one) => isAtLeast(one, '1.29.0'))).not.toContain(
    false,
  );
  expect(['1.28.9', '1.3', '', 'x'].map((one) => isAtLeast(one, '1.29.0'))).not.toContain(true);
});

test('a finding is a line, with what to do below it', () => {
  expect(lineOf({ about: 'Node', said: '24.21.0', state: 'ok' })).toBe(
    'ok  Node                 24.21.0',
  );
  expect(lineOf({ about: 'Node', said: '20', state: 'todo', todo: 'run it by npm' })).toMatch(
    /^DO .*\n +→ run it by npm$/,
  );
});

test('another Node than the pinned one is told', () => {
  expect(checkNode('24.21.0', '24.21.0')).toMatchObject(well);
  for (const other of ['20.20.2', '24.20.9', '26.0.0'])
    expect(checkNode(other, '24.21.0')).toMatchObject(toDo(/24\.21\.0 is meant/, 'npm run doctor'));
});

test('a port is free, ours, or in the way', async () => {
  const taken = await listen(createServer());
  expect(await checkPort(await anyFreePort(), 'PORT', async () => false)).toMatchObject(well);
  expect(await checkPort(taken, 'PORT', async () => true)).toMatchObject(well);
  expect(await checkPort(taken, 'PORT', async () => false)).toMatchObject(
    toDo(/another program/, 'set PORT'),
  );
});

test('the API is known by its health, our Temporal server by the note of it', async () => {
  expect(await isApi(`http://127.0.0.1:${await answering(200, '{"status":"ok"}')}`)).toBe(true);
  expect(await isApi(`http://127.0.0.1:${await answering(200, '<html>')}`)).toBe(false);
  expect(await isApi(`http://127.0.0.1:${await anyFreePort()}`)).toBe(false);
  const data = checkout({ 'temporal.pid': `${process.pid}\n7233 8233\n` });
  expect(await isOurTemporal(data, 7233)).toBe(false); // the number belongs to somebody else by now
  expect(await isOurTemporal(join(data, 'none'), 7233)).toBe(false);
});

test('a full disk, and a data folder that is none, are told, also before the folder is there', async () => {
  expect(await checkDisk(join(folder, 'not/yet'), 1)).toMatchObject(well);
  expect(await checkDisk(folder, Number.MAX_SAFE_INTEGER)).toMatchObject(
    toDo(/GiB free/, 'DATA_DIR'),
  );
  const file = join(checkout({ data: '' }), 'data');
  for (const path of [file, join(file, 'below')])
    expect(await checkDisk(path, 1)).toMatchObject(toDo(/is no folder/, 'set DATA_DIR'));
});

const at = (version: string) => JSON.stringify({ version });

test('the SDK is at one version, each part once', () => {
  expect(checkSdk(root)).toMatchObject(well);
  const client = { 'node_modules/@temporalio/client/package.json': at('1.24.0') };
  const worker = 'node_modules/@temporalio/worker/package.json';
  expect(checkSdk(checkout({ ...client, [worker]: at('1.24.0') }))).toMatchObject(well);
  expect(checkSdk(checkout({ ...client, [worker]: at('1.23.0') }))).toMatchObject(
    toDo(/mixed versions/, 'npm ci'),
  );
  const nested = 'node_modules/@other/thing/node_modules/@temporalio/client/package.json';
  expect(checkSdk(checkout({ ...client, [nested]: at('1.24.0') }))).toMatchObject(
    toDo(/there twice/, 'npm ci'),
  );
  expect(checkSdk(checkout({}))).toMatchObject(toDo(/not installed/, 'npm ci'));
});

test('protobufjs is a late one, and the only one for the SDK', () => {
  expect(checkProtobuf(root)).toMatchObject(well);
  const one = { 'node_modules/protobufjs/package.json': at('8.8.1') };
  const second = {
    'node_modules/@temporalio/common/node_modules/protobufjs/package.json': at('7.5.0'),
  };
  expect(checkProtobuf(checkout({ ...one, ...second }))).toMatchObject(
    toDo(/a second one/, 'npm ci'),
  );
  const early = { 'node_modules/protobufjs/package.json': at('7.5.0') };
  expect(checkProtobuf(checkout(early))).toMatchObject(toDo(/8\.0\.0 or later/, 'npm ci'));
  expect(checkProtobuf(checkout({}))).toMatchObject(toDo(/not installed/, 'npm ci'));
});

test('the driver is patched everywhere that the patch says', () => {
  expect(checkPatch(root)).toMatchObject(well);
  const patch =
    'diff --git a/l.js b/l.js\n--- a/l.js\n+++ b/l.js\n@@ -1 +1,2 @@\n a\n+mend\n@@ -5 +6,2 @@\n+mend\n';
  const patched = (text: string) =>
    checkPatch(checkout({ 'patches/l.patch': patch, 'l.js': text }));
  expect(patched('a\nmend\nb\nmend\n')).toMatchObject(well);
  expect(patched('a\nmend\nb\n')).toMatchObject(
    toDo(/not applied: patches\/l\.patch/, 'patch-package'),
  );
});
