/** One run of a workflow of ours: what it knows, as plain JSON that a next run can carry on, and what happens in it. */
import type { CancellationScope } from '@temporalio/workflow';
import type { ServiceCall } from '../../activities/diverted.ts';
import type { Actor, AlertLevel, CaseView, TimelineEvent, WaitingOn } from '../../domain/case.ts';
import type { Recipient, SendRequest } from '../../domain/message.ts';
import type { CasePlan } from '../../domain/plan.ts';
import { newStanding, type Standing } from '../../domain/standing.ts';
import type { Sleeper } from './turns.ts';

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

/** A step of the flow, entered when it begins: a next run finds its place by it. */
export interface Entry {
  done: boolean;
  /** When it began, ISO 8601. */
  since: string;
  value?: unknown;
  /** What a service was asked, while it is under way: asked the same again, whatever has changed meanwhile. */
  request?: object;
  /** A refusal for good that a supervisor has yet to decide on, and the number of that task. */
  refused?: { failure: string; number: number };
  /** A supervisor had the answer behind it corrected: the effect was given up. */
  corrected?: true;
  /** How many of a task's reminders were said. */
  reminded?: number;
}

/** All that a next run carries on. */
export interface State extends Standing {
  ending: Ending | null;
  /** Counts what happened; the read model carries the highest it has seen. */
  revision: number;
  /** The revision that a row of the read model is due for. */
  due: number;
  /** The revision that the read model was last given. */
  published: number;
  journal: Record<string, Entry>;
  /** Whether the case takes a changed way, decided once per change. */
  changes: Record<string, boolean>;
  /** The walk did not come to where an earlier run stood: a supervisor decides what follows. */
  lost: boolean;
  undos: Undo[];
  /** Refusals for good, counted over all effects. */
  refusals: number;
  diverted: ServiceCall['service'][];
  /** What stands at partners: told the built-in service before it goes on. */
  atPartner: ServiceCall[];
  /** Workflow ids of children that have not ended. */
  children: string[];
  messages: Message[];
  messagesSent: number;
  /** Acts that were applied, so that a repetition gives the first answer, also in a continued run. */
  acts: Record<string, number>;
  unpublished: TimelineEvent[];
}

/** What the kernel asks of a plan. */
export type Promises = Pick<
  CasePlan,
  'drill' | 'territory' | 'taskDueMs' | 'acknowledgeWithinMs'
> & { clocks?: CasePlan['clocks'] };

/** Something that falls due, epoch milliseconds; `summary` labels the timer. */
export interface Moment {
  at: number;
  summary: string;
  happen: () => void;
}

/** Which workflow this is, and what it makes of what the kernel tells it. */
export interface Identity {
  caseNumber: string;
  workflowId: string;
  cycle: number;
  plan: Promises;
  /** Before each task id: empty for a case, `loan1-` for a child. */
  prefix: string;
  /** Claims the cycle for this chain of runs; false: another has it. */
  claim: () => Promise<boolean>;
  /** What the read model shows of it; null for a child, whose record another service keeps. */
  view: () => CaseView | null;
  /** Whom it waits for outside. */
  partnerWaits: () => WaitingOn[];
  /** What falls due by its clocks and alerts. */
  moments: () => Moment[];
  /** What an accepted answer means for the case as a whole: first contact, the end of a hold. */
  onAnswer: (act: { actor: Actor; actId: string }, isContact: boolean) => void;
  /** Told of each rung that fires, with the level it asks for. */
  onRung: (level: AlertLevel) => void;
  /** True while a cancel from the engine itself may end it. */
  mayCancel: () => boolean;
}

/** Something that is asked of the engine: sent by the house, in the order of keys. */
export interface Errand {
  key: string;
  /** Called again with `isPatient` once a brief try was not answered. */
  send: (isPatient: boolean) => Promise<unknown>;
  /** A question to our own books: asked as a local activity first, since it changes nothing. */
  read: (() => Promise<unknown>) | null;
  /** The call to a partner that it is, with its effect keys (a batch of messages has one each); null for all else. */
  call: (WaitingOn & { keys: string[] }) | null;
  /** Whether the flow waits for it; `unwanted`: no more, it is called off. */
  wanted: 'byFlow' | 'byNobody' | 'unwanted';
  /** It was not answered at once: it is tried for as long as it takes, and seen. */
  isPatient: boolean;
  /** The end of a child, say: the run may end without it. */
  isBeside: boolean;
  /** To be sent anew: patiently, or to the built-in service from now on. */
  again: boolean;
  /** Null before it is sent. */
  scope: CancellationScope | null;
  outcome: { value: unknown } | { error: unknown; number: number } | null;
}

/** A caller who waits for a row. */
export interface Waiter {
  /** The revision that the row must hold; null while it is not known yet. */
  revision: () => number | null;
  give: () => void;
}

export interface Run {
  readonly identity: Identity;
  readonly state: State;
  /** How often each step was reached in this run. */
  readonly reached: Map<string, number>;
  /** Steps that earlier runs began and this one's walk has not come to yet. */
  readonly ahead: Set<string>;
  /** Moments that a wait is woken at by the one timer. */
  readonly alarms: Set<Omit<Moment, 'happen'>>;
  errands: Errand[];
  /** Other waits that are not for a task, shown. */
  waits: WaitingOn[];
  answers: Waiter[];
  /** Waits of the flow. */
  readonly sleepers: Sleeper[];
  /** The work was ended before its own end: every wait of the flow gives up. */
  interrupted: boolean;
  /** Before the keys of steps of an ending: `end:` while a case is taken back. */
  phase: '' | 'end:';
  /** The work is over, and all that is owed by it. */
  finished: boolean;
  /** A next run walks anew, whether this one has grown or not. */
  again: boolean;
  actsInRun: number;
}

export const now = (): number => Date.now();
export const isoNow = (): string => new Date(now()).toISOString();
export const theFlow: Actor = { id: 'system:flow', role: 'system' };

/** A run that begins, or goes on with what an earlier one carried over. */
export function newRun(identity: Identity, carried: State | undefined, begun: object): Run {
  const state: State = carried ?? { ...newState(identity.cycle), ...begun };
  return {
    identity,
    state,
    reached: new Map(),
    ahead: new Set(Object.keys(state.journal)),
    alarms: new Set(),
    ...{ errands: [], waits: [], answers: [], sleepers: [], actsInRun: 0 },
    interrupted: state.ending !== null,
    ...{ phase: '', finished: false, again: false },
  };
}

const newState = (cycle: number): State => ({
  ...newStanding(),
  ending: null,
  ...{ revision: 0, due: 0, published: 0, unpublished: [] },
  ...{ journal: {}, changes: {}, lost: false, acts: {} },
  ...{ undos: [], refusals: beforeCycle(cycle) },
  ...{ diverted: [], atPartner: [], children: [] },
  ...{ messages: [], messagesSent: 0 },
});

/** Occurrences of the second cycle are 101 and on, so that no task and no loan of a case has the number of an earlier cycle's. */
export const beforeCycle = (cycle: number): number => (cycle - 1) * 100;

/** A line for the timeline. */
export type Line = Pick<TimelineEvent, 'kind'> & Partial<TimelineEvent>;

/** Puts a line on the timeline, and gives the revision that holds it: a row of the read model is due. */
export function report(run: Run, line: Line): number {
  mention(run, line);
  run.state.due = run.state.revision;
  return run.state.revision;
}

/** Puts a line on the timeline that is written with the next row: nobody waits for it. */
export function mention({ state }: Run, line: Line): void {
  const nothing = { reason: null, subject: null, updateId: null, detail: {} };
  state.unpublished.push({ at: isoNow(), actor: theFlow, ...nothing, ...line });
  state.revision += 1;
}

/** A row is due although no line says why: what the case waits for has changed. */
export function show({ state }: Run): void {
  state.revision += 1;
  state.due = state.revision;
}

/** Ends the work before its own end. The status moves at once, so that nothing else is let in; `settle` does what is owed. */
export function interrupt(run: Run, ending: Ending): void {
  Object.assign(run.state, { ending, status: ending.kind, openTasks: [] });
  run.interrupted = true;
}
