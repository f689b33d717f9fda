/** The product as `npm start` runs it: real processes on free ports and a data folder of their own, to be killed at will. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { loadConfig, processEnvironment } from '../../config/index.ts';
import { connect, type Sql } from '../../db/connect.ts';
import { anyFreePort, isRunning } from '../../setup/processes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
export const victims = ['start', 'api', 'worker', 'temporal', 'postgres'] as const;
export type Victim = (typeof victims)[number];

/** The note in the data folder that names each process, and a word of its command line. */
const notes: Record<Victim, { file: string; word: (folder: string) => string }> = {
  start: { file: 'start.pid', word: () => 'setup/start.ts' },
  api: { file: 'api.pid', word: () => 'api/main.ts' },
  worker: { file: 'worker.pid', word: () => 'worker/main.ts' },
  temporal: { file: 'temporal.pid', word: (folder) => join(folder, 'temporal.db') },
  postgres: { file: 'postgres/postmaster.pid', word: (folder) => join(folder, 'postgres') },
};

export interface Product {
  base: string;
  environment: Record<string, string | undefined>;
  /** Starts everything that is not running, without waiting. */
  start(): void;
  /** Waits until it says where it is. Fails with what it said instead. */
  started(): Promise<void>;
  /** After a kill of the starter alone: what is still running is taken over. */
  startAgain(): Promise<void>;
  /** Waits until everything runs and says that it is ready. */
  settled(): Promise<void>;
  /** Null when it is not running. */
  pid(victim: Victim): Promise<number | null>;
  /** `kill -9`; true when it was running. */
  kill(victim: Victim): Promise<boolean>;
  /** `kill -9` of every process, the starter first, so that nothing is brought back. Fails when it had ended by itself. */
  killAll(): Promise<void>;
  /** A client of its database as it is now; ended by `stop`. */
  sql(): Sql;
  client(): Promise<Client>;
  /** In order, as Ctrl-C does. */
  stop(): Promise<void>;
  /** Stops, and removes what it kept. */
  end(): Promise<void>;
}

/** A product that was never started, with nothing kept. `settings`: variables beside those of its place. */
export async function createProduct(settings: Record<string, string> = {}): Promise<Product> {
  const folder = temporaryFolder();
  const [port, temporalPort, uiPort] = [
    await anyFreePort(),
    await anyFreePort(),
    await anyFreePort(),
  ];
  const environment = {
    ...processEnvironment(),
    DATA_DIR: folder,
    PORT: String(port),
    TEMPORAL_PORT: String(temporalPort),
    TEMPORAL_UI_PORT: String(uiPort),
    LOG_LEVEL: 'warn',
    ...settings,
  };
  const base = `http://127.0.0.1:${port}`;
  const starter = createStarter(environment);
  const pid = (victim: Victim) => pidOf(folder, victim);
  const kill = async (victim: Victim) => {
    const found = await pid(victim);
    if (found !== null) process.kill(found, 'SIGKILL');
    return found !== null;
  };
  const killAll = async () => {
    starter.mustBeUp();
    await kill('start');
    await starter.ended();
    await Promise.all(victims.map(kill));
  };
  const startAgain = async () => {
    await starter.ended();
    starter.start();
    await starter.started();
  };
  const isReady = () =>
    fetch(`${base}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const settled = async () => {
    starter.mustBeUp();
    while (!(await isReady())) await delay(100);
  };
  const looking = createLooking(environment);
  const stop = async () => {
    await looking.close();
    await starter.stop();
    for (const victim of victims) await kill(victim); // none is left after a stop in order
  };
  const end = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const { start, started } = starter;
  const { sql, client } = looking;
  return {
    base,
    environment,
    start,
    started,
    startAgain,
    settled,
    pid,
    kill,
    killAll,
    sql,
    client,
    stop,
    end,
  };
}

async function pidOf(folder: string, victim: Victim): Promise<number | null> {
  const { file, word } = notes[victim];
  try {
    const pid = Number(readFileSync(join(folder, file), 'utf8').split('\n')[0]);
    return pid > 1 && (await isRunning(pid, word(folder))) ? pid : null;
  } catch {
    return null; // no note: not running
  }
}

function createStarter(environment: Product['environment']) {
  let child: ChildProcess | null = null;
  let said = '';
  const isUp = () => child !== null && child.exitCode === null && child.signalCode === null;
  const mustBeUp = () => {
    if (!isUp()) throw new Error(`npm start ended: ${said}`);
  };
  return {
    start() {
      said = '';
      const args = [join(root, 'setup/start.ts')];
      child = spawn(process.execPath, args, {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout?.on('data', (chunk) => (said += chunk));
      child.stderr?.on('data', (chunk) => (said += chunk));
    },
    mustBeUp,
    async started() {
      while (!said.includes('Ctrl-C; all cases are kept')) {
        mustBeUp();
        await delay(50);
      }
    },
    async ended() {
      if (child && isUp()) await once(child, 'exit');
    },
    async stop() {
      if (!child || !isUp()) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** A test's own view into database and engine, opened anew after a stop. */
function createLooking(environment: Product['environment']) {
  let sql: Sql | null = null;
  let connection: Connection | null = null;
  return {
    sql(): Sql {
      sql ??= connect(loadConfig(environment).databaseUrl ?? '', {
        max: 2,
        statementTimeoutMs: 30_000,
      });
      return sql;
    },
    async client(): Promise<Client> {
      const config = loadConfig(environment);
      connection ??= await Connection.connect(config.connection);
      return new Client({ connection, namespace: config.namespace });
    },
    async close() {
      await sql?.end({ timeout: 5 });
      await connection?.close();
      sql = null;
      connection = null;
    },
  };
}
