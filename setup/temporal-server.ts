import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineSettings } from '../config/index.ts';
import { isRunning, readIfThere, requireFree, startServer, stopProcess } from './processes.ts';

/** How to run a Temporal dev server. */
export interface TemporalServerOptions {
  /** Path of the `temporal` program. */
  program: string;
  /** Keeps `temporal.db`, `temporal.log` and the note of what runs. */
  dataDir: string;
  port: number;
  /** Null: no UI. */
  uiPort: number | null;
  tuning: Pick<EngineSettings['embedded'], 'sqlitePragmas' | 'dynamicConfig'>;
}

/** A Temporal server of ours on 127.0.0.1. It may still be coming up: connect with patience. */
export interface RunningTemporal {
  address: string;
  pid: number;
  /** True when an earlier start had left it running. */
  reused: boolean;
  stop(): Promise<void>;
}

/** Starts the embedded server on the state kept in a data folder, or takes over the one that a killed start left on these ports.
 *  Fails `SetupError` when a port is taken by something else. */
export async function startTemporal(options: TemporalServerOptions): Promise<RunningTemporal> {
  mkdirSync(options.dataDir, { recursive: true });
  const database = join(options.dataDir, 'temporal.db');
  const noteFile = join(options.dataDir, 'temporal.pid');
  const ports = `${options.port} ${options.uiPort}`;
  const left = await leftRunning(noteFile, database, ports);
  const pid = left ?? (await launch(options, database));
  writeFileSync(noteFile, `${pid}\n${ports}\n`);
  const stop = async () => {
    await stopProcess(pid, database);
    rmSync(noteFile, { force: true });
  };
  return { address: `127.0.0.1:${options.port}`, pid, reused: left !== null, stop };
}

async function leftRunning(
  noteFile: string,
  database: string,
  ports: string,
): Promise<number | null> {
  const [line, notedPorts] = readIfThere(noteFile)?.split('\n') ?? [];
  const pid = Number(line);
  if (!pid || !(await isRunning(pid, database))) return null;
  if (notedPorts === ports) return pid;
  await stopProcess(pid, database); // ours, but on other ports: two servers on one file would ruin it
  return null;
}

async function launch(options: TemporalServerOptions, database: string): Promise<number> {
  await requireFree(options.port, 'TEMPORAL_PORT');
  if (options.uiPort !== null) await requireFree(options.uiPort, 'TEMPORAL_UI_PORT');
  const ui = options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)];
  const place = ['--ip', '127.0.0.1', '--port', String(options.port), '--db-filename', database];
  const args = [
    'server',
    'start-dev',
    ...place,
    ...ui,
    '--log-level',
    'error',
    ...tuningArguments(options.tuning),
  ];
  return startServer(options.program, args, join(options.dataDir, 'temporal.log'));
}

/** Command-line arguments for temporal.yaml's `embedded.sqlitePragmas` and `embedded.dynamicConfig`. */
export function tuningArguments(tuning: TemporalServerOptions['tuning']): string[] {
  const pragmas = Object.entries(tuning.sqlitePragmas).map(([name, value]) => `${name}=${value}`);
  const dynamic = Object.entries(tuning.dynamicConfig).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return [
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamic.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}
