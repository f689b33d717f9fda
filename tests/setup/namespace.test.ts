import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { applyNamespace, ourAttributes } from '../../setup/namespace.ts';

const { retentionDays } = loadConfig({}).engine;
const settings = () => ({ namespace: `test-${randomUUID()}`, retentionDays });
const keyword = (name: string) => ({ name, type: 'KEYWORD' as const });
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
    expect.arrayContaining(ourAttributes.map(({ name }) => name)),
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
    searchAttributes: [keyword('AfterloopFlow'), keyword('AfterloopStage')],
  });
  const other = {
    ...wanted,
    retentionDays: 30,
    searchAttributes: [{ name: 'AfterloopFlow', type: 'INT' as const }, keyword('AfterloopAsset')],
  };
  expect(await applyNamespace(connection, other)).toEqual({
    changed: ['retention 30 days', 'search attributes AfterloopAsset KEYWORD'],
    differs: ['search attribute AfterloopFlow is not INT'],
  });
});
