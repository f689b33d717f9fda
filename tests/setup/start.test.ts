import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { processEnvironment } from '../../config/index.ts';
import { anyFreePort, isRunning } from '../../setup/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const patience = { timeout: 60_000, interval: 100 };
let folder = '';
let environment: Record<string, string | undefined> = {};
let base = '';
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  const [api, temporal, ui] = [await anyFreePort(), await anyFreePort(), await anyFreePort()].map(
    String,
  );
  base = `http://127.0.0.1:${api}`;
  environment = {
    ...processEnvironment(),
    DATA_DIR: folder,
    PORT: api,
    TEMPORAL_PORT: temporal,
    TEMPORAL_UI_PORT: ui,
  };
});
afterAll(async () => {
  for (const one of started) one.kill('SIGTERM');
  await Promise.all(started.map(ended));
  rmSync(folder, { recursive: true, force: true });
});

function npmRun(script: string, changes: Record<string, string> = {}) {
  const path = join(import.meta.dirname, '../../setup', script);
  const env = { ...environment, ...changes };
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  return { child, said };
}

function npmStart(changes: Record<string, string> = {}) {
  const { child, said } = npmRun('start.ts', changes);
  const ready = () =>
    vi.waitFor(() => {
      if (child.exitCode !== null) throw new Error(said.err);
      expect(said.out).toContain('Open a case:');
    }, patience);
  return { child, said, ready };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

const pidOf = (file: string) => Number(readFileSync(join(folder, file), 'utf8').split('\n')[0]);
const servers = () =>
  ['api.pid', 'worker.pid', 'temporal.pid', 'postgres/postmaster.pid'].map(pidOf);
const isReady = async () => expect((await fetch(`${base}/readyz`)).status).toBe(200);

test('npm start brings everything up, keeps it up, comes back from kill -9, and takes everything down', async () => {
  const first = npmStart();
  await first.ready();
  await isReady();
  expect(first.said.out).toContain(`${base}/docs`);

  const second = npmStart();
  expect(await ended(second.child)).toBe(1);
  expect(second.said.err).toContain('Already running');

  const api = pidOf('api.pid');
  process.kill(api, 'SIGKILL');
  await vi.waitFor(async () => {
    expect(pidOf('api.pid')).not.toBe(api);
    await isReady();
  }, patience);

  for (const pid of [first.child.pid ?? 0, ...servers()]) process.kill(pid, 'SIGKILL');
  await ended(first.child);
  const third = npmStart();
  await third.ready();
  await isReady();

  const running = servers();
  third.child.kill('SIGTERM');
  expect(await ended(third.child)).toBe(0);
  expect(await Promise.all(running.map((pid) => isRunning(pid, '')))).not.toContain(true);
}, 300_000);

/** Every file of a folder with when it last changed. */
const state = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => [
    path,
    statSync(join(folder, path)).mtimeMs,
  ]);

test.each([
  ['without a mark, as earlier builds left it', undefined, 'an earlier'],
  ['marked by a build that comes later', '99\n', 'a later'],
])(
  'a data folder %s is refused with the ways out, and nothing in it is touched',
  async (...row) => {
    const [, mark, build] = row;
    const file = join(folder, 'format');
    const ours = readFileSync(file, 'utf8');
    if (mark) writeFileSync(file, mark);
    else rmSync(file);
    const before = state();
    const refused = npmStart();
    const doctor = npmRun('doctor.ts');
    expect([await ended(refused.child), await ended(doctor.child)]).toEqual([1, 1]);
    for (const said of [refused.said.err, doctor.said.out]) {
      expect(said).toContain(`${folder} holds cases of ${build} build`);
      expect(said).toContain('set DATA_DIR to a new folder');
    }
    expect(state()).toEqual(before);
    writeFileSync(file, ours);
  },
);

test('a port in use is named with the variable that moves it', async () => {
  const squatter = createServer().listen(Number(environment.PORT), '127.0.0.1');
  await once(squatter, 'listening');
  const refused = npmStart();
  expect(await ended(refused.child)).toBe(1);
  expect(refused.said.err).toContain(`Port ${environment.PORT} is in use`);
  expect(refused.said.err).toContain('set PORT to another');
  squatter.close();
});

test('an external database without an issuer of tokens is refused before anything starts', async () => {
  const refused = npmStart({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d' });
  expect(await ended(refused.child)).toBe(1);
  expect(refused.said).toEqual({ out: '', err: expect.stringContaining('AUTH_JWKS_URL') });
});
