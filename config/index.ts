/** The only place that reads temporal.yaml and the environment. Mains read it; everything else takes what it needs as an argument. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { parse } from 'yaml';
import { z } from 'zod';
import { type DoorSettings, doorSettings, doorVariables } from './door.ts';
import { type EngineSettings, engineSchema, whole } from './engine.ts';
import * as messages from './messages.ts';
import { type PartnerSettings, partnerSettings, partnerVariables } from './partners.ts';
import { type VersionSettings, versionSettings, versionVariables } from './versions.ts';

export type { EngineSettings } from './engine.ts';

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
  AUTH_JWKS_URL: url('an http or https URL of the key set', /^https?$/).optional(),
  AUTH_ISSUER: text('the tokens\' "iss"').optional(),
  AUTH_AUDIENCE: text('the tokens\' "aud"').optional(),
  AUTH_PERSON_CLAIM: text('the claim with the staff number').default('sub'),
  AUTH_ROLES_CLAIM: text('the claim with the roles').default('roles'),
  AUTH_TERRITORIES_CLAIM: text('the claim with the territories').default('territories'),
  ...doorVariables,
  ...partnerVariables,
  ...messages.messageVariables,
  ...versionVariables,
});
type Environment = z.infer<typeof environmentSchema>;

/** Who may call the API: the demo tokens of the embedded default, JWTs of an issuer, or nobody until an issuer is named. */
export type AuthSettings =
  | { kind: 'demo' }
  | { kind: 'jwt'; jwksUrl: string; issuer: string; audience: string; claims: AuthClaims }
  | { kind: 'missing'; message: string };

/** Names of the token's claims that hold a person's staff number, roles and territories. */
export interface AuthClaims {
  person: string;
  roles: string;
  territories: string;
}

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

/** A value that can't be used. The message names the file or variable, the key, and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
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
    auth: authOf(env, embedded),
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

function authOf(env: Environment, embedded: boolean): AuthSettings {
  const missing = (['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter(
    (name) => !env[name],
  );
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = env;
  if (jwksUrl && issuer && audience) {
    return { kind: 'jwt', jwksUrl, issuer, audience, claims: claimsOf(env) };
  }
  if (missing.length < 3)
    throw new ConfigError(
      `${missing.join(', ')}: set all of AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE or none.`,
    );
  if (!isLoopback(env.HOST)) {
    throw new ConfigError(
      'HOST: 127.0.0.1, unless AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE are set.',
    );
  }
  if (embedded) return { kind: 'demo' };
  const message =
    'AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE: set them; the demo tokens work with the embedded database and engine only.';
  return { kind: 'missing', message };
}

function claimsOf(env: Environment): AuthClaims {
  return {
    person: env.AUTH_PERSON_CLAIM,
    roles: env.AUTH_ROLES_CLAIM,
    territories: env.AUTH_TERRITORIES_CLAIM,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
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
