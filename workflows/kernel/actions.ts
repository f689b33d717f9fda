/** The supervisor's actions, the same in every flow: each an Update with its own name, a reason, and a synchronous refusal (N19). */
import { defineUpdate, setHandler } from '@temporalio/workflow';
import type { ActionBody, ActionName } from '../../domain/action-contracts.ts';
import type { Actor, Envelope, HoldReason, TimelineEvent } from '../../domain/case.ts';
import { pauseClock, resumeClock } from '../../domain/clock.ts';
import {
  actionRoles,
  type CaseMove,
  isPossible,
  moveCase,
  standingBlockers,
} from '../../domain/status.ts';
import type { Accepted } from '../wire.ts';
import { nextLevel, raise } from './alerts.ts';
import { accept, checkEnvelope, isRepeated, refuse } from './guard.ts';
import { tell } from './outbox.ts';
import {
  type Ending,
  interrupt,
  isoNow,
  now,
  type Run,
  report,
  type State,
  theFlow,
} from './run.ts';

export type Act<Name extends ActionName> = Envelope<ActionBody<Name>>;

interface Hearing<Name extends ActionName> {
  /** Refuses what is not possible now. */
  check: (act: Act<Name>) => void;
  /** Gives the revision that holds it. */
  apply: (act: Act<Name>) => number;
}

/** Installs one action: who may take it, when, and what it does. */
export function onAction<Name extends ActionName>(
  run: Run,
  name: Name,
  { check, apply }: Hearing<Name>,
): void {
  setHandler(
    defineUpdate<Accepted, [Act<Name>]>(name),
    (act) =>
      accept(
        run,
        act,
        () => check(act),
        () => apply(act),
      ),
    {
      validator: (act) => {
        if (isRepeated(run, act)) return;
        const { actor } = checkEnvelope(run, name, act);
        if (!actionRoles[name].some((role) => role === actor.role))
          refuse(run, 'forbidden', `${name} is not for ${actor.role}`);
        check(act);
      },
    },
  );
}

/** What everybody may do with a case, whatever its flow. */
export function hearActions(run: Run): void {
  const { state } = run;
  const on = <Name extends ActionName>(
    name: Name,
    apply: (act: Act<Name>) => number,
    check: (act: Act<Name>) => void = () => undefined,
  ) =>
    onAction(run, name, {
      check: (act) => {
        if (!isPossible(name, state))
          refuse(run, 'illegalTransition', `${name} is not possible now`);
        check(act);
      },
      apply,
    });
  on(
    'escalate',
    (act) => escalate(run, act),
    (act) => checkLevel(run, act),
  );
  on('acknowledge', (act) => acknowledge(run, act));
  on('hold', (act) => hold(run, act));
  on('resume', (act) => endHold(run, act, act.answer.reason));
  on('reassign', (act) => reassign(run, act));
  on(
    'waive',
    (act) => waive(run, act),
    (act) => checkWaivable(run, act),
  );
  on('note', (act) => record(run, 'noted', act));
  on('requestSupport', (act) => requestSupport(run, act));
  on('reject', (act) => endEarly(run, 'rejected', act));
  on('cancel', (act) => endEarly(run, 'canceled', act));
  onAction(run, 'close', {
    check: () => checkClosable(run),
    apply: (act) => endEarly(run, 'closed', act),
  });
}

function checkClosable(run: Run): void {
  if (run.state.status === 'resolved' && standingBlockers(run.state).length > 0)
    refuse(run, 'blocked', 'the case is blocked');
  if (!isPossible('close', run.state))
    refuse(run, 'illegalTransition', 'close is not possible now');
}

function checkWaivable(run: Run, { answer: { blocker } }: Act<'waive'>): void {
  if (!standingBlockers(run.state).some(({ id, waivable }) => id === blocker && waivable))
    refuse(run, 'illegalTransition', `${blocker} is no waivable blocker`);
}

function checkLevel(run: Run, { answer: { level } }: Act<'escalate'>): void {
  const { alertLevel } = run.state;
  if (level !== undefined && level <= alertLevel)
    refuse(run, 'illegalTransition', `the alert stands at level ${alertLevel}`);
}

/** One line on the timeline for one action: who, why, about what. */
function record(
  run: Run,
  kind: string,
  act: Act<ActionName>,
  more: Partial<TimelineEvent> = {},
): number {
  const { actor, actId: updateId, answer } = act;
  return report(run, { kind, actor, updateId, reason: answer.reason, ...more });
}

function escalate(run: Run, { actor, actId: updateId, answer }: Act<'escalate'>): number {
  const level = [1, 2, 3].find((one) => one === answer.level) as 1 | 2 | 3 | undefined;
  const by = { actor, updateId, reason: answer.reason };
  return raise(run, level ?? nextLevel(run.state.alertLevel), 'manual', by);
}

function acknowledge(run: Run, act: Act<'acknowledge'>): number {
  Object.assign(run.state, { alertAcknowledged: true, alertRisesAt: null });
  return record(run, 'alertAcknowledged', act, { subject: `level ${run.state.alertLevel}` });
}

function hold(run: Run, act: Act<'hold'>): number {
  const { holdReason, reason } = act.answer;
  beginHold(run, holdReason, reason, act.actor);
  return record(run, 'caseHeld', act, { subject: holdReason });
}

/** Stops the clocks that this reason pauses, at the moment of the act; the others run on. */
export function beginHold(
  { state }: Run,
  holdReason: HoldReason,
  reason: string,
  actor: Actor,
): void {
  Object.assign(state, { heldFrom: state.status, heldAt: now(), status: 'onHold', holdReason });
  for (const clock of Object.values(state.clocks)) {
    if (clock.plan.pausedBy.includes(holdReason)) pauseClock(clock, now(), reason, actor.id);
  }
}

/** Names whom the case is meant for now: its open tasks of an engineer, and those of the one before. */
function reassign(run: Run, act: Act<'reassign'>): number {
  const { state } = run;
  const { assignee } = act.answer;
  const from = state.assignee;
  state.assignee = assignee;
  state.openTasks = state.openTasks.map((task) =>
    task.role === 'engineer' || (from !== null && task.assignee === from)
      ? { ...task, assignee }
      : task,
  );
  tell(run, 'assigned', { kind: 'staff', staffNumber: assignee });
  return record(run, 'caseReassigned', act, { subject: assignee, detail: { from } });
}

/** The blocker stays on record, marked as waived by name. */
function waive(run: Run, act: Act<'waive'>): number {
  const { blocker, reason } = act.answer;
  run.state.waivers.push({ id: blocker, reason, actor: act.actor.id, at: isoNow() });
  return record(run, 'blockerWaived', act, { subject: blocker });
}

function requestSupport(run: Run, act: Act<'requestSupport'>): number {
  const { stage } = run.state;
  const { territory } = run.identity.plan;
  tell(run, 'backUpRequested', { kind: 'role', role: 'support', territory }, { stage });
  return record(run, 'supportRequested', act, { subject: stage });
}

/** Ends a hold at the moment of the act: what is due shifts by what stood still. Also called when work goes on by itself. */
export function endHold(
  run: Run,
  { actor, actId: updateId }: { actor: Actor; actId: string | null },
  reason: string | null,
): number {
  const { state } = run;
  const subject = state.holdReason;
  state.status = state.heldFrom ?? 'inProgress';
  shiftTasks(state);
  Object.assign(state, { heldFrom: null, heldAt: null, holdReason: null });
  for (const clock of Object.values(state.clocks)) resumeClock(clock, now());
  return report(run, { kind: 'caseResumed', actor, reason, updateId, subject });
}

/** What people had to do by a time shifts with the clocks, where the reason stops any. */
function shiftTasks(state: State): void {
  const { heldAt, holdReason, clocks } = state;
  const stopped = Object.values(clocks).some(
    ({ plan }) => holdReason && plan.pausedBy.includes(holdReason),
  );
  if (heldAt === null || !stopped) return;
  const shifted = (dueAt: string) => new Date(Date.parse(dueAt) + now() - heldAt).toISOString();
  state.openTasks = state.openTasks.map((task) => ({
    ...task,
    dueAt: task.dueAt && shifted(task.dueAt),
  }));
}

/** Work that moves on by itself ends a hold, as an answer does. */
export function moveStatus(run: Run, move: CaseMove): void {
  const { state } = run;
  if (state.status === 'onHold') endHold(run, { actor: theFlow, actId: null }, null);
  const to = moveCase(state.status, move);
  if (!to) return;
  state.status = to;
  if (move === 'resolve')
    Object.assign(state, { undos: [], completedAt: state.completedAt ?? isoNow() });
  report(run, { kind: 'statusMoved', subject: to });
}

const asked = { rejected: 'rejectAsked', canceled: 'cancelAsked', closed: 'closeAsked' } as const;

/** `settle` undoes a canceled or rejected case and files a closed one. */
function endEarly(run: Run, kind: Ending['kind'], act: Act<'reject' | 'cancel' | 'close'>): number {
  const { actor, answer } = act;
  interrupt(run, { kind, actor, reason: answer.reason });
  return record(run, asked[kind], act);
}
