/** The case file: what a flow reads like. Everything a flow does to its case, it says here. */
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { Blocker } from '../../domain/case.ts';
import { cancelClock, meetClock, newClock } from '../../domain/clock.ts';
import type { Recipient, Template } from '../../domain/message.ts';
import type { CasePlan, ClockPlan, OpenedCase } from '../../domain/plan.ts';
import { type CaseMove, isPossible, moveCase } from '../../domain/status.ts';
import * as messages from '../messages.ts';
import { type Caller, callerFor } from './call.ts';
import { raiseAlert } from './clocks.ts';
import { sendMessage } from './messages.ts';
import { listenToReaders } from './read-model.ts';
import { type Settled, settle, type UndoList, type Undos } from './settle.ts';
import { type CaseState, type Ending, newState, viewOf } from './state.ts';
import { humanTask } from './tasks.ts';
import { endHold, listenToSupervisors } from './words.ts';
import {
  isoNow,
  newWorkFile,
  nextKey,
  now,
  once,
  publish,
  theFlow,
  until,
  type WorkFile,
  waitingFor,
} from './work-file.ts';

/** A case as its flow sees it. `Stage` is the flow's own list of stages. */
export interface CaseFile<Stage extends string> {
  readonly caseNumber: string;
  /** When the customer's call came in: the instant that the first clocks count from. */
  readonly openedAt: string;
  readonly plan: CasePlan;
  /** The kernel's own view, for paragraphs that several flows share. */
  readonly work: WorkFile;
  /** Calls a service: `file.call('dispatch', 'book', …)`. */
  readonly call: Caller;
  enter(stage: Stage): void;
  /** Moves the status by the reducer; a move that is not allowed now is left out. */
  move(move: CaseMove): void;
  /** From now, or from `since`. A clock runs once in a cycle: its verdict never changes. */
  startClock(name: ClockPlan['name'], since?: string): void;
  meetClock(name: ClockPlan['name']): void;
  tell(template: Template, recipient: Recipient, params?: Record<string, string | number>): void;
  tellCustomer(template: Template, params?: Record<string, string | number>): void;
  /** Names what the case can't close over, and what is no longer in its way. */
  block(blocker: Blocker): void;
  unblock(id: string): void;
  isWaived(id: string): boolean;
  /** Facts of the flow that readers want; numbers and codes only. */
  know(facts: Record<string, unknown>): void;
  assign(staffNumber: string): void;
  raiseAlert(level: 1 | 2 | 3, trigger: string): void;
  /** Waits for something that is not a task: a loan to be cleared. */
  until(what: string, who: string, holds: () => boolean): Promise<void>;
  /** The effect key that a step will have when it comes: an undo is registered by it before the step. */
  keyOfNext(step: string): string;
}

/** Opens the file of a case: synchronous, before the first `await` of the flow; all handlers stand when it returns. */
export function openCaseFile<Stage extends string>(opened: OpenedCase): CaseFile<Stage> {
  checkInput(opened);
  const { caseNumber, cycle, plan } = opened;
  const state = (opened.carried as CaseState | undefined) ?? newState();
  const work: WorkFile = newWorkFile(
    {
      caseNumber,
      cycle,
      prefix: '',
      taskDueMs: (task) => plan.taskDueMs[task] ?? plan.taskDueMs.default,
      view: () => viewOf(caseNumber, opened.flow, cycle, plan.severity, state, now()),
      onAnswer: (act) => onAnswer(work, act),
      mayCancel: () => isPossible('cancel', state),
      next: (carried) => ({ ...opened, carried }),
    },
    state,
  );
  listen(work, plan);
  if (!opened.carried) publish(work, sayOpened(opened));
  return {
    caseNumber,
    openedAt: opened.openedAt,
    plan,
    work,
    call: callerFor(work, humanTask(messages.resolveFailure, work)),
    ...wordsOf<Stage>(work, plan),
  };
}

/** The first line of the timeline: who opened it, and what it was opened with. */
function sayOpened({ openedBy, flow, plan }: OpenedCase) {
  const { entitlement, severity, channel } = plan;
  const detail = { flow, severity, channel, entitlement: entitlement.verdict };
  return { kind: 'caseOpened', actor: openedBy, reason: entitlement.overrideReason, detail };
}

/** Garbage as input ends the run at once, with a typed failure and without a trace in any case. */
function checkInput(opened: OpenedCase): void {
  const { caseNumber, cycle, plan, flow } = (opened ?? {}) as Partial<OpenedCase>;
  if (
    typeof caseNumber === 'string' &&
    Number.isInteger(cycle) &&
    typeof flow === 'string' &&
    Array.isArray(plan?.clocks)
  )
    return;
  throw ApplicationFailure.nonRetryable('not an opened case', 'invalidInput');
}

/** Every handler of the kernel: the supervisor's words, and whoever asks where the case stands. */
function listen(work: WorkFile, plan: CasePlan): void {
  listenToSupervisors(work, alertingOf(plan));
  listenToReaders(work);
  setHandler(messages.readCase, work.identity.view);
}

/** The first human contact meets the response clock; an answer also ends a hold, since the work goes on. */
function onAnswer(work: WorkFile, act: Parameters<WorkFile['identity']['onAnswer']>[0]): void {
  const { state } = work;
  if (state.status === 'onHold') endHold(work, act, null);
  if (state.status !== 'triaged') return;
  state.status = 'inProgress';
  meet(work, 'response');
}

function meet(work: WorkFile, name: string): void {
  const clock = work.state.clocks[name];
  if (!clock || clock.metAt !== null) return;
  meetClock(clock, now());
  publish(work, { kind: 'clockMet', subject: name });
}

export const alertingOf = (plan: CasePlan) => ({
  acknowledgeWithinMs: plan.acknowledgeWithinMs,
  territory: plan.territory,
});

/** The words of a flow. Each happens once per place in the flow, also when a continued run walks past it again. */
function wordsOf<Stage extends string>(
  work: WorkFile,
  plan: CasePlan,
): Omit<CaseFile<Stage>, 'caseNumber' | 'openedAt' | 'plan' | 'work' | 'call'> {
  const { state, identity } = work;
  const customer: Recipient = { kind: 'customer', caseNumber: identity.caseNumber };
  const tell: CaseFile<Stage>['tell'] = (template, recipient, params = {}) =>
    once(work, `tell.${template}`, () => sendMessage(work, template, recipient, params));
  return {
    enter: (stage) =>
      once(work, `enter.${stage}`, () => {
        state.stage = stage;
        publish(work, { kind: 'stageEntered', subject: stage });
      }),
    move: (move) => once(work, `move.${move}`, () => moveStatus(work, move)),
    startClock: (name, since) =>
      once(work, `startClock.${name}`, () => {
        const clockPlan = plan.clocks.find((clock) => clock.name === name);
        if (clockPlan && !state.clocks[name])
          state.clocks[name] = newClock(clockPlan, since ? Date.parse(since) : now());
      }),
    meetClock: (name) => once(work, `meetClock.${name}`, () => meet(work, name)),
    tell,
    tellCustomer: (template, params) => tell(template, customer, params),
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
    until: (what, who, holds) => waitingFor(work, what, who, () => until(work, holds)),
    keyOfNext: (step) => nextKey(work, step),
  };
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

/** Runs a flow over its file to the end: `fileAway` is owed by every closed case (FLOW-REC, FLOW-KB), `undos` by a canceled one. */
export function settleCase<Stage extends string>(
  file: CaseFile<Stage>,
  undos: Undos,
  fileAway: (outcome: string) => Promise<void>,
  work: (undo: UndoList) => Promise<string>,
): Promise<Settled> {
  const { state } = file.work;
  const finish = async (kind: Ending['kind'], outcome: string) => {
    if (kind === 'closed') await fileAway(outcome);
    else sendMessage(file.work, farewell[kind], { kind: 'customer', caseNumber: file.caseNumber });
    if (kind === 'closed') meet(file.work, 'resolution');
    for (const clock of Object.values(state.clocks)) cancelClock(clock, now());
    Object.assign(state, {
      status: kind,
      outcome,
      closedAt: isoNow(),
      openTasks: [],
      alertRisesAt: null,
    });
    publish(file.work, { kind: ended[kind], ...endedBy(file.work), subject: outcome });
  };
  return settle(file.work, { alerting: alertingOf(file.plan), undos, finish }, work);
}

const farewell = { rejected: 'applicationRejected', canceled: 'caseCanceled' } as const;
const ended = { rejected: 'caseRejected', canceled: 'caseCanceled', closed: 'caseClosed' } as const;
const endedBy = ({ state }: WorkFile) =>
  state.ending ? { actor: state.ending.actor, reason: state.ending.reason } : { actor: theFlow };
