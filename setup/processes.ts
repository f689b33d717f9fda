import { type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What can't be done on this machine, and what to do about it, in words for the person who typed the command. */
export class SetupError extends Error {
  override name = 'SetupError';
}

/** Runs a program to its end and returns what it printed. Fails `SetupError` with its last lines. */
export async function run(
  program: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<string> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout?.on('data', (chunk) => (printed += chunk));
  child.stderr?.on('data', (chunk) => (printed += chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: Error) => error.message);
  if (code === 0) return printed;
  throw new SetupError(
    `${program} ${args[0] ?? ''} failed (${code}): ${printed.slice(-1000).trim()}`,
  );
}

/** Starts a server in its own process group, so that it outlives a Ctrl-C until we stop it in order. Returns its pid. */
export function startServer(program: string, args: string[], logFile: string): number {
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log] });
  child.unref();
  closeSync(log);
  if (child.pid === undefined) throw new SetupError(`${program} can't be started.`);
  return child.pid;
}

/** True while a process with that id runs and its command line contains the word. */
export async function isRunning(pid: number, word: string): Promise<boolean> {
  const command = await run('ps', ['-ww', '-o', 'stat=,args=', '-p', String(pid)]).catch(() => '');
  return command !== '' && command.includes(word) && !command.trimStart().startsWith('Z');
}

/** Asks a process to end, waits, and ends it by force after `patienceMs`. */
export async function stopProcess(pid: number, word: string, patienceMs = 10_000): Promise<void> {
  if (!(await isRunning(pid, word))) return;
  process.kill(pid, 'SIGTERM');
  const gone = await waitUntil(async () => !(await isRunning(pid, word)), patienceMs);
  if (!gone) process.kill(pid, 'SIGKILL');
}

/** Polls every `everyMs` until the fact holds; false when it still doesn't after `patienceMs`. */
export async function waitUntil(
  fact: () => Promise<boolean>,
  patienceMs: number,
  everyMs = 50,
): Promise<boolean> {
  const end = Date.now() + patienceMs;
  while (!(await fact())) {
    if (Date.now() > end) return false;
    await delay(everyMs);
  }
  return true;
}

/** A port of 127.0.0.1 that nothing listens on: the wished one, or any when 0; null when the wished one is taken. */
export function freePort(wished = 0): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(wished, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : null;
      server.close(() => resolve(port));
    });
  });
}

/** Any free port of 127.0.0.1. */
export async function anyFreePort(): Promise<number> {
  const port = await freePort();
  if (port === null) throw new SetupError('No free port on 127.0.0.1.');
  return port;
}

/** Fails `SetupError` naming the port and the variable that moves it, when something listens there already. */
export async function requireFree(port: number, variable: string): Promise<void> {
  if ((await freePort(port)) !== null) return;
  throw new SetupError(
    `Port ${port} is in use. Stop what listens there, or set ${variable} to another port.`,
  );
}

/** A file's text, or null when there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
