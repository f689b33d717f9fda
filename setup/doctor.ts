/** `npm run doctor`: looks at everything that has to be right, and says of each that it is, or what to do. */
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, loadConfig, processEnvironment } from '../config.ts';
import { connect } from '../db/index.ts';
import { checkDatabase, checkHolidays, checkMigrations } from './doctor/database.ts';
import { checkAttributes, checkEngine, checkRetention, connectQuickly } from './doctor/engine.ts';
import { type Finding, lineOf, ok, todo, unknown } from './doctor/finding.ts';
import { checkPatch, checkProtobuf, checkSdk } from './doctor/libraries.ts';
import { checkDisk, checkNode, checkPort, isApi, isOurTemporal } from './doctor/machine.ts';
import { checkAnswers, checkMail, checkReady } from './doctor/network.ts';
import { runMain } from './main.ts';
import { readIfThere } from './processes.ts';
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
  yield* installation();
  const config = readConfig();
  if (config instanceof ConfigError) {
    yield todo('settings', config.message, 'correct it; the README says what is allowed');
    return;
  }
  yield settings(config);
  yield* machine(config);
  yield* database(config);
  yield* engine(config);
  yield* network(config);
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

async function* database({ databaseUrl, embeddedDatabase }: Config): Findings {
  const toStart = embeddedDatabase ? 'npm start' : 'start it, or correct DATABASE_URL';
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

async function* engine(config: Config): Findings {
  const toStart = config.embeddedEngine ? 'npm start' : 'start it, or correct TEMPORAL_ADDRESS';
  const connection = await connectQuickly(config.connection);
  yield checkEngine(connection, config.connection.address, toStart);
  if (!connection) return;
  const wanted = { ...config.engine, namespace: config.namespace };
  yield checkRetention(connection, wanted);
  yield checkAttributes(connection, wanted);
  await connection.close();
}

async function* network(config: Config): Findings {
  const { partners, messages, auth } = config;
  const toStart =
    config.embeddedDatabase && config.embeddedEngine ? 'npm start' : 'npm run api, npm run worker';
  yield checkReady(baseUrl(config), toStart);
  for (const [service, partner] of Object.entries(partners.services))
    yield checkAnswers(`${service.toUpperCase()}_URL`, partner?.url ?? null);
  yield checkAnswers('SMS_GATEWAY_URL', messages.sms?.url ?? null);
  yield checkAnswers('AUTH_JWKS_URL', auth.kind === 'jwt' ? auth.jwksUrl : null);
  yield checkMail(messages.mail?.smtpUrl ?? null);
}
