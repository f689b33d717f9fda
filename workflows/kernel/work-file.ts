/** The file that one workflow keeps: its state, the steps it has behind it, and the waits between them. */
import {
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import type { Actor, CaseView, Envelope, TimelineEvent, WaitingOn } from '../../domain/case.ts';
import type { PartnerCall } from './partners.ts';
import type { CaseState, Ending } from './state.ts';

/** Which workflow this is, and what it may ask of the kernel. */
export interface Identity {
  caseNumber: string;
  cycle: number;
  /** Before each task id: empty for a case, `loan1-` for a child. */
  prefix: string;
  /** Milliseconds a task of this name may stay open, or undefined when it has no due time. */
  taskDueMs: (task: string) => number | undefined;
  /** The case's read model; null for a child, whose record another service keeps. */
  view: () => CaseView | null;
  /** What an accepted answer means for the workflow as a whole: first contact, the end of a hold. */
  onAnswer: (act: Pick<Envelope<unknown>, 'actor' | 'actId'>, isContact: boolean) => void;
  /** True while a cancel from the engine itself may end it. */
  mayCancel: () => boolean;
  /** A rehearsal: nobody is told anything (FLOW-DRILL). */
  drill: boolean;
  /** The input of the next run, given the state to carry. */
  next: (carried: CaseState) => unknown;
}

export interface WorkFile {
  readonly identity: Identity;
  readonly state: CaseState;
  /** The flow's own scope: ended early by a cancel or a supervisor's close. */
  readonly scope: CancellationScope;
  /** How often each step was reached in this run. */
  readonly reached: Map<string, number>;
  /** Before the keys of steps that are taken inside another one; empty outside. */
  inside: string;
  /** Set when the loops beside the flow should end once they have nothing left to do. */
  draining: boolean;
  /** Moments that a wait is woken at by the kernel's one timer. */
  readonly alarms: Set<{ at: number; summary: string }>;
  /** Calls to services under way. */
  readonly partnerCalls: Set<PartnerCall>;
  /** Loops of the kernel that are in the middle of a call. */
  busy: number;
  /** Steps of our own books under way: what follows from them is written together with what led to them. */
  booking: number;
  actsInRun: number;
}

export const now = (): number => Date.now();
export const isoNow = (): string => new Date(now()).toISOString();
export const theFlow: Actor = { id: 'system:flow', role: 'system' };

export function newWorkFile(identity: Identity, state: CaseState): WorkFile {
  state.waits = [];
  return {
    identity,
    state,
    // shielded: the engine's own cancel ends the flow only when `mayCancel` says so
    scope: new CancellationScope({
      cancellable: true,
      parent: new CancellationScope({ cancellable: false }),
    }),
    reached: new Map(),
    alarms: new Set(),
    inside: '',
    partnerCalls: new Set(),
    draining: false,
    busy: 0,
    booking: 0,
    actsInRun: 0,
  };
}

/** Puts a line on the timeline. It is written with the next step of the read model. */
export function publish(file: WorkFile, event: Partial<TimelineEvent> & { kind: string }): number {
  file.state.unpublished.push({
    at: isoNow(),
    actor: theFlow,
    reason: null,
    subject: null,
    updateId: null,
    detail: {},
    ...event,
  });
  file.state.revision += 1;
  return file.state.revision;
}

/** Ends the flow's scope before its own end. The status moves at once, so that nothing else is let in; `settle` does what is owed. */
export function endFlow(file: WorkFile, ending: Ending): void {
  Object.assign(file.state, { ending, status: ending.kind, openTasks: [] });
  file.scope.cancel();
}

/** Which occurrence of the step comes next: counts on over rounds, continued runs and cycles. Those of the second are 101 and on, so
 *  that no task and no loan of a case has the number of an earlier cycle's. */
export const nextOccurrence = (file: WorkFile, step: string): number =>
  (file.reached.get(step) ?? beforeCycle(file)) + 1;

const beforeCycle = ({ identity }: WorkFile): number => (identity.cycle - 1) * 100;

/** Takes steps inside another one: a continued run that finds that one done does not walk past them, and must not count them. */
export function inside(file: WorkFile, step: string, run: () => void): void {
  const outer = file.inside;
  file.inside = `${outer}${step}/`;
  try {
    run();
  } finally {
    file.inside = outer;
  }
}

const reach = (file: WorkFile, step: string): number => {
  const occurrence = nextOccurrence(file, step);
  file.reached.set(step, occurrence);
  return occurrence;
};

/** The effect key that this step will have when it is reached next (D2): `C-000001/1/dispatch.book/1`. */
export function nextKey(file: WorkFile, step: string): string {
  return keyOf(file, step, nextOccurrence(file, step));
}

export function keyOf(file: WorkFile, step: string, occurrence: number): string {
  return `${workflowInfo().workflowId}/${file.identity.cycle}/${step}/${occurrence}`;
}

/** Runs a step of the flow, or gives what it gave in an earlier run: so a continued run walks to where the last one stood. */
export async function recall<T>(
  file: WorkFile,
  step: string,
  run: (occurrence: number) => Promise<T>,
): Promise<T> {
  const occurrence = reach(file, step);
  const { journal } = file.state;
  const key = `${step}-${occurrence}`;
  if (!(key in journal)) journal[key] = (await run(occurrence)) ?? null;
  return journal[key] as T;
}

/** As `recall`, for a step inside another one, named by its key: a continued run that finds that one done does not walk past this one,
 *  and must not count it. `run` is given a number of its own, which it keeps: people see it. */
export const recallInside = <T>(
  file: WorkFile,
  outer: string,
  step: string,
  run: (numbered: number) => Promise<T>,
): Promise<T> =>
  // no `async` here: one more step between would reorder what recorded histories did at once
  recall(file, `${outer}/${step}`, (occurrence) =>
    run(numberOf(file, step, `${outer}/${step}-${occurrence}/number`)),
  );

function numberOf(file: WorkFile, step: string, key: string): number {
  const { journal } = file.state;
  const latest = `${step}/latest`;
  journal[key] ??= journal[latest] = 1 + ((journal[latest] as number) ?? beforeCycle(file));
  return journal[key] as number;
}

/** As `recall`, for a step that needs no wait. */
export function once(file: WorkFile, step: string, run: (occurrence: number) => void): void {
  const counted = `${file.inside}${step}`;
  const occurrence = reach(file, counted);
  const key = `${counted}-${occurrence}`;
  if (key in file.state.journal) return;
  file.state.journal[key] = true;
  run(occurrence);
}

/** The instant of this place in the flow (ISO 8601); a continued run keeps it. */
export const begunAt = (file: WorkFile): Promise<string> =>
  recall(file, 'begunAt', async () => isoNow());

/** Shows what the case waits for while `work` is under way. */
export async function waitingFor<T>(
  file: WorkFile,
  what: string,
  who: string,
  work: () => Promise<T>,
): Promise<T> {
  const wait: WaitingOn = { what, who, since: isoNow() };
  file.state.waits.push(wait);
  try {
    return await work();
  } finally {
    file.state.waits = file.state.waits.filter((other) => other !== wait);
  }
}

/** Waits until the predicate holds; a run that has grown long continues as new from here. */
export async function until(file: WorkFile, holds: () => boolean): Promise<void> {
  await condition(() => holds() || hasGrownLong(file));
  if (!holds()) await startNextRun(file);
}

/** As `until`, but no longer than to the moment (epoch milliseconds): false when it came first. `summary` labels the timer. */
export async function untilMoment(
  file: WorkFile,
  holds: () => boolean,
  at: number,
  summary: string,
): Promise<boolean> {
  const alarm = { at, summary };
  file.alarms.add(alarm);
  try {
    await until(file, () => holds() || now() >= at);
  } finally {
    file.alarms.delete(alarm);
  }
  return holds();
}

/** The server refuses the 2,001st update of a run and ends a history at 51,200 events: leave well before (I18). */
function hasGrownLong(file: WorkFile): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > 8_000 || file.actsInRun >= 1_500;
}

async function startNextRun(file: WorkFile): Promise<never> {
  file.draining = true;
  await condition(() => file.busy === 0);
  const next = makeContinueAsNewFunc<(input: unknown) => Promise<unknown>>();
  return next(
    file.identity.next({ ...file.state, waits: [], acts: latest(file.state.acts, 1_000) }),
  );
}

const latest = (acts: Record<string, number>, count: number) =>
  Object.fromEntries(Object.entries(acts).slice(-count));
