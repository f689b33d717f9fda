import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import type { Replayed } from './replayed.ts';
import type { OpenRun } from './runs.ts';

/** How the replay of one run ended. */
export type Verdict =
  | { kind: 'replayed' }
  /** It replayed earlier, and nothing has happened since. */
  | { kind: 'unchanged' }
  /** It closed meanwhile: nothing of it will run on this build. */
  | { kind: 'closed' }
  | { kind: 'broken'; reason: string };

/** What a replay needs. */
export interface ReplayDeps {
  client: Client;
  /** The flows of the build that is to take over. */
  workflowBundle: NonNullable<ReplayWorkerOptions['workflowBundle']>;
  replayed: Replayed;
  /** Histories in memory, and replayed, at once. */
  concurrency: number;
  /** Hears of each run as soon as its verdict is known. */
  tell(run: OpenRun, verdict: Verdict): void;
}

/** Replays each run on the build. Fails when the engine can't be asked; a run that doesn't replay is told and no failure. */
export async function replayRuns(runs: AsyncGenerator<OpenRun>, deps: ReplayDeps): Promise<void> {
  const lanes = Array.from({ length: deps.concurrency }, (_, lane) => replayLane(runs, deps, lane));
  await Promise.all(lanes);
}

/** The SDK replays one history after another: what it answers is about the one fetched last. */
async function replayLane(
  runs: AsyncGenerator<OpenRun>,
  deps: ReplayDeps,
  lane: number,
): Promise<void> {
  const { workflowBundle } = deps;
  let latest: Fetched | undefined;
  async function* histories() {
    for await (const run of runs) {
      latest = await fetchRun(run, deps);
      if (latest) yield { workflowId: run.workflowId, history: latest.history };
    }
  }
  const results = Worker.runReplayHistories(
    { workflowBundle, replayName: `upgrade-check-${lane}` },
    histories(),
  );
  for await (const { error } of results) if (latest) await judge(latest, error, deps);
}

interface Fetched {
  run: OpenRun;
  history: History;
}

/** `undefined` when there is nothing to replay. */
async function fetchRun(run: OpenRun, deps: ReplayDeps): Promise<Fetched | undefined> {
  const handle = deps.client.workflow.getHandle(run.workflowId, run.runId);
  try {
    const events = deps.replayed.eventsOf(run.runId);
    if (events === undefined || events !== (await handle.describe()).historyLength)
      return { run, history: await handle.fetchHistory() };
    deps.tell(run, { kind: 'unchanged' });
  } catch (error) {
    if (!isGone(error)) throw error;
    deps.tell(run, { kind: 'closed' });
  }
  return undefined;
}

async function judge(
  { run, history }: Fetched,
  error: Error | undefined,
  deps: ReplayDeps,
): Promise<void> {
  if (!error) {
    deps.replayed.add(run.runId, history.events?.length ?? 0);
    return deps.tell(run, { kind: 'replayed' });
  }
  const open = await isOpen(run, deps.client);
  deps.tell(run, open ? { kind: 'broken', reason: reasonOf(error) } : { kind: 'closed' });
}

async function isOpen({ workflowId, runId }: OpenRun, client: Client): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

const notFound = 5;

/** The engine has removed it; the SDK says so in one way or the other. */
const isGone = (error: unknown) =>
  error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === notFound);

/** The SDK puts a general explanation first. */
const reasonOf = ({ message }: Error) => message.replace(/^.*?Details: /s, '');
