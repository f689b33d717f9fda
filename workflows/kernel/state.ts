/** What a workflow of ours knows, as plain JSON from day one, so that any of them can continue as new. */
import type { ServiceCall } from '../../activities/diverted.ts';
import type {
  Actor,
  AlertLevel,
  Blocker,
  CaseStatus,
  CaseView,
  HoldReason,
  OpenTask,
  TimelineEvent,
  WaitingOn,
} from '../../domain/case.ts';
import { type Clock, clockState, dueAt } from '../../domain/clock.ts';
import type { Recipient, SendRequest } from '../../domain/message.ts';
import { isEnded } from '../../domain/status.ts';

/** A step to take back, by name with JSON arguments, last first. */
export interface Undo {
  name: string;
  args: Record<string, string>;
}

/** A message that waits its turn: messages of one case go out in business order (I7). */
export type Message = Omit<SendRequest, 'caseNumber' | 'effectKey' | 'recipient'> & {
  recipient: Recipient;
};

/** Why the work ends before its own end. */
export interface Ending {
  kind: 'rejected' | 'canceled' | 'closed';
  actor: Actor;
  reason: string;
}

export interface CaseState {
  status: CaseStatus;
  heldFrom: CaseStatus | null;
  /** Epoch milliseconds of the hold; null while it is not held. */
  heldAt: number | null;
  holdReason: HoldReason | null;
  stage: string;
  /** Null while it stands as it was opened. */
  severity: CaseView['severity'] | null;
  alertLevel: AlertLevel;
  alertAcknowledged: boolean;
  /** When the alert rises a level unless acknowledged, epoch milliseconds. */
  alertRisesAt: number | null;
  assignee: string | null;
  clocks: Record<string, Clock>;
  openTasks: OpenTask[];
  blockers: Blocker[];
  waivers: CaseView['waivers'];
  /** Effects under way and other waits that are not for a task. */
  waits: WaitingOn[];
  ending: Ending | null;
  outcome: string | null;
  completedAt: string | null;
  closedAt: string | null;
  facts: Record<string, unknown>;
  /** Counts what happened; the read model carries the highest it has seen. */
  revision: number;
  /** The revision that the read model was last told. */
  published: number;
  /** What each finished step of the flow gave, by step and occurrence: a continued run finds its place by it. */
  journal: Record<string, unknown>;
  undos: Undo[];
  /** Services that a supervisor diverted to the built-in one; left out: none. */
  diverted?: ServiceCall['service'][];
  /** What stands at partners: told the built-in service before it goes on. */
  atPartner?: ServiceCall[];
  messages: Message[];
  messagesSent: number;
  /** Acts that were applied, so that a repetition gives the first answer, also in a continued run. */
  acts: Record<string, number>;
  unpublished: TimelineEvent[];
}

export function newState(): CaseState {
  return {
    status: 'new',
    heldFrom: null,
    heldAt: null,
    holdReason: null,
    stage: '',
    severity: null,
    alertLevel: 0,
    alertAcknowledged: false,
    alertRisesAt: null,
    assignee: null,
    clocks: {},
    openTasks: [],
    blockers: [],
    waivers: [],
    waits: [],
    ending: null,
    outcome: null,
    completedAt: null,
    closedAt: null,
    facts: {},
    revision: 0,
    published: 0,
    journal: {},
    undos: [],
    messages: [],
    messagesSent: 0,
    acts: {},
    unpublished: [],
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

/** What the world waits for: an effect under way first, then a person, then a message or an undo under way, then nothing. */
function waitingOn(state: CaseState, calls: WaitingOn[]): WaitingOn | null {
  const failure = state.openTasks.find((task) => task.name === 'resolveFailure');
  const [wait] = state.waits;
  if (wait && !failure) return wait;
  const task = failure ?? state.openTasks[0];
  if (!task) return calls[0] ?? null;
  return { what: task.name, who: task.assignee ?? task.role, since: task.openedAt };
}

function nextDueAt(state: CaseState, now: number): string | null {
  const running = Object.values(state.clocks).filter(
    (clock) => clockState(clock, now) === 'running',
  );
  const due = [
    ...running.map((clock) => iso(dueAt(clock, now))),
    ...state.openTasks.flatMap((task) => task.dueAt ?? []),
  ];
  return due.sort()[0] ?? null;
}

/** The read model of a case, derived: nothing in it is kept twice. */
export function viewOf(
  caseNumber: string,
  flow: string,
  cycle: number,
  severity: CaseView['severity'],
  state: CaseState,
  now: number,
  calls: WaitingOn[] = [],
): CaseView {
  return {
    caseNumber,
    flow,
    cycle,
    severity: state.severity ?? severity,
    status: state.status,
    stage: state.stage,
    alertLevel: state.alertLevel,
    alertAcknowledged: state.alertAcknowledged,
    holdReason: state.holdReason,
    assignee: state.assignee,
    clocks: Object.values(state.clocks).map((clock) => ({
      name: clock.plan.name,
      startedAt: iso(clock.startedAt),
      dueAt: iso(dueAt(clock, now)),
      state: clockState(clock, now),
      metAt: clock.metAt === null ? null : iso(clock.metAt),
    })),
    nextDueAt: isEnded(state.status) ? null : nextDueAt(state, now),
    waitingOn: isEnded(state.status) ? (calls[0] ?? null) : waitingOn(state, calls),
    blockers: state.blockers,
    waivers: state.waivers,
    outcome: state.outcome,
    completedAt: state.completedAt,
    closedAt: state.closedAt,
    facts: state.facts,
  };
}
