/** Asks running workflows where they stand. */
import type { Client } from '@temporalio/client';
import { readRevision, reportAgain } from '../../workflows/wire.ts';
import type { WorkflowReader } from './reconcile.ts';

/** A reader over a Temporal server; each call has a deadline, `deadlineMs` or 5,000 ms. */
export function createWorkflowReader(client: Client, deadlineMs = 5_000): WorkflowReader {
  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + deadlineMs, call);
  return {
    revisionOf: (workflowId) =>
      within(async () => {
        const handle = client.workflow.getHandle(workflowId);
        const { status } = await handle.describe();
        return status.name === 'RUNNING' ? handle.query(readRevision) : null;
      }),
    reportAgain: (workflowId, above) =>
      within(() =>
        client.workflow.getHandle(workflowId).signal(reportAgain, {
          actor: { id: 'system:reconciler', role: 'system' },
          occurredAt: new Date().toISOString(),
          actId: `reconcile/${workflowId}/${above}`,
          answer: { above },
        }),
      ),
  };
}
