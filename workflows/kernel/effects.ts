/** The world, called from a workflow: each effect on its service's own queue, under a key that the workflow built (D2). */
import {
  type ActivityInterfaceFor,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  BookkeepingActivities,
  DispatchActivities,
  NotificationActivities,
  PartsActivities,
  RecordsActivities,
} from '../../activities/index.ts';

/** What each service can do for a flow. */
export interface Effects {
  parts: PartsActivities;
  dispatch: DispatchActivities;
  notification: NotificationActivities;
  records: RecordsActivities;
}
export type Service = keyof Effects;

/** A partner may be down for days: calls go on with a capped interval, and the case shows what it waits for (N25). */
function callsTo<S extends Service>(service: S): ActivityInterfaceFor<Effects[S]> {
  return proxyActivities<Effects[S]>({
    taskQueue: `${workflowInfo().taskQueue}-${service}`,
    startToCloseTimeout: service === 'records' ? '5s' : '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
  });
}

type Call = {
  executeWithOptions(options: { summary: string }, args: unknown[]): Promise<unknown>;
};

/** Calls one effect; `summary` is what an auditor reads in the history. */
export function callEffect<S extends Service>(
  service: S,
  name: keyof Effects[S] & string,
  request: object,
  summary: string,
): Promise<unknown> {
  const calls = callsTo(service) as unknown as Record<typeof name, Call>;
  return calls[name].executeWithOptions({ summary }, [request]);
}

/** Our own database: a local activity first, which costs one event, then a patient normal one, so that a database that is
 *  down fills no history with heartbeats. `summary` labels it in the history. */
export async function keepBooks<Name extends keyof BookkeepingActivities>(
  name: Name,
  request: Parameters<BookkeepingActivities[Name]>[0],
  summary: string,
): Promise<Awaited<ReturnType<BookkeepingActivities[Name]>>> {
  const quick = proxyLocalActivities<BookkeepingActivities>({
    startToCloseTimeout: '2s',
    scheduleToCloseTimeout: '4s',
    retry: { maximumAttempts: 2, initialInterval: '200ms' },
  });
  const patient = proxyActivities<BookkeepingActivities>({
    startToCloseTimeout: '5s',
    retry: { initialInterval: '500ms', maximumInterval: '10s' },
  });
  const call = (calls: typeof quick | typeof patient) =>
    (calls as unknown as Record<Name, Call>)[name].executeWithOptions({ summary }, [request]);
  const answer = await call(quick).catch(() => call(patient));
  return answer as Awaited<ReturnType<BookkeepingActivities[Name]>>;
}
