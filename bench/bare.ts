import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Stack, Undo } from './stack.ts';

const taskQueue = 'bare';

/** Starts a worker for the empty workflow beside the product's. */
export async function startBareWorker({ address, namespace }: Stack, undo: Undo): Promise<void> {
  const script = `${import.meta.dirname}/bare-worker.ts`;
  const child = fork(script, [address, namespace, taskQueue], { stdio: ['ignore', 2, 2, 'ipc'] });
  undo.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.disconnect();
    await once(child, 'exit');
  });
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (message !== 'ready') throw new Error(`the worker of the empty workflow ended: ${message}`);
}

/** Starts an empty workflow by the SDK alone; durable when it resolves. */
export async function startBare({ client }: Stack): Promise<string> {
  const workflowId = `bare-${randomUUID()}`;
  await client.workflow.start('emptyWorkflow', { workflowId, taskQueue, args: [] });
  return workflowId;
}
