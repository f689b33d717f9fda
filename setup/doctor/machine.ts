/** The machine: the Node that runs us, the ports we ask for, room on the disk. */
import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort, isRunning, readIfThere } from '../processes.ts';
import { type Finding, isAtLeast, ok, todo } from './finding.ts';

const gibibyte = 1024 ** 3;

/** The Node that runs this, beside the one that package.json pins. */
export function checkNode(found: string, pinned: string): Finding {
  const about = 'Node';
  if (found.split('.')[0] === pinned.split('.')[0] && isAtLeast(found, pinned))
    return ok(about, found);
  return todo(about, `${found}; ${pinned} is meant`, 'run it by npm: npm run doctor');
}

/** A port of ours: free, or ours already. `isOurs` is asked when something listens there. */
export async function checkPort(
  port: number,
  variable: string,
  isOurs: () => Promise<boolean>,
): Promise<Finding> {
  const about = `port ${port}`;
  if ((await freePort(port)) !== null) return ok(about, `free (${variable})`);
  if (await isOurs()) return ok(about, `in use by Afterloop (${variable})`);
  return todo(
    about,
    'in use by another program, or by one of ours that hangs',
    `stop what listens there, or set ${variable} to another port`,
  );
}

/** True when the API answers there. */
export async function isApi(base: string): Promise<boolean> {
  const answer = await fetch(`${base}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => null,
  );
  const body: unknown = await answer?.json().catch(() => null);
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'ok';
}

/** True when the Temporal server that `npm start` noted in a data folder runs on that port. */
export async function isOurTemporal(dataDir: string, port: number): Promise<boolean> {
  const [pid, ports = ''] = readIfThere(join(dataDir, 'temporal.pid'))?.split('\n') ?? [];
  const isIt = ports.split(' ').includes(String(port));
  return isIt && (await isRunning(Number(pid), join(dataDir, 'temporal.db')));
}

/** Room where the data is kept. `least` in bytes. A folder that is not there yet will be where its parent is. */
export async function checkDisk(folder: string, least = gibibyte): Promise<Finding> {
  const about = 'disk';
  const place = existing(folder);
  const isFolder = await access(`${place}/.`, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isFolder)
    return todo(about, `${place} is no folder that we may write to`, 'set DATA_DIR to one');
  const { bavail, bsize } = await statfs(place);
  const free = `${((bavail * bsize) / gibibyte).toFixed(1)} GiB free at ${folder}`;
  if (bavail * bsize >= least) return ok(about, free);
  return todo(about, free, 'make room, or set DATA_DIR to a folder on another disk');
}

const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)));
