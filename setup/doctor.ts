/** `npm run doctor`: looks at everything that has to be right, and says of each that it is, or what to do. */
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, loadConfig, processEnvironment } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { connect } from '../db/connect.ts';
import { refusalOf } from './data-folder.ts';
import { checkDatabase, checkHolidays, checkMigrations } from './doctor/database.ts';
import { checkAttributes, checkEngine, checkRetention, connectQuickly } from './doctor/engine.ts';
import { type Finding, lineOf, ok, todo, unknown } from './doctor/finding.ts';
import { checkPatch, checkProtobuf, checkSdk } from './doctor/libraries.ts';
import { checkDisk, checkNode, checkPort, isApi, isOurTemporal } from './doctor/machine.ts';
import { checkKeys, checkReady } from './doctor/network.ts';
import { checkMail, checkPartners, checkSms } from './doctor/outside.ts';
import { isRunning, readIfThere } from './processes.ts';
import { baseUrl } from './summary.ts';

const root = join(import.meta.dirname, '..');
const packageFile = z.object({ dependencies: z.record(z.string(), z.string()) });
type Findings = AsyncGenerator<Finding | null>;

await runMain(async () => {
  let toDo = 0;
  for await (const finding of findings()) {
    if (!finding) continue;
    process.stdout.write(`${lineOf(finding)}\n`);
    if (finding.state === 'todo') toDo += 1;
  }
  process.stdout.write(toDo === 0 ? '\nAll is well.\n' : `\nTo do: ${toDo}.\n`);
  if (toDo > 0) process.exitCode = 1;
});

async function* findings(): Findings {
  yield* part('installation', installation());
  const config = readConfig();
  if (config instanceof ConfigError) {
    yield todo('settings', config.message, 'correct it; docs/operating.md says what is allowed');
    return;
  }
  yield settings(config);
  const refusal = refusalOf(config);
  if (refusal) {
    yield todo('data folder', refusal.said, refusal.todo);
    return;
  }
  const toStart = await startOf(config);
  yield* part('machine', machine(config));
  yield* part('PostgreSQL', database(config, toStart));
  yield* part('Temporal server', engine(config, toStart));
  yield* part('API', network(config, toStart));
}

/** What a check does not expect is a line too, and the others go on. */
async function* part(about: string, findings: Findings): Findings {
  try {
    yield* findings;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    yield todo(about, `could not be looked at: ${said}`, 'mend what it says, and look again');
  }
}

/** What brings the embedded servers up; while `npm start` is at it, only its logs say more. */
async function startOf({ dataDir }: Config): Promise<string> {
  const [pid] = readIfThere(join(dataDir, 'start.pid'))?.split('\n') ?? [];
  const isUp = await isRunning(Number(pid), 'setup/start.ts');
  return isUp ? `npm start is running: see what ${join(dataDir, '*.log')} say` : 'npm start';
}

async function* installation(): Findings {
  const { dependencies } = packageFile.parse(
    JSON.parse(readIfThere(join(root, 'package.json')) ?? ''),
  );
  yield checkNode(process.versions.node, dependencies.node ?? '24');
  yield checkSdk(root);
  yield checkProtobuf(root);
  yield checkPatch(root);
}

function readConfig(): Config | ConfigError {
  try {
    return loadConfig(processEnvironment());
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function settings({ auth }: Config): Finding {
  if (auth.kind === 'missing') return todo('tokens', 'nobody could sign in', auth.message);
  return ok('tokens', auth.kind === 'demo' ? 'those of the demo' : 'JWTs of AUTH_ISSUER');
}

async function* machine(config: Config): Findings {
  const { port, dataDir, temporalPort, temporalUiPort, embeddedEngine } = config;
  yield checkDisk(dataDir);
  yield checkPort(port, 'PORT', () => isApi(baseUrl(config)));
  if (!embeddedEngine) return;
  const ours = (one: number) => () => isOurTemporal(dataDir, one);
  yield checkPort(temporalPort, 'TEMPORAL_PORT', ours(temporalPort));
  yield checkPort(temporalUiPort, 'TEMPORAL_UI_PORT', ours(temporalUiPort));
}

async function* database({ databaseUrl, embeddedDatabase }: Config, npmStart: string): Findings {
  const toStart = embeddedDatabase
    ? npmStart
    : 'start it, create the database, or correct DATABASE_URL';
  if (!databaseUrl) {
    yield todo('PostgreSQL', 'there is no database yet', toStart);
    return;
  }
  const sql = connect(databaseUrl, {
    max: 1,
    connectTimeoutS: 2,
    applicationName: 'afterloop-doctor',
  });
  try {
    const found = await checkDatabase(sql, toStart);
    yield found;
    if (found.state !== 'ok') return;
    const schema = await checkMigrations(sql, join(root, 'db/migrations'));
    yield schema;
    if (schema.state === 'ok') yield checkHolidays(sql, new Date().toISOString());
    else yield unknown('holidays', 'not looked for before the schema is up to date');
  } finally {
    await sql.end({ timeout: 2 });
  }
}

async function* engine(config: Config, npmStart: string): Findings {
  const toStart = config.embeddedEngine
    ? npmStart
    : 'start it, or correct TEMPORAL_ADDRESS, or what TEMPORAL_… says of TLS and API key';
  const connection = await connectQuickly(config.connection);
  yield checkEngine(connection, config.connection.address, toStart);
  if (!connection) return;
  const wanted = { ...config.engine, namespace: config.namespace };
  yield checkRetention(connection, wanted);
  yield checkAttributes(connection, wanted);
  await connection.close();
}

async function* network(config: Config, npmStart: string): Findings {
  const { partners, messages, auth, embeddedDatabase, embeddedEngine } = config;
  const isAllOurs = embeddedDatabase && embeddedEngine;
  yield checkReady(baseUrl(config), {
    api: isAllOurs ? npmStart : 'npm run api',
    worker: isAllOurs ? npmStart : 'npm run worker',
  });
  yield* checkPartners(partners.services);
  yield checkSms(messages.sms);
  yield checkMail(messages.mail);
  yield checkKeys(auth.kind === 'jwt' ? auth.jwksUrl : null);
}
