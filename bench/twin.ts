import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import { waitUntil } from '../setup/processes.ts';
import type { Stack, Undo } from './stack.ts';
import type { TwinAnswer } from './twin-workflow.ts';
import type { Answered } from './walk.ts';

const taskQueue = 'twin';

/** The product's flow on the bare SDK, on the same engine and the same database. Called by the SDK's client from here: it has no API. */
export interface Twin {
  pid: number;
  /** Starts a case; durable when it resolves. */
  start(): Promise<string>;
  /** Starts a case; its first question stands open when it resolves. */
  open(): Promise<string>;
  /** Gives a case the answers that the product's was given, and waits for its end. */
  walk(answers: readonly Answered[]): Promise<string>;
  end(ids: string[]): Promise<void>;
}

/** Starts the twin's worker beside the product's. */
export async function startTwin(stack: Stack, opening: object, undo: Undo): Promise<Twin> {
  await stack.sql`create schema bench`;
  await stack.sql`create table bench.documents (key text primary key, body jsonb not null)`;
  const pid = await startWorker(stack, undo);
  const { workflow } = stack.client;
  const options = () => ({ workflowId: `twin-${randomUUID()}`, taskQueue, args: [opening] });
  const open = async () => {
    const startWorkflowOperation = new WithStartWorkflowOperation('twinRepair', {
      ...options(),
      workflowIdConflictPolicy: 'FAIL',
    });
    await workflow.executeUpdateWithStart('opened', { startWorkflowOperation });
    return (await startWorkflowOperation.workflowHandle()).workflowId;
  };
  return {
    pid,
    open,
    start: async () => (await workflow.start('twinRepair', options())).workflowId,
    async walk(answers) {
      const id = await open();
      for (const one of answers) await answer(stack, id, one);
      await workflow.getHandle(id).result();
      return id;
    },
    async end(ids) {
      await Promise.all(ids.map((id) => workflow.getHandle(id).terminate()));
    },
  };
}

async function startWorker({ environment }: Stack, undo: Undo): Promise<number> {
  const child = fork(`${import.meta.dirname}/twin-worker.ts`, [taskQueue], {
    stdio: ['ignore', 2, 2, 'ipc'],
    env: environment,
  });
  undo.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.disconnect();
    await once(child, 'exit');
  });
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (message !== 'ready' || !child.pid) throw new Error(`the twin's worker ended: ${message}`);
  return child.pid;
}

const taskId = /^(?:(?<child>[a-z]+\d+)-)?(?<name>\w+)-\d+$/;

/** A child exists a moment after the answer that lends. */
async function answer({ client }: Stack, id: string, { task, role, body }: Answered) {
  const { child, name = '' } = taskId.exec(task)?.groups ?? {};
  const handle = client.workflow.getHandle(child ? `${id}/${child}` : id);
  const args: [TwinAnswer] = [{ by: role, answer: body }];
  const isTaken = () =>
    handle.executeUpdate(name, { args }).then(
      () => true,
      (error) => {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      },
    );
  if (!(await waitUntil(isTaken, 60_000, 10))) throw new Error(`${id} takes no ${name}`);
}
