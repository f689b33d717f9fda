/** The words of a flow: what `CaseFile` promises, done. */

import { type Clock, isSettled, meetClock, newClock } from '../../domain/clock.ts';
import type { LinkedCase, LinkedRequest } from '../../domain/linked.ts';
import type { Recipient } from '../../domain/message.ts';
import type { CasePlan, ClockPlan } from '../../domain/plan.ts';
import { type CaseMove, isPossible, moveCase } from '../../domain/status.ts';
import type { Caller } from './call.ts';
import type { CaseFile } from './case-file.ts';
import { raiseAlert } from './clocks.ts';
import { sendMessage } from './messages.ts';
import { beginHold, endHold } from './words.ts';
import {
  isoNow,
  nextKey,
  now,
  once,
  publish,
  recall,
  theFlow,
  until,
  untilMoment,
  type WorkFile,
  waitingFor,
} from './work-file.ts';

type Anyone = 'caseNumber' | 'openedAt' | 'plan' | 'work' | 'call' | 'openLinked';
type CaseWords<Stage extends string> = Omit<CaseFile<Stage>, Anyone>;

export const alertingOf = (plan: CasePlan) => ({
  acknowledgeWithinMs: plan.acknowledgeWithinMs,
  territory: plan.territory,
});

/** The words of a flow. Each happens once per place in the flow, also when a continued run walks past it again. */
export function wordsOf<Stage extends string>(work: WorkFile, plan: CasePlan): CaseWords<Stage> {
  const { state } = work;
  return {
    enter: (stage) =>
      once(work, `enter.${stage}`, () => {
        state.stage = stage;
        publish(work, { kind: 'stageEntered', subject: stage });
      }),
    ...statusWords(work),
    startClock: (name, since) =>
      once(work, `startClock.${name}`, () => {
        const clockPlan = plan.clocks.find((clock) => clock.name === name);
        if (clockPlan && !state.clocks[name])
          state.clocks[name] = newClock(clockPlan, since ? Date.parse(since) : now());
      }),
    meetClock: (name) => once(work, `meetClock.${name}`, () => meet(work, name)),
    ...messageWords(work),
    block: (blocker) =>
      once(work, `block.${blocker.id}`, () => {
        state.blockers = [...state.blockers.filter(({ id }) => id !== blocker.id), blocker];
        // a waiver was for the obligation of an earlier round
        state.waivers = state.waivers.map((waiver) =>
          waiver.id === blocker.id ? { ...waiver, id: `${waiver.id}, earlier` } : waiver,
        );
      }),
    unblock: (id) =>
      once(work, `unblock.${id}`, () => {
        state.blockers = state.blockers.filter((blocker) => blocker.id !== id);
      }),
    isWaived: (id) => state.waivers.some((waiver) => waiver.id === id),
    know: (facts) => once(work, 'know', () => void Object.assign(state.facts, facts)),
    assign: (staffNumber) =>
      once(work, 'assign', () => {
        state.assignee = staffNumber;
      }),
    raiseAlert: (level, trigger) =>
      once(
        work,
        `raiseAlert.${trigger}`,
        () => void raiseAlert(work, level, trigger, theFlow, null, alertingOf(plan)),
      ),
    ...waitWords(work),
    keyOfNext: (step) => nextKey(work, step),
  };
}

function statusWords(work: WorkFile): Pick<CaseWords<string>, 'hold' | 'move' | 'regrade'> {
  return {
    hold: (reason) =>
      once(work, `hold.${reason}`, () => {
        if (!isPossible('hold', work.state)) return;
        beginHold(work, reason, reason, theFlow);
        publish(work, { kind: 'caseHeld', subject: reason });
      }),
    move: (move) => once(work, `move.${move}`, () => moveStatus(work, move)),
    regrade: (severity, targetsMs = {}) =>
      once(work, 'regrade', () => {
        work.state.severity = severity;
        publish(work, { kind: 'severityChanged', subject: severity });
        for (const clock of Object.values(work.state.clocks)) tighten(work, clock, targetsMs);
      }),
  };
}

/** A promise may become stricter, never looser. */
function tighten(
  work: WorkFile,
  clock: Clock,
  targetsMs: Partial<Record<ClockPlan['name'], number>>,
): void {
  const { name, targetMs: from } = clock.plan;
  const to = targetsMs[name];
  if (isSettled(clock) || to === undefined || to >= from) return;
  clock.plan = { ...clock.plan, targetMs: to };
  publish(work, { kind: 'clockTightened', subject: name, detail: { from, to } });
}

/** Work that moves on by itself ends a hold, as an answer does. */
function moveStatus(work: WorkFile, move: CaseMove): void {
  if (work.state.status === 'onHold') endHold(work, { actor: theFlow, actId: null }, null);
  const to = moveCase(work.state.status, move);
  if (!to) return;
  work.state.status = to;
  if (move === 'resolve')
    Object.assign(work.state, { undos: [], completedAt: work.state.completedAt ?? isoNow() });
  publish(work, { kind: 'statusMoved', subject: to });
}

function messageWords(work: WorkFile): Pick<CaseWords<string>, 'tell' | 'tellCustomer'> {
  const customer: Recipient = { kind: 'customer', caseNumber: work.identity.caseNumber };
  const tell: CaseWords<string>['tell'] = (template, recipient, params = {}) =>
    once(work, `tell.${template}`, () => sendMessage(work, template, recipient, params));
  return { tell, tellCustomer: (template, params) => tell(template, customer, params) };
}

function waitWords(work: WorkFile): Pick<CaseWords<string>, 'until' | 'sleepUntil'> {
  return {
    until: (what, who, holds) => waitingFor(work, what, who, () => until(work, holds)),
    sleepUntil: (at, what) =>
      recall(work, `sleep.${what}`, () =>
        waitingFor(work, what, 'clock', async () => {
          await untilMoment(work, () => false, Date.parse(at), what);
        }),
      ),
  };
}

export function meet(work: WorkFile, name: string): void {
  const clock = work.state.clocks[name];
  if (!clock || clock.metAt !== null) return;
  meetClock(clock, now());
  publish(work, { kind: 'clockMet', subject: name });
}

export async function openLinked(
  work: WorkFile,
  call: Caller,
  linked: Pick<LinkedRequest, 'kind' | 'flow' | 'request'>,
): Promise<LinkedCase> {
  const about = [linked.request.serialNumber, linked.request.fault?.code].filter(Boolean).join(' ');
  const found = await call('cases', 'openLinkedCase', linked, `${linked.kind}: ${about}`);
  once(work, 'linked', () => {
    const { linkedCases } = work.state.facts as { linkedCases?: LinkedCase[] };
    work.state.facts.linkedCases = [...(linkedCases ?? []), found];
    publish(work, { kind: 'caseLinked', subject: linked.kind, detail: { ...found } });
  });
  return found;
}
