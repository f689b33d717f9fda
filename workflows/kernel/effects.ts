/** The world, called from a workflow: each service on its own queue, our own books beside the workflow, under keys that the workflow built
 *  (D2). Only the row of the read model and the claim of a cycle are local activities: they alone may stand before their commitment. */
import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { DivertedActivities, ServiceCall } from '../../activities/diverted.ts';
import type { Bookkeeping, Effects } from '../../activities/index.ts';
import type { Actor, WaitingOn } from '../../domain/case.ts';
import { askWithin } from './ask.ts';
import { ErrandFailure, errand } from './errands.ts';
import { corrected, type Place, shown, step } from './journal.ts';
import { isoNow, type Run, report } from './run.ts';

export type Service = keyof Effects;
export type Partner = ServiceCall['service'];

type Effect<S extends Service, K extends keyof Effects[S]> = Effects[S][K] extends (
  request: infer R,
) => Promise<infer A>
  ? { request: R; answer: A }
  : never;
/** A flow gives the facts; the kernel adds the effect key and the case number. */
export type Asked<S extends Service, K extends keyof Effects[S]> = Omit<
  Effect<S, K>['request'],
  'effectKey' | 'caseNumber'
>;
export type Given<S extends Service, K extends keyof Effects[S]> = Effect<S, K>['answer'];

/** What a supervisor may decide, beside trying again, once an effect is refused for good. */
export interface Terms<Answer> {
  /** The answer that it follows from can be asked for anew. */
  correctable?: boolean;
  /** The flow can go on as if it had given this; `waives`: the blocker that it would have lifted. */
  without?: { give: Answer; waives?: string };
}

/** The one way in which a flow changes the world. */
export type Caller = <S extends Service, K extends keyof Effects[S] & string, Else = never>(
  service: S,
  effect: K,
  request: Asked<S, K>,
  summary: string,
  terms?: Terms<Given<S, K> | Else>,
) => Promise<Given<S, K> | Else>;

export const callerFor =
  (run: Run): Caller =>
  (service, effect, request, summary, terms = {}) =>
    step(run, `${service}.${effect}`, (place) =>
      untilTaken(run, { service, effect, request, summary, terms }, place),
    );

interface Call<T> {
  service: Service;
  effect: string;
  request: object;
  summary: string;
  terms: Terms<T>;
}

/** A refusal for good becomes a task of a supervisor: tried again under the same key, corrected, or gone on without. */
async function untilTaken<T>(run: Run, call: Call<T>, { entry, effectKey }: Place): Promise<T> {
  const { service, effect, summary, terms } = call;
  const name = `${service}.${effect}`;
  const { caseNumber } = run.identity;
  const request = entry.request ?? { ...call.request, effectKey, caseNumber };
  entry.request = request;
  const send = sending(run, { service, effect, request }, summary);
  const look = reads.find((one) => one === effect);
  const read = look ? () => callQuickly(look, request, summary) : null;
  const attempt = () =>
    errand(run, effectKey, send, { call: callShown(service, effect, request), read });
  for (;;) {
    if (!entry.refused) {
      try {
        const given = await shown(run, [name, service, entry.since], attempt);
        report(run, { kind: 'effectDone', subject: name, detail: { summary } });
        return given as T;
      } catch (error) {
        if (!(error instanceof ErrandFailure)) throw error;
        entry.refused = { failure: failureOf(error.cause), number: error.number };
        const detail = { failure: entry.refused.failure };
        report(run, { kind: 'effectRefused', subject: name, detail });
      }
    }
    const decided = await decide(run, name, entry.refused, terms);
    delete entry.refused;
    if (decided.decision === 'correctAnswer') {
      Object.assign(entry, { done: true, corrected: true });
      throw corrected();
    }
    if (decided.decision === 'goOnWithout' && terms.without)
      return goOnWithout(run, name, decided, terms.without);
  }
}

const decide = (
  run: Run,
  effect: string,
  { failure, number }: { failure: string; number: number },
  { correctable, without }: Terms<unknown>,
) =>
  askWithin(run, 'resolveFailure', number, {
    effect,
    failure,
    decisions: [
      'tryAgain',
      ...(correctable ? (['correctAnswer'] as const) : []),
      ...(without ? (['goOnWithout'] as const) : []),
    ],
  });

/** By name and with a reason: what the effect would have lifted is waived. */
function goOnWithout<T>(
  run: Run,
  effect: string,
  {
    answeredBy: actor,
    answeredAt: at,
    reason,
  }: { answeredBy: Actor; answeredAt: string; reason: string },
  { give, waives: id }: { give: T; waives?: string },
): T {
  report(run, { kind: 'effectWaived', actor, reason, subject: effect });
  if (id !== undefined) run.state.waivers.push({ id, reason, actor: actor.id, at });
  return give;
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

/** A partner may be down for days: calls go on with a capped interval, and the case shows what it waits for (N25). */
const partner = (service: Partner) =>
  proxyActivities({
    taskQueue: `${workflowInfo().taskQueue}-${service}`,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
  });

/** Our own books and our own door, beside the workflows: time enough for database and engine. */
const ours = () =>
  proxyActivities({
    startToCloseTimeout: '15s',
    retry: { initialInterval: '500ms', maximumInterval: '30s' },
  });

/** Calls what is our own; `summary` is what an auditor reads in the history. */
export const callOurs = (name: string, request: object, summary: string): Promise<unknown> =>
  call(ours(), name, request, summary);

/** How one effect is sent: to our own books, to the partner, or to the built-in service once a supervisor has diverted the case. */
export const sending =
  (run: Run, made: { service: Service; effect: string; request: object }, summary: string) =>
  (): Promise<unknown> => {
    const { service, effect, request } = made;
    if (!isPartner(service)) return callOurs(effect, request, summary);
    const asked: ServiceCall = { service, effect, request };
    if (run.state.diverted.includes(service)) return atBuiltIn(run, asked, summary);
    return call(partner(service), effect, request, summary).then((given) => {
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

const questions = ['rank', 'onCall', 'soldTo'];

/** What stands at a partner from now on: no question, no message, nothing that it could not do. */
function remember(run: Run, asked: ServiceCall, given: unknown): void {
  const { reserved, booked } = (given ?? {}) as { reserved?: boolean; booked?: boolean };
  if (asked.service === 'notification' || questions.includes(asked.effect)) return;
  if (reserved !== false && booked !== false) run.state.atPartner.push(asked);
}

/** A call to a partner, as it is shown while it lasts; null for our own books. */
export function callShown(service: Service, effect: string, request: object) {
  if (!isPartner(service)) return null;
  const shown: WaitingOn = { what: `${service}.${effect}`, who: service, since: isoNow() };
  const keys = questions.includes(effect) ? [] : keysOf(request);
  return { ...shown, service: { service, effect, request }, keys };
}

type Keyed = { effectKey?: string };

export function keysOf(request: object): string[] {
  const { effectKey, messages = [] }: Keyed & { messages?: Keyed[] } = request;
  return [effectKey, ...messages.map((one) => one.effectKey)].filter((key) => key !== undefined);
}

/** Effects that only look something up in our own books. */
const reads = ['priceParts', 'effectCheckOf'] as const;
type Read = (typeof reads)[number];

/** Our own books at once, as a local activity: of the row of the read model, the claim of a cycle, and pure reads only. Fails when the database doesn't
 *  answer in time. */
export const callQuickly = (
  name: keyof Bookkeeping | Read,
  request: object,
  summary: string,
): Promise<unknown> => call(quick(), name, request, summary);

const quick = () =>
  proxyLocalActivities({
    startToCloseTimeout: '2s',
    scheduleToCloseTimeout: '4s',
    retry: { maximumAttempts: 2, initialInterval: '200ms' },
  });

/** The type of what went wrong, from the closed list of failures; never its message. */
export function failureOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? (cause.type ?? 'unknown') : 'unknown';
}
