/** Asks where workflows stand: their histories, or themselves. */
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { readRevision, reportAgain } from '../../workflows/wire.ts';
import type { WorkflowReader } from './reconcile.ts';

/** A reader over a Temporal server; each call has a deadline, `deadlineMs` or 5,000 ms. */
export function createWorkflowReader(client: Client, deadlineMs = 5_000): WorkflowReader {
  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + deadlineMs, call);
  return {
    recordedOf: (workflowId) => within(() => recordedOf(client, workflowId)),
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

/** Enough to hold the last row of a case that waits, with what was sent after it. */
const latest = 40;
type Event = proto.temporal.api.history.v1.IHistoryEvent;

/** Events are in the history once their task is: a row that was written in a lost task has left none. */
async function recordedOf(client: Client, workflowId: string) {
  const { namespace } = client.options;
  const events = await client.workflowService
    .getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId },
      maximumPageSize: latest,
    })
    .then(({ history }) => history?.events ?? [], noneIfUnknown);
  const [last] = events;
  if (!last || endings.has(last.eventType ?? 0)) return null;
  return events.map(revisionIn).find((revision) => revision !== undefined);
}

/** gRPC's NOT_FOUND. */
const notFound = 5;

function noneIfUnknown(error: unknown): Event[] {
  if (isGrpcServiceError(error) && error.code === notFound) return [];
  throw error;
}

const { EventType } = proto.temporal.api.enums.v1;
const endings = new Set<number>([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
]);

/** Of an event that says that a row was written, or is sure to be. */
function revisionIn(event: Event): number | undefined {
  const { markerRecordedEventAttributes: local, activityTaskScheduledEventAttributes: normal } =
    event;
  const { data, result } = local?.details ?? {};
  if (read<{ activity_type?: string }>(data)?.activity_type === name) return read<number>(result);
  if (normal?.activityType?.name === name)
    return read<{ revision: number }>(normal.input)?.revision;
  return undefined;
}
const name = 'recordProgress';

const read = <T>(payloads: proto.temporal.api.common.v1.IPayloads | null | undefined) => {
  const [first] = payloads?.payloads ?? [];
  return first ? defaultPayloadConverter.fromPayload<T>(first) : undefined;
};
