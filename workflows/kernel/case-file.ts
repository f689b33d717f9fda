/** The case file: what a flow reads like. Everything a flow does to its case, it says here. */
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { Blocker, HoldReason, Severity } from '../../domain/case.ts';
import { cancelClock } from '../../domain/clock.ts';
import type { LinkedCase, LinkedRequest } from '../../domain/linked.ts';
import type { Recipient, Template } from '../../domain/message.ts';
import type { CasePlan, ClockPlan, OpenedCase, RepairPlan } from '../../domain/plan.ts';
import { type CaseMove, isPossible } from '../../domain/status.ts';
import * as messages from '../messages.ts';
import { type Caller, callerFor } from './call.ts';
import { alertingOf, meet, openLinked, wordsOf } from './case-words.ts';
import { sendMessage } from './messages.ts';
import { partnerWaits } from './partners.ts';
import { listenToReaders } from './read-model.ts';
import { type Settled, settle, type UndoList, type Undos } from './settle.ts';
import { type CaseState, type Ending, newState, viewOf } from './state.ts';
import { humanTask } from './tasks.ts';
import { endHold, listenToSupervisors } from './words.ts';
import { isoNow, newWorkFile, now, publish, theFlow, type WorkFile } from './work-file.ts';

/** A case as its flow sees it. `Stage` is the flow's own list of stages, `Plan` what it was promised. */
export interface CaseFile<Stage extends string, Plan extends CasePlan = RepairPlan> {
  readonly caseNumber: string;
  /** When the customer's call came in: the instant that the first clocks count from. */
  readonly openedAt: string;
  readonly plan: Plan;
  /** The kernel's own view, for paragraphs that several flows share. */
  readonly work: WorkFile;
  /** Calls a service: `file.call('dispatch', 'book', …)`. */
  readonly call: Caller;
  enter(stage: Stage): void;
  /** The case waits for that reason: the clocks it pauses stop. The next answer, or the next move, ends it. */
  hold(reason: HoldReason): void;
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
  /** Waits for a moment (ISO 8601), shown as what the case waits for. */
  sleepUntil(at: string, what: string): Promise<void>;
  /** The severity from now on. Clocks that still run keep what was promised (decision 2), or less where the new grade's `targetsMs` are shorter. */
  regrade(severity: Severity, targetsMs?: Partial<Record<ClockPlan['name'], number>>): void;
  /** Opens another case through the same door, without waiting for it; an open one of the same kind is linked instead. */
  openLinked(linked: Pick<LinkedRequest, 'kind' | 'flow' | 'request'>): Promise<LinkedCase>;
  /** The effect key that a step will have when it comes: an undo is registered by it before the step. */
  keyOfNext(step: string): string;
}

/** Opens the file of a case: synchronous, before the first `await` of the flow; all handlers stand when it returns. */
export function openCaseFile<Stage extends string, Plan extends CasePlan = RepairPlan>(
  opened: OpenedCase<Plan>,
): CaseFile<Stage, Plan> {
  checkInput(opened);
  const { caseNumber, cycle, plan } = opened;
  const state = (opened.carried as CaseState | undefined) ?? newState();
  const work: WorkFile = newWorkFile(
    {
      caseNumber,
      cycle,
      prefix: '',
      taskDueMs: (task) => plan.taskDueMs[task] ?? plan.taskDueMs.default,
      view: () =>
        viewOf(caseNumber, opened.flow, cycle, plan.severity, state, now(), partnerWaits(work)),
      onAnswer: (act, isContact) => onAnswer(work, act, isContact),
      mayCancel: () => isPossible('cancel', state),
      drill: plan.drill,
      next: (carried) => ({ ...opened, carried }),
    },
    state,
  );
  listen(work, plan);
  if (!opened.carried) publish(work, sayOpened(opened));
  const call = callerFor(work, humanTask(messages.resolveFailure, work));
  return {
    caseNumber,
    openedAt: opened.openedAt,
    plan,
    work,
    call,
    openLinked: (linked) => openLinked(work, call, linked),
    ...wordsOf<Stage>(work, plan),
  };
}

/** The first line of a cycle: who opened it, and what it was opened with. */
function sayOpened({ openedBy, flow, plan, cycle }: OpenedCase) {
  const { entitlement, severity, channel, source, drill } = plan;
  const detail = {
    flow,
    severity,
    channel,
    entitlement: entitlement?.verdict ?? null,
    ...(source ? { source } : {}),
    ...(drill ? { drill } : {}),
  };
  const reason = entitlement?.overrideReason ?? null;
  if (cycle > 1) return { kind: 'caseReopened', subject: `cycle ${cycle}`, detail };
  return { kind: 'caseOpened', actor: openedBy, reason, detail };
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
function onAnswer(
  work: WorkFile,
  act: Parameters<WorkFile['identity']['onAnswer']>[0],
  isContact: boolean,
): void {
  const { state } = work;
  if (state.status === 'onHold') endHold(work, act, null);
  if (state.status !== 'triaged' || !isContact) return;
  state.status = 'inProgress';
  meet(work, 'response');
}

/** Runs a flow over its file to the end: `fileAway` is owed by every closed case (FLOW-REC, FLOW-KB), `undos` by a canceled one. */
export function settleCase<Stage extends string, Plan extends CasePlan>(
  file: CaseFile<Stage, Plan>,
  undos: Undos,
  fileAway: (outcome: string) => Promise<void>,
  work: (undo: UndoList) => Promise<string>,
): Promise<Settled> {
  const { state } = file.work;
  const finish = async (kind: Ending['kind'], outcome: string) => {
    if (kind === 'closed') await fileAway(outcome);
    else if (file.plan.customerNumber !== null)
      sendMessage(file.work, farewell[kind], { kind: 'customer', caseNumber: file.caseNumber });
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
