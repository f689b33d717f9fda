/** The world, called from a workflow: each partner on its own queue, our own books beside the workflow, under keys that the workflow built (D2). */
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { DivertedActivities } from '../../activities/diverted.ts';
import type { Bookkeeping, Effects } from '../../activities/index.ts';

export type { Effects } from '../../activities/index.ts';
export type Service = keyof Effects;
/** Services that are never a partner's. */
export type OwnService = Exclude<Service, 'parts' | 'dispatch' | 'notification'>;
type Books = Bookkeeping & Effects['records'] & Effects['billing'] & Effects['defects'];

/** True for what stands in our own books: documents, money, defects. */
export const isBooks = (service: Service): service is 'records' | 'billing' | 'defects' =>
  service === 'records' || service === 'billing' || service === 'defects';

type Calls = Record<
  string,
  { executeWithOptions(options: { summary: string }, args: unknown[]): Promise<unknown> }
>;

const call = async (calls: unknown, name: string, request: object, summary: string) =>
  (calls as Calls)[name]?.executeWithOptions({ summary }, [request]);

/** Calls what is our own; `summary` is what an auditor reads in the history. */
export function callOwn<S extends OwnService>(
  service: S,
  name: keyof Effects[S] & string,
  request: object,
  summary: string,
): Promise<unknown> {
  if (isBooks(service)) return keepBooks(name as keyof Books, request as never, summary);
  return call(door(), name, request, summary);
}

/** Calls a service on its queue: the engine's own promise, with nothing around it. */
export function callPartner(
  service: Service,
  name: string,
  request: object,
  summary: string,
): Promise<unknown> {
  const calls: Calls = partner(service);
  const effect = calls[name];
  if (!effect) throw ApplicationFailure.nonRetryable(`no effect ${service}.${name}`);
  return effect.executeWithOptions({ summary }, [request]);
}

/** The same call made at the built-in service, beside the workflows: the partner's own queue may be full of calls that wait. */
export const callBuiltIn = (
  request: Parameters<DivertedActivities['callBuiltIn']>[0],
  summary: string,
): Promise<unknown> => call(door(), 'callBuiltIn', request, summary);

/** A partner may be down for days: calls go on with a capped interval, and the case shows what it waits for (N25). */
const partner = (service: Service) =>
  proxyActivities({
    taskQueue: `${workflowInfo().taskQueue}-${service}`,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
  });

/** Opening a case asks database and engine: beside the workflows, with time enough for both. */
const door = () =>
  proxyActivities({
    startToCloseTimeout: '15s',
    retry: { initialInterval: '500ms', maximumInterval: '30s' },
  });

/** Our own database: a local activity first, which costs one event, then a patient normal one, so that a database that is
 *  down fills no history with heartbeats. `summary` labels it in the history. */
export async function keepBooks<Name extends keyof Books>(
  name: Name,
  request: Parameters<Books[Name]>[0],
  summary: string,
): Promise<Awaited<ReturnType<Books[Name]>>> {
  const answer = await call(quick(), name, request, summary).catch((error) => {
    if (isCancellation(error) || isRefusal(error)) throw error;
    return call(patient(), name, request, summary);
  });
  return answer as Awaited<ReturnType<Books[Name]>>;
}

const quick = () =>
  proxyLocalActivities({
    startToCloseTimeout: '2s',
    scheduleToCloseTimeout: '4s',
    retry: { maximumAttempts: 2, initialInterval: '200ms' },
  });

const patient = () =>
  proxyActivities({
    startToCloseTimeout: '5s',
    retry: { initialInterval: '500ms', maximumInterval: '10s' },
  });

/** True for a refusal for good: another attempt would end the same. */
const isRefusal = (error: unknown) =>
  error instanceof ActivityFailure &&
  error.cause instanceof ApplicationFailure &&
  error.cause.nonRetryable === true;
