/** The supervisor's words, the same in every flow: each an Update with its own name, a reason, and a synchronous refusal (N19). */
import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import type { ActionBody, ActionName } from '../../domain/action-contracts.ts';
import type { Actor, AlertLevel, Envelope, HoldReason, TimelineEvent } from '../../domain/case.ts';
import { pauseClock, resumeClock } from '../../domain/clock.ts';
import { actionRoles, isPossible, standingBlockers } from '../../domain/status.ts';
import type { Accepted } from '../messages.ts';
import * as messages from '../messages.ts';
import { type Alerting, raiseAlert } from './clocks.ts';
import { applyOnce, checkEnvelope, isRepeated, refuse } from './guard.ts';
import { sendMessage } from './messages.ts';
import type { CaseState, Ending } from './state.ts';
import { endFlow, isoNow, now, publish, type WorkFile } from './work-file.ts';

type Act<Name extends ActionName> = Envelope<ActionBody<Name>>;
type Word<Name extends ActionName> = UpdateDefinition<Accepted, [Act<Name>], Name>;

/** Installs one word: who may say it, when, and what it does. `apply` gives the revision that holds it. */
export function onWord<Name extends ActionName>(
  file: WorkFile,
  word: Word<Name>,
  apply: (act: Act<Name>) => number,
  check = checkPossible,
): void {
  const name = word.name as ActionName;
  setHandler(
    word as unknown as UpdateDefinition<Accepted, [Act<never>]>,
    (act) =>
      applyOnce(file, act, () => {
        // asked again: of two words that arrive in one step, both were let in before either was heard
        check(file, name, act);
        return apply(act as unknown as Act<Name>);
      }),
    {
      validator: (act) => {
        if (isRepeated(file, act)) return;
        const { actor } = checkEnvelope(file, name, act);
        if (!(actionRoles[name] as string[]).includes(actor.role))
          refuse(file, 'forbidden', `${name} is not for ${actor.role}`);
        check(file, name, act);
      },
    },
  );
}

function checkPossible(file: WorkFile, name: ActionName, envelope: Act<never>): void {
  const { state } = file;
  if (name === 'close' && state.status === 'resolved' && standingBlockers(state).length > 0)
    refuse(file, 'blocked', 'the case is blocked');
  if (!isPossible(name, state)) refuse(file, 'illegalTransition', `${name} is not possible now`);
  if (name === 'waive') {
    const { blocker } = (envelope as Act<'waive'>).answer;
    if (!standingBlockers(state).some(({ id, waivable }) => id === blocker && waivable))
      refuse(file, 'illegalTransition', `${blocker} is no waivable blocker`);
  }
  if (name === 'escalate') {
    const { level } = (envelope as Act<'escalate'>).answer;
    if (level !== undefined && level <= state.alertLevel)
      refuse(file, 'illegalTransition', `the alert stands at level ${state.alertLevel}`);
  }
}

/** What everybody may say of a case, whatever its flow. */
export function listenToSupervisors(file: WorkFile, alerting: Alerting): void {
  onWord(file, messages.escalate, (act) => escalate(file, act, alerting));
  onWord(file, messages.acknowledge, (act) => acknowledge(file, act));
  onWord(file, messages.hold, (act) => hold(file, act));
  onWord(file, messages.resume, (act) => endHold(file, act, act.answer.reason));
  onWord(file, messages.reassign, (act) => reassign(file, act));
  onWord(file, messages.waive, (act) => waive(file, act));
  onWord(file, messages.note, (act) => record(file, 'noted', act));
  onWord(file, messages.requestSupport, (act) => requestSupport(file, act, alerting));
  onWord(file, messages.reject, (act) => endEarly(file, 'rejected', act));
  onWord(file, messages.cancel, (act) => endEarly(file, 'canceled', act));
  onWord(file, messages.close, (act) => endEarly(file, 'closed', act));
}

/** One line on the timeline for one word: who, why, about what. */
function record(
  file: WorkFile,
  kind: string,
  act: Act<ActionName>,
  more: Partial<TimelineEvent> = {},
): number {
  const { actor, actId: updateId, answer } = act;
  return publish(file, { kind, actor, updateId, reason: answer.reason, ...more });
}

function escalate(file: WorkFile, act: Act<'escalate'>, alerting: Alerting): number {
  const level = (act.answer.level ?? file.state.alertLevel + 1) as AlertLevel;
  return raiseAlert(file, level, 'manual', act.actor, act.actId, alerting, act.answer.reason);
}

function acknowledge(file: WorkFile, act: Act<'acknowledge'>): number {
  Object.assign(file.state, { alertAcknowledged: true, alertRisesAt: null });
  return record(file, 'alertAcknowledged', act, { subject: `level ${file.state.alertLevel}` });
}

function hold(file: WorkFile, act: Act<'hold'>): number {
  const { holdReason, reason } = act.answer;
  beginHold(file, holdReason, reason, act.actor);
  return record(file, 'caseHeld', act, { subject: holdReason });
}

/** Stops the clocks that this reason pauses, at the moment of the act; the others run on (pause policy of model.md). */
export function beginHold(
  { state }: WorkFile,
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
function reassign(file: WorkFile, act: Act<'reassign'>): number {
  const { state } = file;
  const { assignee } = act.answer;
  const from = state.assignee;
  state.assignee = assignee;
  state.openTasks = state.openTasks.map((task) =>
    task.role === 'engineer' || (from !== null && task.assignee === from)
      ? { ...task, assignee }
      : task,
  );
  sendMessage(file, 'assigned', { kind: 'staff', staffNumber: assignee });
  return record(file, 'caseReassigned', act, { subject: assignee, detail: { from } });
}

/** The blocker stays on record, marked as waived by name. */
function waive(file: WorkFile, act: Act<'waive'>): number {
  const { blocker, reason } = act.answer;
  file.state.waivers.push({ id: blocker, reason, actor: act.actor.id, at: isoNow() });
  return record(file, 'blockerWaived', act, { subject: blocker });
}

function requestSupport(
  file: WorkFile,
  act: Act<'requestSupport'>,
  { territory }: Alerting,
): number {
  const { stage } = file.state;
  sendMessage(file, 'backUpRequested', { kind: 'role', role: 'support', territory }, { stage });
  return record(file, 'supportRequested', act, { subject: stage });
}

/** Ends a hold at the moment of the act: what is due shifts by what stood still. Also called when work goes on by itself. */
export function endHold(
  file: WorkFile,
  act: { actor: Actor; actId: string | null },
  reason: string | null,
): number {
  const { state } = file;
  const subject = state.holdReason;
  state.status = state.heldFrom ?? 'inProgress';
  shiftTasks(state);
  Object.assign(state, { heldFrom: null, heldAt: null, holdReason: null });
  for (const clock of Object.values(state.clocks)) resumeClock(clock, now());
  return publish(file, {
    kind: 'caseResumed',
    actor: act.actor,
    reason,
    updateId: act.actId,
    subject,
  });
}

/** What people had to do by a time shifts with the clocks, where the reason stops any. */
function shiftTasks(state: CaseState): void {
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

const asked = { rejected: 'rejectAsked', canceled: 'cancelAsked', closed: 'closeAsked' } as const;

/** `settle` undoes a canceled or rejected case and files a closed one. */
function endEarly(
  file: WorkFile,
  kind: Ending['kind'],
  act: Act<'reject' | 'cancel' | 'close'>,
): number {
  const { actor, answer } = act;
  endFlow(file, { kind, actor, reason: answer.reason });
  return record(file, asked[kind], act);
}
