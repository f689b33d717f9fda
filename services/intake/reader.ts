/** Asks running workflows where they stand. */
import type { Client } from '@temporalio/client';
import type { WorkflowReader } from './reconcile.ts';

/** A reader over a Temporal server; each call has a deadline, `deadlineMs` or 5,000 ms. */
export function createWorkflowReader(client: Client, deadlineMs = 5_000): WorkflowReader {
  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + deadlineMs, call);
  return {
    revisionOf: (workflowId) =>
      within(async () => {
        const handle = client.workflow.getHandle(workflowId);
        const { status, raw } = await handle.describe();
        if (status.name !== 'RUNNING') return null;
        // answered along with a workflow task, a query cuts that one short: a step of our own books that has just ended is then in the
        // history before the workflow learns of it, and the history need not replay
        return raw.pendingWorkflowTask ? undefined : handle.query<number>('readRevision');
      }),
    tellAgain: (workflowId, above) =>
      within(() =>
        client.workflow.getHandle(workflowId).signal('tellAgain', {
          actor: { id: 'system:reconciler', role: 'system' },
          occurredAt: new Date().toISOString(),
          actId: `reconcile/${workflowId}/${above}`,
          answer: { above },
        }),
      ),
  };
}
