/** What the demo breaks: the worker that the note in the data folder names, and nothing else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replaceWorker, workerOf } from '../../demo/worker.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder = '';
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  for (const one of started) one.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that looks like a worker, noted as `npm start` notes it. */
function launch(script = 'worker/main.ts'): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', script]);
  started.push(child);
  writeFileSync(join(folder, 'worker.pid'), String(child.pid));
  return child.pid ?? 0;
}

test('without a note, or when its number belongs to another program by now, there is no worker', async () => {
  expect(await workerOf(join(folder, 'none'))).toBeNull();
  launch('something/else.ts');
  expect(await workerOf(folder)).toBeNull();
});

test('the worker is killed, and the one that is started in its place is found', async () => {
  const first = launch();
  await expect.poll(() => workerOf(folder)).toBe(first);
  const replaced = replaceWorker(folder, first);
  await expect.poll(() => workerOf(folder)).toBeNull();
  const second = launch();
  expect(await replaced).toBe(second);
});

test('when none is started in its place, that is said', async () => {
  const only = launch();
  await expect.poll(() => workerOf(folder)).toBe(only);
  expect(await replaceWorker(folder, only, 300)).toBeNull();
});
