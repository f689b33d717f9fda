/** The case's status as a pure reducer, and what each role may do now (N20). */

import type { ActionName } from './action-contracts.ts';
import {
  type Blocker,
  type CaseStatus,
  type CaseView,
  type Role,
  roles,
  type WaitingOn,
} from './case.ts';

/** What moves a case from one status to another. */
export type CaseMove =
  | 'triage'
  | 'reject'
  | 'contact'
  | 'hold'
  | 'resume'
  | 'resolve'
  | 'serveAgain'
  | 'close'
  | 'cancel';

const moves: Record<CaseStatus, Partial<Record<CaseMove, CaseStatus>>> = {
  new: { triage: 'triaged', reject: 'rejected', cancel: 'canceled' },
  triaged: { contact: 'inProgress', reject: 'rejected', hold: 'onHold', cancel: 'canceled' },
  inProgress: { hold: 'onHold', resolve: 'resolved', cancel: 'canceled' },
  onHold: { resume: 'inProgress', cancel: 'canceled' },
  resolved: { serveAgain: 'inProgress', close: 'closed' },
  closed: {},
  rejected: {},
  canceled: {},
};

/** The status a move leads to, or undefined when it is not allowed now. */
export function moveCase(status: CaseStatus, move: CaseMove): CaseStatus | undefined {
  return moves[status][move];
}

/** True when nothing more can happen in this cycle. */
export function isEnded(status: CaseStatus): boolean {
  return status === 'closed' || status === 'rejected' || status === 'canceled';
}

const everyone = roles.filter((role) => role !== 'auditor');

/** Who may do what, whatever the case's status (403 otherwise). */
export const actionRoles: Record<ActionName, Role[]> = {
  escalate: ['hotline', 'engineer', 'support', 'supervisor', 'manager'],
  acknowledge: ['supervisor', 'manager'],
  hold: ['hotline', 'engineer', 'supervisor'],
  resume: ['hotline', 'engineer', 'supervisor'],
  reassign: ['supervisor'],
  waive: ['supervisor'],
  reject: ['hotline', 'supervisor'],
  cancel: ['hotline', 'supervisor'],
  close: ['supervisor'],
  note: everyone,
  requestSupport: ['engineer'],
  extendLoan: ['partsKeeper', 'supervisor'],
  writeOffLoan: ['supervisor'],
  divert: ['supervisor'],
};

/** Blockers that no supervisor has waived. */
export function standingBlockers(view: Pick<CaseView, 'blockers' | 'waivers'>): Blocker[] {
  return view.blockers.filter(
    (blocker) => !view.waivers.some((waiver) => waiver.id === blocker.id),
  );
}

type Situation = Pick<
  CaseView,
  'status' | 'alertLevel' | 'alertAcknowledged' | 'blockers' | 'waivers' | 'completedAt'
> & {
  /** Partners that the case has waited for a while, its loans included; left out: none. */
  partnerWaits?: WaitingOn[];
};
const hasOpenLoan = (now: Situation) => now.blockers.some((blocker) => blocker.kind === 'openLoan');

const possible: Record<ActionName, (now: Situation) => boolean> = {
  escalate: (now) => !isEnded(now.status) && now.alertLevel < 3,
  acknowledge: (now) => !isEnded(now.status) && now.alertLevel > 0 && !now.alertAcknowledged,
  hold: (now) => moveCase(now.status, 'hold') !== undefined,
  resume: (now) => now.status === 'onHold',
  reassign: (now) => !isEnded(now.status),
  waive: (now) => !isEnded(now.status) && standingBlockers(now).some((blocker) => blocker.waivable),
  reject: (now) => moveCase(now.status, 'reject') !== undefined,
  cancel: (now) => moveCase(now.status, 'cancel') !== undefined && !now.completedAt,
  close: (now) => now.status === 'resolved' && standingBlockers(now).length === 0,
  note: (now) => !isEnded(now.status),
  requestSupport: (now) => now.status === 'inProgress',
  extendLoan: (now) => hasOpenLoan(now),
  writeOffLoan: (now) => hasOpenLoan(now),
  divert: (now) => (now.partnerWaits ?? []).length > 0,
};

/** True when the action would be taken now, whoever asks. */
export function isPossible(action: ActionName, now: Situation): boolean {
  return possible[action](now);
}

/** What this role may do now: what is listed succeeds, what is not is refused (N20). */
export function allowedActions(role: Role, now: Situation): ActionName[] {
  return (Object.keys(possible) as ActionName[]).filter(
    (action) => actionRoles[action].includes(role) && isPossible(action, now),
  );
}
