import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { z } from 'zod';
import type { Sql } from '../db/connect.ts';
import { type Classified, classify, type Seen } from './history.ts';

const { EventType } = proto.temporal.api.enums.v1;
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** Everything the engine keeps of one case, its loans among it. */
export interface CaseHistory {
  /** Workflow ids, the case's own first. */
  workflows: string[];
  events: Classified[];
  bytes: number;
}

/** Reads the histories of a case and its child workflows, runs that continued as new included. */
export async function readHistory(client: Client, caseNumber: string): Promise<CaseHistory> {
  const found: CaseHistory = { workflows: [], events: [], bytes: 0 };
  const open: { workflowId: string; runId?: string | undefined }[] = [
    { workflowId: caseNumber, runId: await firstRunOf(client, caseNumber) },
  ];
  for (let next = open.shift(); next; next = open.shift()) {
    const handle = client.workflow.getHandle(next.workflowId, next.runId);
    const events = (await handle.fetchHistory()).events ?? [];
    const { historySize } = await handle.describe();
    if (!found.workflows.includes(next.workflowId)) found.workflows.push(next.workflowId);
    found.events.push(...classify(events.map(seenOf)));
    found.bytes += historySize ?? 0;
    open.push(...events.flatMap((event) => followers(event, next.workflowId)));
  }
  return found;
}

async function firstRunOf(client: Client, workflowId: string): Promise<string | undefined> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.firstRunId ?? undefined;
}

function followers(event: HistoryEvent, workflowId: string) {
  const next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  if (next) return [{ workflowId, runId: next }];
  const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
  return child?.workflowId
    ? [{ workflowId: child.workflowId, runId: child.runId ?? undefined }]
    : [];
}

function seenOf(event: HistoryEvent): Seen {
  const scheduledBy =
    event.activityTaskStartedEventAttributes?.scheduledEventId ??
    event.activityTaskCompletedEventAttributes?.scheduledEventId ??
    event.activityTaskFailedEventAttributes?.scheduledEventId ??
    event.activityTaskTimedOutEventAttributes?.scheduledEventId;
  return {
    id: Number(event.eventId),
    type: (EventType[event.eventType ?? 0] ?? '').replace('EVENT_TYPE_', ''),
    about: aboutOf(event),
    ...(scheduledBy ? { scheduledBy: Number(scheduledBy) } : {}),
  };
}

const aboutOf = (event: HistoryEvent): string =>
  event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name ??
  event.activityTaskScheduledEventAttributes?.activityType?.name ??
  event.workflowExecutionSignaledEventAttributes?.signalName ??
  event.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName ??
  localActivityOf(event) ??
  '';

const markerShape = z.looseObject({ activity_type: z.string() });

/** The SDK keeps what it knows of a local activity in its marker. */
function localActivityOf({ markerRecordedEventAttributes: marker }: HistoryEvent) {
  const data = marker?.details?.data?.payloads?.[0]?.data;
  if (marker?.markerName !== 'core_local_activity' || !data) return undefined;
  return markerShape.parse(JSON.parse(Buffer.from(data).toString())).activity_type;
}

/** Distinct effect keys of a case and its loans that left something behind in the database: a question to a service (who could go?)
 *  does not, and the read model is no effect. */
export async function countEffects(sql: Sql, caseNumber: string): Promise<number> {
  const places = await sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and column_name in ('effect_key', 'booking_key', 'reservation_key')`;
  const kept = places.map(
    ({ table, column }) => sql<{ key: string }[]>`
      select distinct ${sql(column)} as key from ${sql(table)}
      where ${sql(column)} like ${`${caseNumber}/%`} and ${sql(column)} not like '%/progress/%'`,
  );
  return new Set((await Promise.all(kept)).flat().map(({ key }) => key)).size;
}
