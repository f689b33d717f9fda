import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isRunning } from '../../setup/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const product = join(import.meta.dirname, '../..');
let folder = '';

/** Stands for `patch-package`: notes that it runs, as an install script and as the patcher, and stays when told to. */
const patcher = `#!/usr/bin/env node
const { existsSync, writeFileSync } = require('node:fs');
const moment = process.env.INIT_CWD + '/' + (process.argv[2] === 'install' ? 'installing' : 'patching');
writeFileSync(moment, JSON.stringify([process.ppid, process.pid]));
if (existsSync(moment + '-stays')) setInterval(() => {}, 1000);
`;

/** A product with the real way in and postinstall, and one package from a file, so that nothing is fetched. */
beforeAll(() => {
  folder = temporaryFolder();
  const { scripts } = JSON.parse(readFileSync(join(product, 'package.json'), 'utf8'));
  const write = (path: string, what: object | string) =>
    writeFileSync(join(folder, path), typeof what === 'string' ? what : JSON.stringify(what));
  cpSync(join(product, 'setup/run.mjs'), join(folder, 'setup/run.mjs'));
  mkdirSync(join(folder, 'patcher'));
  const itself = { name: 'patch-package', version: '1.0.0', bin: 'patch.cjs' };
  write('patcher/patch.cjs', patcher);
  write('patcher/package.json', { ...itself, scripts: { install: 'node patch.cjs install' } });
  write('hello.ts', "process.stdout.write('hello');\n");
  execFileSync('npm', ['pack', './patcher'], { cwd: folder });
  write('package.json', {
    scripts: { postinstall: scripts.postinstall },
    dependencies: { 'patch-package': 'file:patch-package-1.0.0.tgz' },
    allowScripts: { 'patch-package': true },
  });
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(): ChildProcess & { said: { out: string; err: string } } {
  const child = spawn(process.execPath, ['setup/run.mjs', 'hello.ts'], {
    cwd: folder,
    detached: true, // a process group of its own, so that all of it can be killed at once
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  return Object.assign(child, { said });
}

async function run() {
  const child = start();
  await once(child, 'close');
  return child.said;
}

/** An install that stays at this moment, with the processes that do. */
async function stayingAt(moment: 'installing' | 'patching') {
  const note = join(folder, moment);
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  rmSync(note, { force: true });
  writeFileSync(`${note}-stays`, '');
  const child = start();
  const [shell, patcher]: number[] = await vi.waitFor(
    () => JSON.parse(readFileSync(note, 'utf8')),
    { timeout: 30_000 },
  );
  rmSync(`${note}-stays`);
  return { child, shell: shell ?? 0, patcher: patcher ?? 0 };
}

test.each(['installing', 'patching'] as const)(
  'an install that was killed while %s is done again, once',
  async (moment) => {
    const { child } = await stayingAt(moment);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'close');
    const [next, later] = [await run(), await run()];
    expect(next).toMatchObject({ out: 'hello', err: expect.stringContaining('Installing') });
    expect(later).toEqual({ out: 'hello', err: '' });
  },
);

test('who stops the command stops its install', async () => {
  const { child, shell, patcher } = await stayingAt('patching');
  child.kill('SIGTERM');
  await once(child, 'exit');
  process.kill(patcher); // npm tells the shell only
  expect(child.exitCode).toBe(1);
  expect(await isRunning(shell, 'patch-package')).toBe(false);
});
