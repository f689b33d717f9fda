/** The engine behind the door: a Temporal server. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { CaseOpener, CaseStarter } from '../services/cases/index.ts';
import { type Accepted, type Refusal, refusals } from '../workflows/wire.ts';
import { createFewAtOnce } from './acts/few-at-once.ts';
import { type Act, type Engine, EngineUnavailable, Refused, WorkflowGone } from './engine.ts';
import { readPollers } from './pollers.ts';

export interface TemporalOptions {
  starter: CaseStarter & CaseOpener;
  namespace: string;
  taskQueues: { workflows: string; [activities: string]: string };
  /** Milliseconds an act may take, worker included; 10,000 when undefined. */
  deadlineMs?: number;
}

/** Every call has a deadline: without a worker an update would hang for ever. */
export function createTemporalEngine(client: Client, options: TemporalOptions): Engine {
  const fewAtOnce = createFewAtOnce(4);
  const within = <T>(ms: number, call: () => Promise<T>) =>
    client.withDeadline(Date.now() + ms, call).catch(fail);
  return {
    start: (opened) => options.starter.start(opened).catch(fail),
    open: (opened) => options.starter.open(opened).catch(fail),
    deliver: (act) =>
      fewAtOnce(act.workflowId, () =>
        within(options.deadlineMs ?? 10_000, () => deliver(client, act)),
      ),
    pollers: () => within(2_000, () => readPollers(client, options)),
  };
}

/** Repeats what the engine lost, under the same update id: it is applied once however often it is asked. */
async function deliver(client: Client, act: Act): Promise<Accepted> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await executeUpdate(client, act);
    } catch (error) {
      if (attempt === 10 || !wasPassedOver(error)) throw error;
      await delay(attempt * 20);
    }
  }
}

const executeUpdate = (client: Client, { workflowId, name, actId, envelope }: Act) =>
  client.workflow
    .getHandle(workflowId)
    .executeUpdate<Accepted, [unknown]>(name, { args: [envelope], updateId: actId });

/** A step of the worker was lost or left the update aside, as happens when much arrives at once: nothing was decided. */
function wasPassedOver(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  if (error instanceof WorkflowUpdateFailedError)
    return cause instanceof ApplicationFailure && cause.type === 'UnprocessedUpdate';
  return isGrpcServiceError(cause) && cause.code === failedPrecondition;
}
/** gRPC's FAILED_PRECONDITION: "due to unexpected workflow task failure". */
const failedPrecondition = 9;

function fail(error: unknown): never {
  if (error instanceof WorkflowNotFoundError) throw new WorkflowGone('no such running workflow');
  if (error instanceof WorkflowUpdateFailedError) throw refusalOf(error.cause);
  throw new EngineUnavailable('the engine did not answer', { cause: error });
}

function refusalOf(cause: unknown): Error {
  if (!(cause instanceof ApplicationFailure)) {
    return new EngineUnavailable('the act was not completed', { cause });
  }
  const refusal = refusals.find((name) => name === cause.type);
  if (refusal) return refused(refusal, cause);
  // the workflow ended between accepting and completing: the timeline tells whether it was taken
  if (cause.type === 'AcceptedUpdateCompletedWorkflow') return new WorkflowGone(cause.message);
  return new EngineUnavailable('the act failed', { cause });
}

function refused(refusal: Refusal, cause: ApplicationFailure): Refused {
  const [detail] = cause.details ?? [];
  const known = typeof detail === 'object' && detail !== null ? detail : {};
  return new Refused(refusal, cause.message, known as Record<string, unknown>);
}
