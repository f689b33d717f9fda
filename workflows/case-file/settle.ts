/** Runs a flow to its end, whichever it is: done, closed by a supervisor, canceled with its effects undone, or continued as new. */
import { cancelClock } from '../../domain/clock.ts';
import { askWithin } from '../kernel/ask.ts';
import { failureOf } from '../kernel/calls.ts';
import { ErrandFailure } from '../kernel/errands.ts';
import { isInterruption, isWalking, until } from '../kernel/journal.ts';
import { dismissCallers, keepUntilDone, live } from '../kernel/life.ts';
import {
  type Ending,
  interrupt,
  now,
  type Run,
  report,
  type State,
  type Undo,
} from '../kernel/run.ts';
import { raise } from './alerts.ts';

/** How a workflow of ours ended; also its result in the engine. */
export interface Settled {
  caseNumber: string;
  cycle: number;
  status: string;
  outcome: string;
}

/** How each undo by name is done; harmless when the step never happened. */
export type Undos = Record<string, (args: Record<string, string>) => Promise<unknown>>;
export interface UndoList {
  /** Registered before its step, beside it; run last first when the case is canceled. */
  add(name: string, args: Record<string, string>): void;
}

export interface Settlement {
  undos: Undos;
  /** What is owed once the work is over, however it ended: filing a closed case, telling the customer of a canceled one. */
  finish: (kind: Ending['kind'], outcome: string) => Promise<void>;
  /** The input of the next run, given what it carries on. */
  next: (carried: State) => unknown;
  work: (undo: UndoList) => Promise<string>;
}

const theEngine = { id: 'system:engine', role: 'system' } as const;

/** Runs the work, with the house kept beside it. A run that can't claim its cycle ends without a trace (D5, I12). */
export const settleRun = (run: Run, settlement: Settlement): Promise<Settled> =>
  live(
    run,
    () => cancelFromEngine(run),
    async () => {
      if (!(await run.identity.claim())) {
        await dismissCallers(run);
        return settled(run, 'notClaimed');
      }
      let outcome = '';
      const finish = (ended: string) => {
        outcome = ended;
        run.finished = true;
      };
      const work = run.state.lost ? callForHelp(run) : runWork(run, settlement).then(finish);
      await keepUntilDone(run, work, settlement.next);
      return settled(run, outcome);
    },
  );

async function runWork(run: Run, { undos, finish, work }: Settlement): Promise<string> {
  const undo: UndoList = {
    add: (name, args) => {
      if (!isWalking(run)) run.state.undos.push({ name, args });
    },
  };
  try {
    const outcome = await work(undo);
    if (isWalking(run)) await until(run, () => true);
    await finish('closed', outcome);
    return outcome;
  } catch (error) {
    if (!isInterruption(error)) throw error;
    beginEnding(run);
    return endEarly(run, undos, finish);
  }
}

/** Nothing is done twice: a supervisor has the walk tried again, on a build that knows the way, or cancels the case. */
async function callForHelp(run: Run): Promise<void> {
  const { state, ahead } = run;
  const open = state.openTasks.find(({ context }) => context.effect === 'walk');
  if (!open) {
    state.refusals += 1;
    report(run, { kind: 'placeLost', detail: { ahead: [...ahead] } });
  }
  ahead.clear();
  const number = open ? Number(open.id.split('-').at(-1)) : state.refusals;
  const why = { effect: 'walk', failure: 'placeLost', decisions: ['tryAgain' as const] };
  try {
    await askWithin(run, 'resolveFailure', number, why);
  } catch (error) {
    if (!isInterruption(error)) throw error;
  }
  state.lost = false;
  run.again = true;
}

/** From here on waits are those of the ending; the work's own steps are no longer walked to. */
function beginEnding(run: Run): void {
  run.phase = 'end:';
  run.interrupted = false;
  for (const key of run.ahead) if (!key.startsWith(run.phase)) run.ahead.delete(key);
}

async function endEarly(run: Run, undos: Undos, finish: Settlement['finish']): Promise<string> {
  const kind = run.state.ending?.kind ?? 'canceled';
  const outcome = kind === 'closed' ? 'closedBySupervisor' : kind;
  if (kind !== 'closed') await takeBack(run, undos);
  await finish(kind, outcome);
  return outcome;
}

/** Last first. What can't be undone is said, and somebody is alarmed; the others are undone all the same. */
async function takeBack(run: Run, undos: Undos): Promise<void> {
  const { undos: list, clocks } = run.state;
  while (list.length > 0) {
    const undo = list.at(-1);
    if (undo) await takeOneBack(run, undos, undo);
    list.pop();
  }
  for (const clock of Object.values(clocks)) cancelClock(clock, now());
}

async function takeOneBack(run: Run, undos: Undos, { name, args }: Undo): Promise<void> {
  try {
    await undos[name]?.(args);
    report(run, { kind: 'undone', subject: name, detail: args });
  } catch (error) {
    if (!(error instanceof ErrandFailure)) throw error;
    const detail = { ...args, failure: failureOf(error.cause) };
    report(run, { kind: 'notUndone', subject: name, detail });
    raise(run, 3, `not undone: ${name}`);
  }
}

/** The Temporal UI's own cancel: as a supervisor's while it may be canceled, and only a line on the timeline later. */
function cancelFromEngine(run: Run): void {
  if (run.state.ending || !run.identity.mayCancel()) {
    const reason = 'canceled in the engine, too late';
    report(run, { kind: 'refused', actor: theEngine, subject: 'cancel', reason });
    return;
  }
  const asked = { actor: theEngine, reason: 'canceled in the engine' };
  interrupt(run, { kind: 'canceled', ...asked });
  report(run, { kind: 'cancelAsked', ...asked });
}

const settled = ({ identity, state }: Run, outcome: string): Settled => ({
  caseNumber: identity.caseNumber,
  cycle: identity.cycle,
  status: state.status,
  outcome,
});
