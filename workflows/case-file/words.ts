/** The words of a flow. What is said is said once per place: a continued run that walks past it again says nothing anew. */
import type { SignalDefinition } from '@temporalio/common';
import type { Effects } from '../../activities/index.ts';
import type { ActionName } from '../../domain/action-contracts.ts';
import type { Actor, Blocker, Envelope, HoldReason, Severity } from '../../domain/case.ts';
import { type Clock, newClock } from '../../domain/clock.ts';
import type { Contexts, TaskName } from '../../domain/flows/tasks.ts';
import type { Recipient, Template } from '../../domain/message.ts';
import type { ClockPlan } from '../../domain/plan.ts';
import { beginHold, block, type TargetsMs } from '../../domain/standing.ts';
import { type CaseMove, isPossible } from '../../domain/status.ts';
import { type Answered, type AskOptions, ask, type Unless } from '../kernel/ask.ts';
import { callOurs, make, type Service } from '../kernel/calls.ts';
import { type Child, signalTo, startChild } from '../kernel/errands.ts';
import { hearSignal, refuse } from '../kernel/hear.ts';
import {
  changed,
  changedForGood,
  isWalking,
  nextKey,
  nextOccurrence,
  shown,
  step,
  until,
  untilMoment,
} from '../kernel/journal.ts';
import {
  type Ending,
  interrupt,
  type Line,
  now,
  type Run,
  report,
  show,
  theFlow,
} from '../kernel/run.ts';
import { type Act, moveStatus, onAction } from './actions.ts';
import { meet, raise, regrade } from './alerts.ts';
import { askUntilTaken, callerFor } from './effects.ts';
import { type Params, tell } from './messages.ts';

/** Who called something off, and why. */
export interface By {
  actor: Actor;
  reason?: string;
}

export type Words<Stage extends string> = ReturnType<typeof wordsOf<Stage>>;

export const wordsOf = <Stage extends string>(run: Run) => ({
  ...waits(run),
  ...effects(run),
  ...standing<Stage>(run),
  ...clocks(run),
  ...messages(run),
  ...children(run),
  ...hearing(run),
});

const saying =
  <Said extends unknown[]>(run: Run, say: (...said: Said) => void) =>
  (...said: Said): void => {
    if (!isWalking(run)) say(...said);
  };

/** A wait that may last: a row is due that shows it. */
function lasting<T>(
  run: Run,
  wait: Parameters<typeof shown>[1],
  work: () => Promise<T>,
): Promise<T> {
  show(run);
  return shown(run, wait, work);
}

const waits = (run: Run) => ({
  /** Waits for a person: opens the task, and gives its answer. `context` is what the example and the bounds of the answer are built from. */
  ask: <Name extends TaskName>(name: Name, context: Contexts[Name], options: AskOptions = {}) =>
    ask(run, name, context, options) as Promise<Answered<Name>>,
  /** As `ask`; withdrawn, with null for an answer, when it is given up or its time is over first. */
  askUnless: <Name extends TaskName>(
    name: Name,
    context: Contexts[Name],
    options: AskOptions & Unless,
  ) => ask(run, name, context, options),
  /** Asks, and carries out what was answered; where an effect is refused for good a supervisor may have it asked anew. */
  askUntilTaken,
  /** Waits for something that is not a task, shown as what the case waits for. */
  until: (what: string, who: string, holds: () => boolean): Promise<void> =>
    step(run, `until.${what}`, ({ entry }) =>
      lasting(run, [what, who, entry.since], () => until(run, holds)),
    ),
  /** Waits for a moment (ISO 8601), shown as what the case waits for. */
  sleepUntil: (at: string, what: string): Promise<void> =>
    step(run, `sleep.${what}`, ({ entry }) =>
      lasting(run, [what, 'clock', entry.since], async () => {
        await untilMoment(run, () => false, Date.parse(at), what);
      }),
    ),
  /** What a look at the case gave at this place: a continued run keeps it. */
  remember: <T>(name: string, look: () => T): Promise<T> => step(run, name, look),
  /** True when the case takes a changed way of the flow (docs/changing-flows.md). */
  changed: (change: string) => changed(run, change),
  /** Every open case takes the changed way, or never comes past it. */
  changedForGood,
});

const effects = (run: Run) => {
  const call = callerFor(run);
  return {
    /** Calls a service, once: `file.call('dispatch', 'book', …)`. `summary` is what an auditor reads in the history. */
    call,
    /** The effect key that a step will have when it comes: an undo is registered by it before the step. */
    keyOfNext: (name: string) => nextKey(run, name),
    /** Takes an effect back, under a key of the undo's own: harmless when it never came. */
    undo: <S extends Service>(
      service: S,
      effect: keyof Effects[S] & string,
      request: { effectKey: string } & Record<string, unknown>,
      summary: string,
    ): Promise<unknown> => make(run, request.effectKey, { service, effect, request, summary }),
  };
};

const standing = <Stage extends string>(run: Run) => ({
  /** The next stage of the process. A child's is not its case's: it is on no timeline. */
  enter: saying(run, (stage: Stage) => {
    run.state.stage = stage;
    if (!run.identity.prefix) report(run, { kind: 'stageEntered', subject: stage });
  }),
  /** Moves the status by the reducer; a move that is not allowed now is left out. */
  move: saying(run, (move: CaseMove) => moveStatus(run, move)),
  /** The case waits for that reason: the clocks it pauses stop. The next answer, or the next move, ends it. */
  hold: saying(run, (reason: HoldReason) => {
    if (!isPossible('hold', run.state)) return;
    beginHold(run.state, { holdReason: reason, reason, actor: theFlow.id }, now());
    report(run, { kind: 'caseHeld', subject: reason });
  }),
  /** Names what the case can't close over; a waiver was for the obligation of an earlier round. */
  block: saying(run, (blocker: Blocker) => block(run.state, blocker)),
  unblock: saying(run, (id: string) => {
    run.state.blockers = run.state.blockers.filter((blocker) => blocker.id !== id);
  }),
  isBlockedBy: (kind: Blocker['kind']) => run.state.blockers.some((one) => one.kind === kind),
  isWaived: (id: string) => run.state.waivers.some((waiver) => waiver.id === id),
  /** Facts of the flow that readers want; numbers and codes only. */
  know: saying(run, (facts: Record<string, unknown>) => void Object.assign(run.state.facts, facts)),
  /** A fact that changes as signals and actions come: carried on, and seen by all who hold it. */
  keep: <Fact extends object>(name: string, begun: Fact): Fact => {
    run.state.facts[name] ??= begun;
    return run.state.facts[name] as Fact;
  },
  assign: saying(run, (staffNumber: string) => {
    run.state.assignee = staffNumber;
  }),
  /** Staff number of who is in charge now; null: nobody. Branched on only through `remember`. */
  assignee: () => run.state.assignee,
  report: saying(run, (line: Line) => void report(run, line)),
});

const clocks = (run: Run) => ({
  /** From now, or from `since`. A clock runs once in a cycle: its verdict never changes. */
  startClock: saying(run, (name: ClockPlan['name'], since?: string) => {
    const plan = run.identity.plan.clocks?.find((clock) => clock.name === name);
    if (plan) run.state.clocks[name] ??= newClock(plan, since ? Date.parse(since) : now());
  }),
  /** Starts a clock of the flow's own making, or starts it anew. */
  setClock: saying(run, (plan: ClockPlan) => {
    run.state.clocks[plan.name] = newClock(plan, now());
  }),
  meetClock: saying(run, (name: ClockPlan['name']) => meet(run, name)),
  clocks: (): Clock[] => Object.values(run.state.clocks),
  /** The severity from now on. Clocks that still run keep what was promised, or less where the new grade's `targetsMs` are shorter. */
  regrade: saying(run, (severity: Severity, targetsMs: TargetsMs = {}) =>
    regrade(run, severity, targetsMs),
  ),
  raiseAlert: saying(run, (level: 1 | 2 | 3, trigger: string) => void raise(run, level, trigger)),
});

const messages = (run: Run) => {
  const customer: Recipient = { kind: 'customer', caseNumber: run.identity.caseNumber };
  return {
    tell: saying(run, (template: Template, to: Recipient, params?: Params) =>
      tell(run, template, to, params),
    ),
    tellCustomer: saying(run, (template: Template, params?: Params) =>
      tell(run, template, customer, params),
    ),
  };
};

const children = (run: Run) => ({
  /** The number that the next child of that kind will have: `loan2`. */
  nextChild: (kind: string) => `${kind}${nextOccurrence(run, `child.${kind}`)}`,
  /** Starts a workflow that may outlive the case, and waits until it has started. */
  startChild: async <Input extends object>(kind: string, child: Child<Input>): Promise<void> => {
    const askForEnd = (workflowId: string) => () =>
      callOurs('endOf', { workflowId }, `wait for ${child.name}`);
    await startChild(run, `child.${kind}`, child, askForEnd);
  },
  /** Tells a child something; one that has ended is told nothing. */
  signalChild: async <T>(
    name: string,
    signal: SignalDefinition<[Envelope<T>]>,
    answer: T,
  ): Promise<void> => {
    const id = `${run.identity.workflowId}/${name}`;
    if (run.state.children.includes(id)) await signalTo(run, id, signal, answer, `${id}/ended`);
  },
  /** Of a child: reports to its case. */
  signalCase: <T>(signal: SignalDefinition<[Envelope<T>]>, answer: T): Promise<void> =>
    step(run, signal.name, ({ effectKey }) =>
      signalTo(run, run.identity.caseNumber, signal, answer, effectKey),
    ),
  /** Services that a supervisor diverted to the built-in ones: a child begins so. */
  diverted: () => run.state.diverted,
  /** Of a child: how it ended. */
  end: (status: Ending['kind'], outcome: string): void =>
    void Object.assign(run.state, { status, outcome, openTasks: [] }),
  /** Ends the work before its own end. */
  endEarly: ({ actor, reason = 'not needed' }: By) =>
    interrupt(run, { kind: 'canceled', actor, reason }),
});

const hearing = (run: Run) => ({
  /** Hears a signal: `take` gives a line for the timeline, null for none, or why it is ignored. */
  hear: <T>(
    signal: SignalDefinition<[Envelope<T>]>,
    take: (said: unknown, by: By) => Line | string | null,
  ): void => hearSignal(run, signal, take),
  /** Hears an action of the flow's own: `check` gives why it is refused, `take` the line for the timeline. */
  hearAction: <Name extends ActionName>(
    name: Name,
    check: (act: Act<Name>) => ['illegalTransition' | 'invalidAnswer', string] | null,
    take: (act: Act<Name>) => Line,
  ): void =>
    onAction(run, name, {
      check: (act) => {
        const refused = check(act);
        if (refused) refuse(run, ...refused);
      },
      apply: (act) => {
        const { actor, actId: updateId, answer } = act;
        return report(run, { actor, updateId, reason: answer.reason, ...take(act) });
      },
    }),
});
