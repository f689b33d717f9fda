import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ConfigError,
  embeddedDatabaseUrlFile,
  loadConfig,
  requireDatabaseUrl,
} from '../../config/index.ts';
import { buildIdOf } from '../../config/versions.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../temporal.yaml'), 'utf8');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterloop-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const auth = {
  AUTH_JWKS_URL: 'https://issuer.example/keys',
  AUTH_ISSUER: 'https://issuer.example/',
  AUTH_AUDIENCE: 'afterloop',
};

function refusal(environment: Record<string, string>, yaml = shipped): string {
  const path = join(folder, 'temporal.yaml');
  writeFileSync(path, yaml);
  try {
    loadConfig(environment, path);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'accepted';
}

describe('temporal.yaml', () => {
  test.each([
    [
      'retentionDays: 3650',
      'retentionDays: ten',
      'temporal.yaml: retentionDays: must be a whole number from 1 to 36500',
    ],
    [
      'retentionDays: 3650',
      'retentionDays: 0',
      'temporal.yaml: retentionDays: must be a whole number from 1 to 36500',
    ],
    [
      'namespace: afterloop',
      'namespase: afterloop',
      'temporal.yaml: namespace: must be a name\ntemporal.yaml: no such key: namespase',
    ],
    ['address: null', 'address: engine', 'temporal.yaml: address: must be host:port or null'],
    [
      'cliVersion: 1.5.1',
      'cliVersion: latest',
      'temporal.yaml: embedded.cliVersion: must be a version such as 1.5.1',
    ],
  ])('%s changed to %s is refused by file, key and what is allowed', (from, to, message) => {
    expect(refusal({}, shipped.replace(from, to))).toBe(message);
  });

  test('a file that is not YAML is refused by name and line', () => {
    expect(refusal({}, 'address: [')).toMatch(/^temporal\.yaml: .* line 1/);
  });

  test('a file that is not there is refused by name', () => {
    expect(() => loadConfig({}, join(folder, 'none.yaml'))).toThrow(/none\.yaml/);
  });
});

describe('the environment', () => {
  test.each([
    [{ PORT: 'x' }, 'PORT: must be a port from 1 to 65535'],
    [{ WORKER_VERSIONING: 'yes' }, 'WORKER_VERSIONING: must be on or off'],
    [{ PATCHES: 'off' }, 'PATCHES: must be active or held'],
    [{ BUILD_ID: 'v1:2' }, 'BUILD_ID: must be 1 to 100 letters, digits, "_", "-", "+" or "."'],
    [{ PORT: '70000' }, 'PORT: must be a whole number from 1 to 65535'],
    [{ PARTS_URL: 'erp' }, 'PARTS_URL: must be an http or https URL'],
    [
      { PARTS_URL: 'https://me:secret@erp.example' },
      'PARTS_URL: must be a URL without a user: set the token instead',
    ],
    [{ PARTS_TOKEN: 'two words' }, 'PARTS_TOKEN: must be a bearer token of visible characters'],
    [{ PARTNER_TIMEOUT_MS: '8001' }, 'PARTNER_TIMEOUT_MS: must be a whole number from 100 to 8000'],
    [
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
    ],
    [
      { DATABASE_URL: 'mysql://u:secret@h/d' },
      'DATABASE_URL: must be a postgres://user:password@host:port/database URL',
    ],
    [{ AUTH_JWKS_URL: 'keys' }, 'AUTH_JWKS_URL: must be an http or https URL of the key set'],
    [{ OPENINGS_AT_ONCE: '0' }, 'OPENINGS_AT_ONCE: must be a whole number from 1 to 1000'],
    ...['proxy.example', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.1,', 'true', '1'].map(
      (TRUST_PROXY): [Record<string, string>, string] => [
        { TRUST_PROXY },
        'TRUST_PROXY: must be addresses and networks such as 10.1.0.0/16, with commas between',
      ],
    ),
    [
      { AUTH_ISSUER: 'me' },
      'AUTH_JWKS_URL, AUTH_AUDIENCE: set all of AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE or none.',
    ],
    [
      { HOST: '0.0.0.0' },
      'HOST: 127.0.0.1, unless AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE are set.',
    ],
  ])('%o is refused by variable and what is allowed', (environment, message) => {
    expect(refusal(environment)).toBe(message);
  });

  test('a service with an address is a partner’s, the others are built in', () => {
    const { services } = loadConfig({
      DISPATCH_URL: 'https://d.example',
      DISPATCH_TOKEN: 't',
    }).partners;
    expect(services).toEqual({
      parts: null,
      dispatch: { url: 'https://d.example', token: 't', timeoutMs: 8_000 },
      notification: null,
    });
  });

  test('nobody’s word about addresses is taken but that of a proxy that is named', () => {
    expect(loadConfig({}).trustedProxies).toEqual([]);
    const named = loadConfig({ TRUST_PROXY: '10.1.0.0/16,fd00::/8,127.0.0.1' });
    expect(named.trustedProxies).toEqual(['10.1.0.0/16', 'fd00::/8', '127.0.0.1']);
  });

  test('an empty variable is one that is not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 3000,
      embeddedDatabase: true,
    });
  });

  test('with nothing set, everything is embedded and on loopback', () => {
    expect(loadConfig({ DATA_DIR: folder, XDG_CACHE_HOME: '/caches' })).toMatchObject({
      host: '127.0.0.1',
      cacheDir: '/caches/afterloop',
      databaseUrl: null,
      embeddedDatabase: true,
      embeddedEngine: true,
      connection: { address: '127.0.0.1:7233' },
      auth: { kind: 'demo' },
      versions: { versioning: 'off', buildId: null, patches: 'active' },
    });
  });

  test('a build is named as it is set, else by its revision', () => {
    expect(buildIdOf(loadConfig({ BUILD_ID: '2026.11' }).versions)).toBe('2026.11');
    expect(buildIdOf(loadConfig({}).versions)).toMatch(/^([0-9a-f]{12}(-dirty)?|\d+\.\d+\.\d+)$/);
  });

  test('an API key and an address lead to an engine elsewhere, over TLS, in its namespace', () => {
    const environment = {
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_API_KEY: 'k',
      TEMPORAL_NAMESPACE: 'tenant.a1',
    };
    expect(loadConfig(environment)).toMatchObject({
      embeddedEngine: false,
      namespace: 'tenant.a1',
      connection: { address: 'cloud.example:7233', apiKey: 'k', tls: true },
    });
  });

  test('a profile of the Temporal client configuration is followed', () => {
    const file = join(folder, 'temporal.toml');
    writeFileSync(file, '[profile.plant]\naddress = "plant.example:7233"\nnamespace = "plant"\n');
    const environment = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'plant' };
    expect(loadConfig(environment)).toMatchObject({
      namespace: 'plant',
      connection: { address: 'plant.example:7233' },
    });
  });
});

describe('who may call', () => {
  test.each([{ DATABASE_URL: 'postgres://u:p@h/d' }, { TEMPORAL_ADDRESS: 'h:7233' }])(
    'demo tokens are not for %o',
    (environment) => {
      expect(loadConfig(environment).auth).toMatchObject({
        kind: 'missing',
        message: expect.stringContaining('AUTH_JWKS_URL'),
      });
    },
  );

  test('a configured issuer ends the demo tokens and opens the host', () => {
    const { host, auth: settings } = loadConfig({
      ...auth,
      HOST: '0.0.0.0',
      AUTH_ROLES_CLAIM: 'groups',
    });
    expect({ host, settings }).toEqual({
      host: '0.0.0.0',
      settings: {
        kind: 'jwt',
        jwksUrl: auth.AUTH_JWKS_URL,
        issuer: auth.AUTH_ISSUER,
        audience: auth.AUTH_AUDIENCE,
        claims: { person: 'sub', roles: 'groups', territories: 'territories' },
      },
    });
  });
});

test('the embedded database is found by the note that npm start left in the data folder', () => {
  const dataDir = join(folder, 'data');
  expect(() => requireDatabaseUrl(loadConfig({ DATA_DIR: dataDir }))).toThrow(
    /DATABASE_URL is not set/,
  );
  mkdirSync(dataDir);
  writeFileSync(embeddedDatabaseUrlFile(dataDir), 'postgres://afterloop:p@127.0.0.1:5/afterloop\n');
  expect(requireDatabaseUrl(loadConfig({ DATA_DIR: dataDir }))).toBe(
    'postgres://afterloop:p@127.0.0.1:5/afterloop',
  );
});
