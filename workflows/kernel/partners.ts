/** Calls to services that may be a partner's: seen while they last, and diverted to the built-in service when a supervisor says so (N25). */
import { CancellationScope, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { ServiceCall } from '../../activities/diverted.ts';
import type { ActionBody } from '../../domain/action-contracts.ts';
import type { Envelope, WaitingOn } from '../../domain/case.ts';
import * as messages from '../messages.ts';
import {
  callBuiltIn,
  callOwn,
  callPartner,
  type Effects,
  type OwnService,
  type Service,
} from './effects.ts';
import { isEnvelope, refuse } from './guard.ts';
import { ignoreSignal } from './read-model.ts';
import { onWord } from './words.ts';
import { isoNow, publish, theFlow, type WorkFile } from './work-file.ts';

export type Partner = ServiceCall['service'];
type Diversion = Envelope<ActionBody<'divert'>>;

/** A call that is under way. */
export interface PartnerCall extends WaitingOn {
  who: Partner;
  /** Its effect keys, none of a question: the messages of a batch have one each. */
  keys: string[];
  scope: CancellationScope;
  /** Called off, to be made again at the built-in service. */
  diverted: boolean;
}

/** Calls one effect: our own, a partner's, or the built-in service's once a supervisor has diverted the case. `summary` is what an auditor
 *  reads in the history. */
export function callEffect<S extends Service>(
  file: WorkFile,
  service: S,
  effect: keyof Effects[S] & string,
  request: object,
  summary: string,
): Promise<unknown> {
  if (isPartner(service)) return callService(file, { service, effect, request }, summary);
  return callOwn(service as OwnService, effect as never, request, summary);
}

// The promise is as long on its way as one that an async function hands on: recorded histories depend on it.
function callService(file: WorkFile, made: ServiceCall, summary: string): Promise<unknown> {
  const { service, effect, request } = made;
  if (file.state.diverted?.includes(service)) return atBuiltIn(file, made, summary);
  const call = newCall(made);
  const answer = inScope(call.scope, () => callPartner(service, effect, request, summary));
  file.partnerCalls.add(call);
  const over = () => file.partnerCalls.delete(call);
  answer.then((given) => {
    over();
    remember(file, made, given);
  }, over);
  return answer.catch((error) => {
    if (call.diverted) return atBuiltIn(file, made, summary);
    throw error;
  });
}

function newCall({ service, effect, request }: ServiceCall): PartnerCall {
  return {
    what: `${service}.${effect}`,
    who: service,
    since: isoNow(),
    keys: questions.includes(effect) ? [] : keysOf(request),
    scope: new CancellationScope(),
    diverted: false,
  };
}
type Keyed = { effectKey?: string };

function keysOf(request: object): string[] {
  const { effectKey, messages: batch = [] } = request as Keyed & { messages?: Keyed[] };
  return [effectKey, ...batch.map((one) => one.effectKey)].filter((key) => key !== undefined);
}

const questions = ['rank', 'onCall', 'soldTo'];

/** The call's own promise, with nothing around it. */
function inScope<T>(scope: CancellationScope, work: () => Promise<T>): Promise<T> {
  let answer: Promise<T> | undefined;
  void scope.run(async () => {
    answer = work();
  });
  return answer ?? work();
}

/** The same call under the same key; what the case has done at the partner is told first, so that the built-in service can go on from it. */
async function atBuiltIn(file: WorkFile, call: ServiceCall, summary: string): Promise<unknown> {
  const { atPartner = [] } = file.state;
  const earlier = atPartner.filter(({ service }) => service === call.service);
  const answer = await callBuiltIn({ ...call, earlier }, `${summary} (built in)`);
  file.state.atPartner = (file.state.atPartner ?? []).filter((one) => !earlier.includes(one));
  return answer;
}

/** What stands at a partner from now on: no question, no message, nothing that it could not do. */
function remember(file: WorkFile, call: ServiceCall, given: unknown): void {
  const { reserved, booked } = (given ?? {}) as { reserved?: boolean; booked?: boolean };
  if (call.service === 'notification' || questions.includes(call.effect)) return;
  if (reserved === false || booked === false) return;
  file.state.atPartner = [...(file.state.atPartner ?? []), call];
}

/** Who the workflow waits for: calls under way, and those refused for good, which a supervisor has yet to decide on. */
export function partnerWaits(file: WorkFile): WaitingOn[] {
  const { openTasks, diverted = [] } = file.state;
  const refused = openTasks.flatMap(({ name, context, openedAt }) => {
    const [who = ''] = name === 'resolveFailure' ? String(context.effect).split('.') : [];
    return isPartner(who) && !diverted.includes(who)
      ? [{ what: String(context.effect), who, since: openedAt }]
      : [];
  });
  const waiting = [...file.partnerCalls].map(({ what, who, since }) => ({ what, who, since }));
  return [...waiting, ...refused];
}

export const isPartner = (service: string): service is Partner =>
  ['parts', 'dispatch', 'notification'].includes(service);

/** Called before the first `await` of every workflow: the supervisor's word, and the same from a loan's case. */
export function listenToDiversions(file: WorkFile): void {
  onWord(file, messages.divert, (act) => divert(file, act, act.actId), checkDivert);
  setHandler(messages.serviceDiverted, (act) => {
    const service = isEnvelope(act) ? (act.answer as { service?: unknown } | null)?.service : null;
    if (!isPartner(String(service))) ignoreSignal(file, 'serviceDiverted', 'not an envelope');
    else if (!file.state.diverted?.includes(service as Partner)) divert(file, act, null);
  });
}

function checkDivert(file: WorkFile, _: string, act: Envelope<unknown>): void {
  const { service } = act.answer as ActionBody<'divert'>;
  const waits = partnerWaits(file).some(({ who }) => who === service);
  // whether a loan waits only the loan knows
  if (file.state.diverted?.includes(service) || !(waits || openLoans(file).length > 0))
    refuse(file, 'illegalTransition', `${service} is not waited for`);
}

/** From now on the built-in service is called. What the partner was asked and has not answered may have been done there. */
function divert(file: WorkFile, { actor, answer }: Diversion, updateId: string | null): number {
  const { service, reason } = answer;
  const { state } = file;
  state.diverted = [...(state.diverted ?? []), service];
  const pending = [...file.partnerCalls].filter(({ who }) => who === service);
  const earlier = (state.atPartner ?? []).filter((call) => call.service === service);
  const revision = publish(file, {
    kind: 'serviceDiverted',
    ...{ actor, updateId, reason, subject: service },
    detail: {
      possiblyDone: pending.flatMap(({ keys }) => keys),
      doneThere: earlier.flatMap(({ request }) => (request as Keyed).effectKey ?? []),
    },
  });
  for (const call of pending) {
    call.diverted = true;
    call.scope.cancel();
  }
  for (const loan of openLoans(file)) tellLoan(file, loan, answer, actor);
  return revision;
}

const openLoans = ({ state, identity }: WorkFile): string[] =>
  Object.values((state.facts.loans ?? {}) as Record<string, { loan: string; status: string }>)
    .filter(({ status }) => !['rejected', 'canceled', 'cleared'].includes(status))
    .map(({ loan }) => `${identity.caseNumber}/${loan}`);

function tellLoan(
  file: WorkFile,
  workflowId: string,
  answer: ActionBody<'divert'>,
  actor = theFlow,
): void {
  const actId = `${workflowId}/diverted/${answer.service}/${file.state.revision}`;
  const word = { actor, reason: answer.reason, occurredAt: isoNow(), actId, answer };
  getExternalWorkflowHandle(workflowId)
    .signal(messages.serviceDiverted, word)
    .catch(() => undefined);
}
