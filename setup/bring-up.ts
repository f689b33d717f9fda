import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, loadConfig, requireDatabaseUrl } from '../config/index.ts';
import { connect } from '../db/connect.ts';
import { migrate } from '../db/migrate.ts';
import { type Child, endLeftOver, keepRunning } from './children.ts';
import { connectWithPatience } from './connect.ts';
import { claimFormat, refusalOf } from './data-folder.ts';
import { loadDemoData } from './demo-data/load.ts';
import { applyNamespace } from './namespace.ts';
import { startPostgres } from './postgres.ts';
import { isRunning, readIfThere, requireFree, SetupError, waitUntil } from './processes.ts';
import type { Steps } from './steps.ts';
import { baseUrl } from './summary.ts';
import { findTemporal } from './temporal-cli.ts';
import { startTemporal } from './temporal-server.ts';
import { keepUp } from './watch.ts';

/** What the steps of a start share. */
export interface Start {
  config: Config;
  environment: Record<string, string | undefined>;
  steps: Steps;
  /** Each takes down what one step brought up. Run them last first. */
  undo: (() => Promise<void>)[];
}

/** One start at a time owns a data folder, with what a killed one left behind in it. Fails `SetupError`, also on cases of
 *  another build: then nothing in it is touched. */
export async function claimDataFolder({ config, undo }: Start): Promise<void> {
  const refusal = refusalOf(config);
  if (refusal) throw new SetupError(`${refusal.said}: ${refusal.todo}.`);
  const noteFile = join(config.dataDir, 'start.pid');
  const pid = Number(readIfThere(noteFile));
  if (pid && pid !== process.pid && (await isRunning(pid, 'setup/start.ts'))) {
    throw new SetupError(
      `Already running (process ${pid}) on ${config.dataDir}. Stop it, or set DATA_DIR, PORT, TEMPORAL_PORT and TEMPORAL_UI_PORT.`,
    );
  }
  claimFormat(config);
  writeFileSync(noteFile, String(process.pid));
  undo.push(async () => rmSync(noteFile, { force: true }));
  await Promise.all([endLeftOver('api', config.dataDir), endLeftOver('worker', config.dataDir)]);
  await requireFree(config.port, 'PORT');
}

/** PostgreSQL: the embedded one, unless DATABASE_URL names another. */
export async function bringUpDatabase({ config, steps, undo }: Start): Promise<string> {
  if (!config.embeddedDatabase) return 'as DATABASE_URL says';
  const start = async () => {
    const server = await startPostgres(config.dataDir);
    return { ...server, port: Number(new URL(server.url).port) };
  };
  const server = await keepUp(start, () => steps.note('PostgreSQL ended; starting it again'));
  undo.push(server.stop);
  return `${server.reused ? 'still running' : 'started'} on port ${server.port}`;
}

/** Temporal: the embedded server, unless TEMPORAL_ADDRESS, a profile or temporal.yaml names another. */
export async function bringUpEngine(
  { config, environment, steps, undo }: Start,
  report: (line: string) => void,
): Promise<string> {
  if (!config.embeddedEngine) return `at ${config.connection.address}`;
  const { cacheDir, dataDir, temporalPort: port, temporalUiPort: uiPort } = config;
  const tuning = config.engine.embedded;
  const program = await findTemporal({ cacheDir, version: tuning.cliVersion, environment, report });
  const start = async () => ({
    port,
    ...(await startTemporal({ program, dataDir, port, uiPort, tuning })),
  });
  const server = await keepUp(start, () => steps.note('Temporal ended; starting it again'));
  undo.push(server.stop);
  return `${server.reused ? 'still running' : 'started'} on port ${port}`;
}

/** Namespace, retention and search attributes. */
export async function bringUpNamespace({ config }: Start): Promise<string> {
  const connection = await connectWithPatience(config);
  const { changed, differs } = await applyNamespace(connection, {
    ...config.engine,
    namespace: config.namespace,
  });
  await connection.close();
  const lines = [...changed, ...differs.map((line) => `differs: ${line}`)];
  return lines.length === 0 ? `${config.namespace} is as it should be` : lines.join('; ');
}

/** This build's schema, and demo data where there is no customer yet; our own database also gets what a killed start left out. */
export async function bringUpSchema({ config, environment }: Start): Promise<string> {
  const url = requireDatabaseUrl(loadConfig(environment)); // read again: the database may have been made just now
  await migrate(url);
  if (!config.embeddedDatabase && (await hasCustomers(url))) return 'schema up to date';
  await loadDemoData(url);
  return 'schema and demo data up to date';
}

async function hasCustomers(url: string): Promise<boolean> {
  const sql = connect(url, { max: 1 });
  try {
    return (await sql`select 1 from customers limit 1`).length > 0;
  } finally {
    await sql.end();
  }
}

/** The worker and the API, each a process of its own. Fails `SetupError` with their last words. */
export async function bringUpProcesses({
  config,
  environment,
  steps,
  undo,
}: Start): Promise<string> {
  const children = (['worker', 'api'] as const).map((name) =>
    keepRunning({
      name,
      dataDir: config.dataDir,
      environment,
      onRestart: () => steps.note(`${name} ended; starting it again`),
    }),
  );
  undo.push(async () => void (await Promise.all(children.map((child) => child.stop()))));
  let standing: string | null = null;
  const isUp = async () => {
    failed(children);
    standing = await standingOf(baseUrl(config));
    return standing !== null;
  };
  await waitUntil(isUp, 90_000, 500);
  if (standing === null)
    throw new SetupError(
      `${baseUrl(config)}/readyz doesn't say ready: see ${config.dataDir}/*.log.`,
    );
  return standing;
}

const checks = { database: z.literal(true), pollers: z.record(z.string(), z.literal(true)) };
const allButBuild = z.object({ checks: z.object({ ...checks, currentBuild: z.literal(false) }) });

/** In words, once all is up; null before. Which build is given the cases is left to who runs several. */
async function standingOf(base: string): Promise<string | null> {
  const answer = await fetch(`${base}/readyz`).catch(() => null);
  if (answer?.ok) return 'ready';
  const isUp = allButBuild.safeParse(await answer?.json().catch(() => null)).success;
  return isUp ? 'up, but no running build is current: npm run versions -- current' : null;
}

function failed(children: Child[]): void {
  const child = children.find((one) => one.restarts() >= 3);
  if (!child) return;
  const words = (readIfThere(child.logFile) ?? '').trim().split('\n').slice(-5).join('\n');
  throw new SetupError(`The ${child.name} ends again and again (${child.logFile}):\n${words}`);
}
