/** The engine: does it answer, and is its namespace as it should be. */
import { Connection } from '@temporalio/client';
import type { Config } from '../../config/index.ts';
import { compareNamespace, type NamespaceSettings, ourAttributes } from '../namespace.ts';
import { type Finding, isAtLeast, ok, todo, unknown } from './finding.ts';

/** The oldest server that the flows were tried on. */
const oldestServer = '1.29.0';

/** A connection, or null when nothing answers within two seconds. */
export function connectQuickly(options: Config['connection']): Promise<Connection | null> {
  return Connection.connect({ ...options, connectTimeout: 2_000 }).catch(() => null);
}

/** `toStart` says what to do when it does not answer. */
export async function checkEngine(
  connection: Connection | null,
  address: string,
  toStart: string,
): Promise<Finding> {
  const about = 'Temporal server';
  if (!connection) return todo(about, `does not answer at ${address}`, toStart);
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  return checkServerVersion(serverVersion ?? '');
}

export function checkServerVersion(version: string): Finding {
  const about = 'Temporal server';
  if (isAtLeast(version, oldestServer)) return ok(about, `${version} answers`);
  return todo(about, version || 'does not say its version', `${oldestServer} or later is meant`);
}

const toApply = 'npm run temporal:apply';

/** The namespace is there and keeps closed cases as long as it should. */
export async function checkRetention(
  connection: Connection,
  settings: NamespaceSettings,
): Promise<Finding> {
  const about = 'retention';
  const { namespace, retentionDays } = settings;
  const { retention } = await compareNamespace(connection, settings);
  if (retention === null) return todo(about, `there is no namespace ${namespace}`, toApply);
  if (retention === retentionDays) return ok(about, `${retention} days in ${namespace}`);
  return todo(about, `${retention} days in ${namespace}; ${retentionDays} are meant`, toApply);
}

/** Every search attribute is there, with its type. */
export async function checkAttributes(
  connection: Connection,
  settings: NamespaceSettings,
): Promise<Finding> {
  const about = 'search attributes';
  const { retention, missing, wrong } = await compareNamespace(connection, settings);
  if (retention === null) return unknown(about, 'not looked for before there is the namespace');
  if (wrong.length > 0)
    return todo(
      about,
      `of another type: ${wrong.join(', ')}`,
      'use a namespace of its own (TEMPORAL_NAMESPACE)',
    );
  if (missing.length > 0) return todo(about, `missing: ${missing.join(', ')}`, toApply);
  return ok(about, `all ${(settings.searchAttributes ?? ourAttributes).length}`);
}
