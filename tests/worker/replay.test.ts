import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { echo } from '../support/worker/echo.ts';

// With another protobufjs than 8 hoisted to the top, both fail with "type must be a Type".
test('a history goes through JSON and replays', async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger, shutdownSignals: [] });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '../support/worker/echo.ts'),
    logger,
  });
  const history = await historyOfOneRun(workflowBundle);
  const json = historyToJSON(history);
  await Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(json)));
  expect(json).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED');
});

async function historyOfOneRun(workflowBundle: { code: string }) {
  const address = inject('temporalAddress');
  const taskQueue = randomUUID();
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({ connection, taskQueue, workflowBundle });
  const client = new Client({ connection: await Connection.connect({ address }) });
  const handle = await worker.runUntil(async () => {
    const started = await client.workflow.start(echo, {
      taskQueue,
      workflowId: taskQueue,
      args: ['word'],
    });
    await started.result();
    return started;
  });
  const history = await handle.fetchHistory();
  await client.connection.close();
  await connection.close();
  return history;
}
