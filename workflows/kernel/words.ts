/** The supervisor's words, the same in every flow: each an Update with its own name, a reason, and a synchronous refusal (N19). */
import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import type { AlertLevel, CaseView, Envelope } from '../../domain/case.ts';
import { pauseClock, resumeClock } from '../../domain/clock.ts';
import type { ActionBody, ActionName } from '../../domain/contracts.ts';
import { actionRoles, isPossible, standingBlockers } from '../../domain/status.ts';
import type { Accepted } from '../messages.ts';
import * as messages from '../messages.ts';
import { type Alerting, raiseAlert } from './clocks.ts';
import { applyOnce, checkEnvelope, isRepeated, refuse } from './guard.ts';
import { sendMessage } from './messages.ts';
import { isoNow, now, publish, type WorkFile } from './work-file.ts';

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
    (act) => applyOnce(file, act, () => apply(act as unknown as Act<Name>)),
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
  const { state } = file;
  const record = (
    kind: string,
    act: Act<ActionName>,
    subject: string | null = null,
    detail: Record<string, unknown> = {},
  ) =>
    publish(file, {
      kind,
      actor: act.actor,
      reason: act.answer.reason,
      updateId: act.actId,
      subject,
      detail,
    });

  onWord(file, messages.escalate, (act) => {
    const level = (act.answer.level ?? state.alertLevel + 1) as AlertLevel;
    return raiseAlert(file, level, 'manual', act.actor, act.actId, alerting, act.answer.reason);
  });
  onWord(file, messages.acknowledge, (act) => {
    state.alertAcknowledged = true;
    state.alertRisesAt = null;
    return record('alertAcknowledged', act, `level ${state.alertLevel}`);
  });
  onWord(file, messages.hold, (act) => {
    const { holdReason, reason } = act.answer;
    Object.assign(state, {
      heldFrom: state.status,
      status: 'onHold',
      holdReason,
    } satisfies Partial<CaseView> & { heldFrom: string });
    for (const clock of Object.values(state.clocks)) {
      if (clock.plan.pausedBy.includes(holdReason)) pauseClock(clock, now(), reason, act.actor.id);
    }
    return record('caseHeld', act, holdReason);
  });
  onWord(file, messages.resume, (act) => endHold(file, act, act.answer.reason));
  onWord(file, messages.reassign, (act) => {
    const from = state.assignee;
    state.assignee = act.answer.assignee;
    state.openTasks = state.openTasks.map((task) =>
      task.assignee === from || task.role === 'engineer'
        ? { ...task, assignee: act.answer.assignee }
        : task,
    );
    sendMessage(file, 'assigned', { kind: 'staff', staffNumber: act.answer.assignee });
    return record('caseReassigned', act, act.answer.assignee, { from });
  });
  onWord(file, messages.waive, (act) => {
    state.waivers.push({
      id: act.answer.blocker,
      reason: act.answer.reason,
      actor: act.actor.id,
      at: isoNow(),
    });
    return record('blockerWaived', act, act.answer.blocker);
  });
  onWord(file, messages.note, (act) => record('noted', act));
  onWord(file, messages.requestSupport, (act) => {
    sendMessage(
      file,
      'backUpRequested',
      { kind: 'role', role: 'support', territory: alerting.territory },
      { stage: state.stage },
    );
    return record('supportRequested', act, state.stage);
  });
  onWord(file, messages.cancel, (act) => endEarly(file, 'canceled', act));
  onWord(file, messages.close, (act) => endEarly(file, 'closed', act));
}

/** Ends a hold at the moment of the act: what is due shifts by what stood still. Also called when work goes on by itself. */
export function endHold(
  file: WorkFile,
  act: Pick<Envelope<unknown>, 'actor' | 'actId'>,
  reason: string | null,
): number {
  const { state } = file;
  const subject = state.holdReason;
  state.status = state.heldFrom ?? 'inProgress';
  state.heldFrom = null;
  state.holdReason = null;
  for (const clock of Object.values(state.clocks)) resumeClock(clock, now());
  return publish(file, {
    kind: 'caseResumed',
    actor: act.actor,
    reason,
    updateId: act.actId,
    subject,
  });
}

/** Ends the flow's scope: `settle` undoes a canceled case and files a closed one. The status moves at once, so that nothing else is let in. */
function endEarly(
  file: WorkFile,
  kind: 'canceled' | 'closed',
  act: Act<'cancel' | 'close'>,
): number {
  const { state } = file;
  state.ending = { kind, actor: act.actor, reason: act.answer.reason };
  state.status = kind;
  state.openTasks = [];
  file.scope.cancel();
  return publish(file, {
    kind: kind === 'canceled' ? 'cancelAsked' : 'closeAsked',
    actor: act.actor,
    reason: act.answer.reason,
    updateId: act.actId,
  });
}
