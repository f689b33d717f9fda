import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere, stopProcess } from './processes.ts';

/** A process of ours that is started again whenever it ends by itself. */
export interface Child {
  name: string;
  logFile: string;
  /** How often it had to be started again. */
  restarts(): number;
  /** Asks it to finish what is under way, and waits. */
  stop(): Promise<void>;
}

/** Which process, where it logs and leaves its pid, and its environment. */
export interface ChildOptions {
  name: 'api' | 'worker';
  dataDir: string;
  environment: Record<string, string | undefined>;
  onRestart: () => void;
}

const patienceMs = 20_000; // longer than a worker's own grace

/** Starts `<name>/main.ts` and keeps it running. */
export function keepRunning(options: ChildOptions): Child {
  const logFile = join(options.dataDir, `${options.name}.log`);
  let stopping = false;
  let restarts = 0;
  let child = launch(options, logFile);
  const whenEnded = async () => {
    if (stopping) return;
    restarts += 1;
    options.onRestart();
    await delay(500);
    if (stopping) return;
    child = launch(options, logFile);
    child.once('exit', whenEnded);
  };
  child.once('exit', whenEnded);
  const stop = async () => {
    stopping = true;
    await endLeftOver(options.name, options.dataDir);
  };
  return { name: options.name, logFile, restarts: () => restarts, stop };
}

/** Ends the process that its note names: ours, or one that a killed start left behind. */
export async function endLeftOver(name: ChildOptions['name'], dataDir: string): Promise<void> {
  const pid = Number(readIfThere(noteOf(name, dataDir)));
  if (pid) await stopProcess(pid, scriptOf(name), patienceMs);
  rmSync(noteOf(name, dataDir), { force: true });
}

function launch({ name, dataDir, environment }: ChildOptions, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const stdio = ['ignore', log, log] as const;
  const child = spawn(process.execPath, [scriptOf(name)], {
    detached: true,
    env: environment,
    stdio: [...stdio],
  });
  closeSync(log);
  writeFileSync(noteOf(name, dataDir), String(child.pid));
  return child;
}

function scriptOf(name: ChildOptions['name']): string {
  return join(import.meta.dirname, '..', name, 'main.ts');
}

function noteOf(name: ChildOptions['name'], dataDir: string): string {
  return join(dataDir, `${name}.pid`);
}
