/** The supervisor's actions, the same in every flow: each an Update with its own name, a reason, and a synchronous refusal (N19). */
import type { ActionBody, ActionName } from '../../domain/action-contracts.ts';
import type { Actor, Envelope, TimelineEvent } from '../../domain/case.ts';
import { assign, beginHold, endHold, move, nextLevel } from '../../domain/standing.ts';
import { actionRoles, type CaseMove, isPossible, standingBlockers } from '../../domain/status.ts';
import { type Hearing, hearAct, refuse } from '../kernel/hear.ts';
import { type Ending, interrupt, isoNow, now, type Run, report, theFlow } from '../kernel/run.ts';
import { raise } from './alerts.ts';
import { tell } from './messages.ts';

export type Act<Name extends ActionName> = Envelope<ActionBody<Name>>;

/** Installs one action: who may take it, when, and what it does. */
export function onAction<Name extends ActionName>(
  run: Run,
  name: Name,
  { check, apply }: Pick<Hearing<Act<Name>>, 'check' | 'apply'>,
): void {
  const checkRole = ({ actor }: Act<Name>) => {
    if (!actionRoles[name].some((role) => role === actor.role))
      refuse(run, 'forbidden', `${name} is not for ${actor.role}`);
  };
  hearAct<Act<Name>>(run, name, {
    check: (act) => {
      checkRole(act);
      check(act);
    },
    stillHolds: check,
    apply,
  });
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
  on('resume', (act) => goOn(run, act, act.answer.reason));
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
  beginHold(run.state, { holdReason, reason, actor: act.actor.id }, now());
  return record(run, 'caseHeld', act, { subject: holdReason });
}

function reassign(run: Run, act: Act<'reassign'>): number {
  const { assignee } = act.answer;
  const { assignee: from } = run.state;
  assign(run.state, assignee);
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

/** Ends a hold at the moment of the act. Also called when work goes on by itself. */
export function goOn(
  run: Run,
  { actor, actId: updateId }: { actor: Actor; actId: string | null },
  reason: string | null,
): number {
  const { holdReason: subject } = run.state;
  endHold(run.state, now());
  return report(run, { kind: 'caseResumed', actor, reason, updateId, subject });
}

/** Work that moves on by itself ends a hold, as an answer does. What is resolved is no longer taken back. */
export function moveStatus(run: Run, by: CaseMove): void {
  const { state } = run;
  if (state.status === 'onHold') goOn(run, { actor: theFlow, actId: null }, null);
  if (!move(state, by, now())) return;
  if (by === 'resolve') state.undos = [];
  report(run, { kind: 'statusMoved', subject: state.status });
}

const asked = { rejected: 'rejectAsked', canceled: 'cancelAsked', closed: 'closeAsked' } as const;

/** `settle` undoes a canceled or rejected case and files a closed one. */
function endEarly(run: Run, kind: Ending['kind'], act: Act<'reject' | 'cancel' | 'close'>): number {
  const { actor, answer } = act;
  interrupt(run, { kind, actor, reason: answer.reason });
  return record(run, asked[kind], act);
}
