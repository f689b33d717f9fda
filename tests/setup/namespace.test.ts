import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { applyNamespace } from '../../setup/namespace.ts';

const { retentionDays, searchAttributes } = loadConfig({}).engine;
const settings = () => ({ namespace: `test-${randomUUID()}`, retentionDays, searchAttributes });
let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

test('a namespace that is not there is made with retention and attributes, listed when it returns', async () => {
  const wanted = settings();
  const { changed, differs } = await applyNamespace(connection, wanted);
  expect(differs).toEqual([]);
  expect(changed).toHaveLength(2);
  const { namespace } = wanted;
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(retentionDays * 86_400);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes)).toEqual(
    expect.arrayContaining(Object.keys(searchAttributes)),
  );
});

test('applying twice changes nothing', async () => {
  const wanted = settings();
  await applyNamespace(connection, wanted);
  expect(await applyNamespace(connection, wanted)).toEqual({ changed: [], differs: [] });
});

test('another retention and a further attribute are changed; another type of an attribute is told', async () => {
  const wanted = settings();
  await applyNamespace(connection, {
    ...wanted,
    searchAttributes: { AfterloopFlow: 'Keyword', AfterloopStage: 'Keyword' },
  });
  const other = {
    ...wanted,
    retentionDays: 30,
    searchAttributes: { AfterloopFlow: 'Int', AfterloopAsset: 'Keyword' },
  } as const;
  expect(await applyNamespace(connection, other)).toEqual({
    changed: ['retention 30 days', 'search attributes AfterloopAsset Keyword'],
    differs: ['search attribute AfterloopFlow is not Int'],
  });
});
