import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { embeddedDatabaseUrlFile } from '../config/index.ts';
import { choosePlace, type Place } from './postgres-place.ts';
import {
  anyFreePort,
  freePort,
  isRunning,
  readIfThere,
  run,
  SetupError,
  waitUntil,
} from './processes.ts';

/** A PostgreSQL server of ours on 127.0.0.1. */
export interface RunningPostgres {
  /** URL of the database `afterloop`, its owner's password included. */
  url: string;
  pid: number;
  /** True when an earlier start had left it running. */
  reused: boolean;
  /** Stops it in order: clients are told, everything acknowledged is on disk. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL kept in a data folder, making it first where there is none, or takes over one left running.
 *  `settings` are server parameters. Fails `SetupError`. */
export async function startPostgres(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<RunningPostgres> {
  const place = await choosePlace(dataDir);
  const urlFile = embeddedDatabaseUrlFile(dataDir);
  // Data kept outside a data folder that somebody deleted is what they meant to delete.
  if (!place.data.startsWith(dataDir) && !existsSync(urlFile))
    rmSync(place.data, { recursive: true, force: true });
  if (!existsSync(place.data)) await initialise(place, urlFile);
  const recorded = readIfThere(urlFile);
  if (!recorded)
    throw new SetupError(
      `${urlFile} is missing, so the password of ${place.data} is unknown: move that folder away.`,
    );
  const left = await leftRunning(place.data);
  if (!left) await launch(place, recorded, urlFile, settings);
  const server = left ?? (await leftRunning(place.data));
  if (!server)
    throw new SetupError(`PostgreSQL ended at once: see ${join(place.data, 'server.log')}.`);
  const url = withPort(recorded, server.port);
  await createDatabase(url);
  return {
    url,
    pid: server.pid,
    reused: left !== null,
    stop: () => pgCtl(place, ['stop', '-m', 'fast']),
  };
}

async function initialise(place: Place, urlFile: string): Promise<void> {
  const password = randomBytes(18).toString('base64url');
  const draft = `${place.data}.new`;
  const passwordFile = `${place.data}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(place.data), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.account) {
    for (const path of [draft, passwordFile]) chownSync(path, place.account.uid, place.account.gid);
  }
  try {
    await run(join(place.bin, 'initdb'), initdbArguments(draft, passwordFile), {
      ...place.account,
    });
  } finally {
    rmSync(passwordFile);
  }
  writeFileSync(
    urlFile,
    `postgres://afterloop:${password}@127.0.0.1:${await anyFreePort()}/afterloop`,
    {
      mode: 0o600,
    },
  );
  renameSync(draft, place.data); // last: a folder of that name is a whole one
}

function initdbArguments(data: string, passwordFile: string): string[] {
  const locale = [
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--encoding=UTF8',
  ];
  const login = ['--username=afterloop', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  return [`--pgdata=${data}`, ...locale, ...login];
}

/** The postmaster's own note: pid on line 1, port on line 4. A note whose process is gone, or is another program, is removed. */
async function leftRunning(data: string): Promise<{ pid: number; port: number } | null> {
  const noteFile = join(data, 'postmaster.pid');
  const note = readIfThere(noteFile)?.split('\n');
  if (!note) return null;
  const [pid, port] = [Number(note[0]), Number(note[3])];
  if (await isRunning(pid, data)) return { pid, port };
  rmSync(noteFile, { force: true });
  return null;
}

async function launch(
  place: Place,
  recordedUrl: string,
  urlFile: string,
  settings: Record<string, string>,
): Promise<void> {
  const port = (await freePort(Number(new URL(recordedUrl).port))) ?? (await anyFreePort());
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...settings,
  };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
  const start = [
    'start',
    '-w',
    '-t',
    '60',
    '-l',
    join(place.data, 'server.log'),
    '-o',
    options.join(' '),
  ];
  // After a kill -9 of the postmaster its children take a moment to notice; until then the memory they share is in use.
  const started = await waitUntil(
    () =>
      pgCtl(place, start).then(
        () => true,
        () => false,
      ),
    20_000,
  );
  if (!started)
    throw new SetupError(`PostgreSQL does not start: see ${join(place.data, 'server.log')}.`);
  writeFileSync(urlFile, withPort(recordedUrl, port), { mode: 0o600 });
}

async function pgCtl(place: Place, args: string[]): Promise<void> {
  await run(join(place.bin, 'pg_ctl'), ['-D', place.data, ...args], { ...place.account, cwd: '/' });
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const sql = postgres(maintenance.href, { max: 1, onnotice: () => undefined });
  try {
    const [found] = await sql`select 1 from pg_database where datname = 'afterloop'`;
    if (!found) await sql`create database afterloop`;
  } finally {
    await sql.end();
  }
}
