/** The world, called from a workflow: each service on its own queue, our own books beside the workflow. Only the row of the read model,
 *  the claim of a cycle and pure reads are local activities: they alone may stand before their commitment. */
import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { DivertedActivities, ServiceCall } from '../../activities/diverted.ts';
import type { Bookkeeping, Effects } from '../../activities/index.ts';
import { errand } from './errands.ts';
import { type Errand, isoNow, type Run } from './run.ts';

export type Service = keyof Effects;
export type Partner = ServiceCall['service'];

/** A call as a flow makes it: which effect, what it is asked under its key, and what an auditor reads of it. */
export interface Made {
  service: Service;
  effect: string;
  request: object;
  summary: string;
}

export const isPartner = (service: string): service is Partner =>
  ['parts', 'dispatch', 'notification'].includes(service);

type Calls = Record<
  string,
  | { executeWithOptions(options: { summary: string }, args: unknown[]): Promise<unknown> }
  | undefined
>;

function call(calls: Calls, name: string, request: object, summary: string): Promise<unknown> {
  const effect = calls[name];
  if (!effect) throw ApplicationFailure.nonRetryable(`no effect ${name}`, 'invalidInput');
  return effect.executeWithOptions({ summary }, [request]);
}

/** Briefly at first, so that readers soon hear that nobody answers; then for as long as it takes: a partner may be down for days (N25). */
const retries = {
  brief: { maximumAttempts: 2, initialInterval: '500ms' },
  patient: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
} as const;
const retry = (isPatient: boolean) => (isPatient ? retries.patient : retries.brief);

const partner = (service: Partner, isPatient: boolean) =>
  proxyActivities({
    taskQueue: `${workflowInfo().taskQueue}-${service}`,
    startToCloseTimeout: '10s',
    retry: retry(isPatient),
  });

/** Our own books and our own door, beside the workflows: time enough for database and engine. */
const ours = (isPatient: boolean) =>
  proxyActivities({ startToCloseTimeout: '15s', retry: retry(isPatient) });

/** Our own books at once. Fails when the database doesn't answer in time. */
const quick = proxyLocalActivities({
  startToCloseTimeout: '2s',
  scheduleToCloseTimeout: '4s',
  retry: { maximumAttempts: 2, initialInterval: '200ms' },
});

/** Calls what is our own; `summary` is what an auditor reads in the history. */
export const callOurs = (
  name: string,
  request: object,
  summary: string,
  isPatient = true,
): Promise<unknown> => call(ours(isPatient), name, request, summary);

/** Effects that only look something up in our own books. */
const reads = ['priceParts', 'effectCheckOf'] as const;
type Read = (typeof reads)[number];

/** As a local activity: of the row of the read model, the claim of a cycle, and pure reads only. Fails when the database doesn't answer in
 *  time. */
export const callQuickly = (
  name: keyof Bookkeeping | Read,
  request: object,
  summary: string,
): Promise<unknown> => call(quick, name, request, summary);

/** Makes a call under its key, and waits for what comes of it. Fails as an errand does. */
export function make(run: Run, key: string, made: Made): Promise<unknown> {
  const { effect, request, summary } = made;
  const look = reads.find((one) => one === effect);
  const read = look ? () => callQuickly(look, request, summary) : null;
  return errand(run, key, sending(run, made), { call: callShown(made), read });
}

/** How a call is sent: to our own books, to the partner, or to the built-in service once a supervisor has diverted the case. */
export const sending =
  (run: Run, { service, effect, request, summary }: Made) =>
  (isPatient: boolean): Promise<unknown> => {
    if (!isPartner(service)) return callOurs(effect, request, summary, isPatient);
    const asked: ServiceCall = { service, effect, request };
    if (run.state.diverted.includes(service)) return atBuiltIn(run, asked, summary);
    return call(partner(service, isPatient), effect, request, summary).then((given) => {
      remember(run, asked, given);
      return given;
    });
  };

/** The same call under the same key; what the case has done at the partner is told first, so that the built-in service can go on from it. */
function atBuiltIn(run: Run, asked: ServiceCall, summary: string): Promise<unknown> {
  const earlier = run.state.atPartner.filter(({ service }) => service === asked.service);
  const request: Parameters<DivertedActivities['callBuiltIn']>[0] = { ...asked, earlier };
  return callOurs('callBuiltIn', request, `${summary} (built in)`).then((given) => {
    run.state.atPartner = run.state.atPartner.filter((one) => !earlier.includes(one));
    return given;
  });
}

/** Calls that leave nothing at a partner. */
const questions = ['rank', 'onCall', 'soldTo'];

/** What stands at a partner from now on: no question, no message, nothing that it could not do. */
function remember(run: Run, asked: ServiceCall, given: unknown): void {
  const { reserved, booked } = (given ?? {}) as { reserved?: boolean; booked?: boolean };
  if (asked.service === 'notification' || questions.includes(asked.effect)) return;
  if (reserved !== false && booked !== false) run.state.atPartner.push(asked);
}

/** A call to a partner, as it is shown while it is waited for patiently; null for our own books. */
export function callShown({ service, effect, request }: Omit<Made, 'summary'>): Errand['call'] {
  if (!isPartner(service)) return null;
  const keys = questions.includes(effect) ? [] : keysOf(request);
  return { what: `${service}.${effect}`, who: service, since: isoNow(), keys };
}

type Keyed = { effectKey?: string };

/** The effect keys of a request: a batch of messages has one each. */
export function keysOf(request: object): string[] {
  const { effectKey, messages = [] }: Keyed & { messages?: Keyed[] } = request;
  return [effectKey, ...messages.map((one) => one.effectKey)].filter((key) => key !== undefined);
}

/** The type of what went wrong, from the closed list of failures; never its message. */
export function failureOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? (cause.type ?? 'unknown') : 'unknown';
}
