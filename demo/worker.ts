/** Kills the worker of `npm start` on this machine, which starts it again. */
import { join } from 'node:path';
import { isRunning, readIfThere, waitUntil } from '../setup/processes.ts';

const script = 'worker/main.ts';

/** The process of the worker that `npm start` keeps running; null when there is none on this machine. */
export async function workerOf(dataDir: string): Promise<number | null> {
  const pid = Number(readIfThere(join(dataDir, 'worker.pid')));
  return pid > 1 && (await isRunning(pid, script)) ? pid : null;
}

/** `kill -9`, then waits for the worker that is started in its place; null when none was within `patienceMs`. */
export async function replaceWorker(
  dataDir: string,
  killed: number,
  patienceMs = 30_000,
): Promise<number | null> {
  process.kill(killed, 'SIGKILL');
  let again: number | null = null;
  await waitUntil(async () => {
    again = await workerOf(dataDir);
    return again !== null && again !== killed;
  }, patienceMs);
  return again === killed ? null : again;
}
