import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import {
  ConfigError,
  loadConfig,
  processEnvironment,
  requireDatabaseUrl,
} from '../config/index.ts';
import { connect, type Sql } from '../db/connect.ts';
import * as bringUp from '../setup/bring-up.ts';
import { connectWithPatience } from '../setup/connect.ts';
import { anyFreePort, readIfThere } from '../setup/processes.ts';
import type { Steps } from '../setup/steps.ts';
import { baseUrl } from '../setup/summary.ts';
import type { Pids } from './cpu.ts';

/** The product, brought up as `npm start` does it, with a look behind the door. */
export interface Stack {
  /** Where the API answers. */
  base: string;
  sql: Sql;
  client: Client;
  /** What the product's processes were started with. */
  environment: Record<string, string | undefined>;
  pids: Pids;
}

/** What undoes the bring-up, last first; filled as things come up, so that a stop in between finds what is there. */
export type Undo = (() => Promise<void>)[];

/** Brings up a product of its own in a temporary folder and on free ports: nothing that runs already is disturbed or measured.
 *  Ends early when the signal is aborted. Fails `ConfigError` where an engine is named in temporal.yaml. */
export async function bringUpStack(undo: Undo, signal: AbortSignal): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'afterloop-bench-'));
  chmodSync(folder, 0o755); // PostgreSQL's account must get in
  undo.push(async () => rmSync(folder, { recursive: true, force: true }));
  const environment = await environmentIn(folder);
  const config = loadConfig(environment);
  if (!config.embeddedEngine)
    throw new ConfigError('temporal.yaml: address: must be null for the bench.');
  const start = { config, environment, steps, undo };
  for (const [title, step] of allSteps) {
    signal.throwIfAborted();
    await steps.step(title, (report) => step(start, report));
  }
  return lookBehind(folder, environment, undo);
}

const allSteps = [
  ['PostgreSQL', bringUp.bringUpDatabase],
  ['Temporal', bringUp.bringUpEngine],
  ['Namespace', bringUp.bringUpNamespace],
  ['Database', bringUp.bringUpSchema],
  ['Worker and API', bringUp.bringUpProcesses],
] as const;

/** Standard output is the table's. */
const steps: Steps = {
  async step(title, work) {
    const result = await work((line) => process.stderr.write(`${line}\n`));
    process.stderr.write(`${title}: ${result}\n`);
  },
  note: (line) => void process.stderr.write(`${line}\n`),
};

async function environmentIn(folder: string): Promise<Record<string, string | undefined>> {
  const elsewhere = /^(TEMPORAL_|AUTH_|DATABASE_URL$|HOST$)/;
  const kept = Object.entries(processEnvironment()).filter(([name]) => !elsewhere.test(name));
  return {
    ...Object.fromEntries(kept),
    DATA_DIR: folder,
    PORT: String(await anyFreePort()),
    TEMPORAL_PORT: String(await anyFreePort()),
    TEMPORAL_UI_PORT: String(await anyFreePort()),
    TEMPORAL_CONFIG_FILE: join(folder, 'no-profile.toml'),
  };
}

async function lookBehind(
  folder: string,
  environment: Record<string, string | undefined>,
  undo: Undo,
): Promise<Stack> {
  const config = loadConfig(environment); // again: it knows the database now
  const { namespace } = config;
  const sql = connect(requireDatabaseUrl(config), { max: 2, applicationName: 'afterloop-bench' });
  undo.push(() => sql.end({ timeout: 5 }));
  // never closed: a call under way when the bench is stopped would throw past everybody; the process ends soon after
  const connection = await connectWithPatience(config);
  const pidOf = (name: string) => Number(readIfThere(join(folder, `${name}.pid`))?.split('\n')[0]);
  return {
    base: baseUrl(config),
    sql,
    client: new Client({ connection, namespace }),
    environment,
    pids: { engine: pidOf('temporal'), worker: pidOf('worker'), api: pidOf('api') },
  };
}
