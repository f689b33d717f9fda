import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import temporalProto from '@temporalio/proto';
import { searchAttributes as ours } from '../workflows/wire.ts';
import { SetupError, waitUntil } from './processes.ts';

const { IndexedValueType } = temporalProto.temporal.api.enums.v1;
const indexedTypes: Record<SearchAttributeType, number> = {
  TEXT: IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  DOUBLE: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
  BOOL: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
};
const notFound = 5;

/** Something that the list of workflows can be filtered by. */
export interface Attribute {
  name: string;
  type: SearchAttributeType;
}

/** What the workflows set (`workflows/wire.ts`). */
export const ourAttributes: readonly Attribute[] = Object.values(ours);

/** What a namespace should look like. */
export interface NamespaceSettings {
  namespace: string;
  retentionDays: number;
  /** What the workflows set when undefined. */
  searchAttributes?: readonly Attribute[];
}

/** What was changed, and what differs and can't be changed from here (Temporal Cloud keeps these in its own settings). */
export interface Applied {
  changed: string[];
  differs: string[];
}

/** Makes a namespace look as it should: registers it, sets retention, adds search attributes, and waits until the server lists them,
 *  since a case started before would be refused. Fails `SetupError` when they never appear. */
export async function applyNamespace(
  connection: Connection,
  settings: NamespaceSettings,
): Promise<Applied> {
  const applied: Applied = { changed: [], differs: [] };
  await applyRetention(connection, settings, applied);
  await applySearchAttributes(connection, settings, applied);
  return applied;
}

const isWrong = ({ name, type }: Attribute, listed: Record<string, number>): boolean =>
  name in listed && listed[name] !== indexedTypes[type];

/** How a namespace differs, nothing changed: its retention in days (null: no such namespace), and attributes by name. */
export async function compareNamespace(
  connection: Connection,
  { namespace, searchAttributes: wanted = ourAttributes }: NamespaceSettings,
): Promise<{ retention: number | null; missing: string[]; wrong: string[] }> {
  const retention = await currentRetentionDays(connection, namespace);
  const named = (rows: readonly Attribute[]) => rows.map(({ name }) => name);
  if (retention === null) return { retention, missing: named(wanted), wrong: [] };
  const listed = await listAttributes(connection, namespace);
  return {
    retention,
    missing: named(wanted.filter(({ name }) => !(name in listed))),
    wrong: named(wanted.filter((one) => isWrong(one, listed))),
  };
}

async function applyRetention(
  connection: Connection,
  settings: NamespaceSettings,
  applied: Applied,
) {
  const { namespace, retentionDays } = settings;
  const retention = msToTs(retentionDays * 86_400_000);
  const current = await currentRetentionDays(connection, namespace);
  if (current === retentionDays) return;
  const service = connection.workflowService;
  const change =
    current === null
      ? service.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention })
      : service.updateNamespace({
          namespace,
          config: { workflowExecutionRetentionTtl: retention },
        });
  const what = current === null ? `namespace ${namespace}` : `retention ${retentionDays} days`;
  await attempt(change, what, applied);
}

async function currentRetentionDays(
  connection: Connection,
  namespace: string,
): Promise<number | null> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
  } catch (error) {
    if (codeOf(error) === notFound) return null;
    throw error;
  }
}

async function applySearchAttributes(
  connection: Connection,
  { namespace, searchAttributes: wanted = ourAttributes }: NamespaceSettings,
  applied: Applied,
) {
  const listed = await listAttributes(connection, namespace);
  const missing = wanted.filter(({ name }) => !(name in listed));
  const wrong = wanted.filter((one) => isWrong(one, listed));
  applied.differs.push(...wrong.map(({ name, type }) => `search attribute ${name} is not ${type}`));
  if (missing.length === 0) return;
  const types = Object.fromEntries(missing.map(({ name, type }) => [name, indexedTypes[type]]));
  const change = connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: types,
  });
  const what = `search attributes ${missing.map(({ name, type }) => `${name} ${type}`).join(', ')}`;
  if (await attempt(change, what, applied))
    await untilListed(connection, namespace, Object.keys(types));
}

async function untilListed(
  connection: Connection,
  namespace: string,
  names: string[],
): Promise<void> {
  const listed = await waitUntil(async () => {
    const known = await listAttributes(connection, namespace);
    return names.every((name) => name in known);
  }, 30_000);
  if (!listed)
    throw new SetupError(`Namespace ${namespace} doesn't list ${names.join(', ')} after 30 s.`);
}

/** A namespace that was registered a moment ago may not be known to every part of the server yet. */
async function listAttributes(
  connection: Connection,
  namespace: string,
): Promise<Record<string, number>> {
  let found: Record<string, number> = {};
  const known = await waitUntil(async () => {
    try {
      found = (await connection.operatorService.listSearchAttributes({ namespace }))
        .customAttributes;
      return true;
    } catch (error) {
      if (codeOf(error) === notFound) return false;
      throw error;
    }
  }, 30_000);
  if (!known) throw new SetupError(`Namespace ${namespace} is not known to the server after 30 s.`);
  return found;
}

async function attempt(change: Promise<unknown>, what: string, applied: Applied): Promise<boolean> {
  try {
    await change;
    applied.changed.push(what);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    applied.differs.push(`${what}: ${reason}`);
    return false;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
