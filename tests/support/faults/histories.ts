import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Sql } from '../../../db/connect.ts';

/** All runs of one start of a workflow, first to last. */
export interface Chain {
  workflowId: string;
  runs: { workflowId: string; history: History }[];
  completed: boolean;
  running: boolean;
  /** The attribute's name of the last event. */
  last: string;
  /** False when it ended at once, since another chain holds its cycle. */
  claimed: boolean;
  /** Updates that were accepted and not refused afterwards, in order. */
  acts: { id: string; name: string }[];
}

type Event = NonNullable<History['events']>[number];

/** Reads every history of the run: of each case's workflow, and of each loan's. */
export async function readChains(client: Client, sql: Sql): Promise<Chain[]> {
  const rows = await sql<{ id: string }[]>`
    select case_number as id from cases where started_at is not null
    union select workflow_id from case_workflows order by 1`;
  const ids = new Set(rows.map(({ id }) => id));
  for await (const { workflowId } of client.workflow.list()) ids.add(workflowId);
  const chains: Chain[] = [];
  for (const id of ids) chains.push(...(await chainsOf(client, id)));
  return chains;
}

/** Backwards from the newest run: each names the one that it continued. */
async function chainsOf(client: Client, workflowId: string): Promise<Chain[]> {
  const runIds = new Set<string>();
  const query = `WorkflowId = "${workflowId}"`;
  for await (const { runId } of client.workflow.list({ query })) runIds.add(runId);
  const newest = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => null);
  if (newest) runIds.add(newest.runId);
  const histories = new Map<string, History>();
  for (const runId of runIds)
    histories.set(runId, await client.workflow.getHandle(workflowId, runId).fetchHistory());
  const byFirst = Map.groupBy(histories.values(), firstRunOf);
  return [...byFirst.values()].map((runs) => chainOf(workflowId, runs.sort(byStart)));
}

const started = (history: History) => history.events?.[0]?.workflowExecutionStartedEventAttributes;
const firstRunOf = (history: History) => started(history)?.firstExecutionRunId ?? '';
const byStart = (a: History, b: History) =>
  Number(a.events?.[0]?.eventTime?.seconds ?? 0) - Number(b.events?.[0]?.eventTime?.seconds ?? 0);

function chainOf(workflowId: string, histories: History[]): Chain {
  const events = histories.flatMap((history) => history.events ?? []);
  const last = Object.keys(events.at(-1) ?? {}).find((name) => name.endsWith('Attributes')) ?? '';
  const completed = last === 'workflowExecutionCompletedEventAttributes';
  const endings =
    /^workflowExecution(Completed|Failed|TimedOut|Terminated|Canceled)EventAttributes$/;
  return {
    workflowId,
    runs: histories.map((history) => ({ workflowId, history })),
    completed,
    running: !endings.test(last),
    last,
    claimed: !resultOf(events).includes('"notClaimed"'),
    acts: actsOf(events),
  };
}

const resultOf = (events: Event[]): string =>
  (events.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [])
    .map(({ data }) => Buffer.from(data ?? []).toString())
    .join();

function actsOf(events: Event[]): Chain['acts'] {
  const refused = new Set(
    events
      .map((event) => event.workflowExecutionUpdateCompletedEventAttributes)
      .filter((done) => done?.outcome?.failure)
      .map((done) => done?.meta?.updateId),
  );
  return events.flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
    const id = accepted?.acceptedRequest?.meta?.updateId;
    const name = accepted?.acceptedRequest?.input?.name;
    // a case's opening waits for its first row; it is no act
    return id && name && name !== 'opened' && !refused.has(id) ? [{ id, name }] : [];
  });
}
