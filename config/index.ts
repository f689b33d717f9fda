/** The only place that reads temporal.yaml and the environment. Mains read it; everything else takes what it needs as an argument. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { parse } from 'yaml';
import { z } from 'zod';
import { type AuthSettings, authSettings, authVariables } from './auth.ts';
import { type DoorSettings, doorSettings, doorVariables } from './door.ts';
import { type EngineSettings, engineSchema, whole } from './engine.ts';
import { ConfigError } from './error.ts';
import * as messages from './messages.ts';
import { type PartnerSettings, partnerSettings, partnerVariables } from './partners.ts';
import { type VersionSettings, versionSettings, versionVariables } from './versions.ts';

export type { EngineSettings } from './engine.ts';
export { ConfigError } from './error.ts';

const text = (allowed: string) => z.string(allowed).min(1, allowed);
const port = (fallback: number) =>
  z.coerce.number('a port from 1 to 65535').pipe(whole(1, 65_535)).default(fallback);
const url = (what: string, protocol: RegExp) => z.url({ protocol, error: what });
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const environmentSchema = z.object({
  HOST: text('a host name or address').default('127.0.0.1'),
  PORT: port(3000),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  TEMPORAL_UI_URL: url('an http or https URL', /^https?$/).optional(),
  DATABASE_URL: url(
    'a postgres://user:password@host:port/database URL',
    /^postgres(ql)?$/,
  ).optional(),
  DATA_DIR: text('a folder').default('.data'),
  CACHE_DIR: text('a folder').optional(),
  XDG_CACHE_HOME: z.string().optional(),
  LOG_LEVEL: z.enum(levels, `one of ${levels.join(', ')}`).default('info'),
  ...authVariables,
  ...doorVariables,
  ...partnerVariables,
  ...messages.messageVariables,
  ...versionVariables,
});

/** Everything that can be set, from temporal.yaml and the environment. */
export interface Config extends DoorSettings {
  host: string;
  port: number;
  logLevel: (typeof levels)[number];
  /** Absolute path of the folder where the embedded servers keep their state. */
  dataDir: string;
  /** Absolute path of the folder for downloaded or built servers, shared between checkouts. */
  cacheDir: string;
  /** Null until `npm start` has made an embedded database in `dataDir`. */
  databaseUrl: string | null;
  embeddedDatabase: boolean;
  embeddedEngine: boolean;
  temporalPort: number;
  temporalUiPort: number;
  /** Base address of the Temporal UI, for deep links. */
  temporalUiUrl: string;
  /** Address, TLS and API key of the engine; the same for client and worker. */
  connection: ClientConnectConfig['connectionOptions'] & { address: string };
  namespace: string;
  engine: EngineSettings;
  auth: AuthSettings;
  partners: PartnerSettings;
  messages: messages.MessageSettings;
  versions: VersionSettings;
}

/** The process's environment, for mains to pass to `loadConfig` and to the processes they start. */
export function processEnvironment(): Record<string, string | undefined> {
  return process.env;
}

/** Where `npm start` writes the URL of the embedded database that it keeps in a data folder. */
export function embeddedDatabaseUrlFile(dataDir: string): string {
  return join(dataDir, 'postgres.url');
}

/** Reads and checks every setting. Relative folders are taken from the current one. Fails `ConfigError`. */
export function loadConfig(
  environment: Record<string, string | undefined>,
  yamlPath = join(import.meta.dirname, '..', 'temporal.yaml'),
): Config {
  const engine = check(engineSchema, readYaml(yamlPath), [yamlPath]);
  const checked = environmentSchema.check(messages.checkPairs);
  const env = check(checked, withoutEmpty(environment), []);
  const temporal = connectionOf(environment, engine, env.TEMPORAL_PORT);
  const dataDir = resolve(env.DATA_DIR);
  const embedded = !env.DATABASE_URL && temporal.embedded;
  return {
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    ...doorSettings(env),
    dataDir,
    cacheDir: resolve(
      env.CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'afterloop'),
    ),
    databaseUrl: env.DATABASE_URL ?? readIfThere(embeddedDatabaseUrlFile(dataDir)),
    embeddedDatabase: !env.DATABASE_URL,
    embeddedEngine: temporal.embedded,
    temporalPort: env.TEMPORAL_PORT,
    temporalUiPort: env.TEMPORAL_UI_PORT,
    temporalUiUrl: env.TEMPORAL_UI_URL ?? `http://127.0.0.1:${env.TEMPORAL_UI_PORT}`,
    connection: temporal.connection,
    namespace: temporal.namespace,
    engine,
    auth: authSettings(env, env.HOST, embedded),
    partners: partnerSettings(env),
    versions: versionSettings(env),
    messages: messages.messageSettings(env, embedded ? `http://${env.HOST}:${env.PORT}` : null),
  };
}

/** The database's URL. Fails `ConfigError` when none is set and `npm start` hasn't made one. */
export function requireDatabaseUrl(config: Config): string {
  if (config.databaseUrl) return config.databaseUrl;
  throw new ConfigError(
    `DATABASE_URL is not set and ${config.dataDir} holds no embedded database: run "npm start" once, or set DATABASE_URL.`,
  );
}

function connectionOf(
  environment: Record<string, string | undefined>,
  engine: EngineSettings,
  embeddedPort: number,
) {
  const profile = loadProfile(withoutEmpty(environment));
  const address = profile.connectionOptions.address ?? engine.address;
  return {
    embedded: !address,
    namespace: profile.namespace ?? engine.namespace,
    connection: { ...profile.connectionOptions, address: address ?? `127.0.0.1:${embeddedPort}` },
  };
}

function loadProfile(overrideEnvVars: Record<string, string>): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (error) {
    throw new ConfigError(`Temporal client configuration (TEMPORAL_…): ${messageOf(error)}`);
  }
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: string[],
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => [
    ...source,
    issue.path.join('.'),
    allowed(issue),
  ]);
  throw new ConfigError(lines.map((line) => line.filter(Boolean).join(': ')).join('\n'));
}

function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `no such key: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_key') return `must be ${issue.issues[0]?.message}`;
  return `must be ${issue.message}`;
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${path}: ${messageOf(error)}`);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

function withoutEmpty(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
