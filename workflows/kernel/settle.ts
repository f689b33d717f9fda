/** Runs a flow to its end, whichever it is: done, closed by a supervisor, canceled with its effects undone, or continued as new. */
import {
  CancellationScope,
  ContinueAsNew,
  isCancellation,
  setDefaultSignalHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { cancelClock } from '../../domain/clock.ts';
import { failureOf } from './call.ts';
import { type Alerting, keepClocks, raiseAlert } from './clocks.ts';
import { keepBooks } from './effects.ts';
import { keepMessages } from './messages.ts';
import { listenToDiversions } from './partners.ts';
import { ignoreSignal, keepReadModel } from './read-model.ts';
import type { Ending, Undo } from './state.ts';
import { endFlow, now, once, publish, theFlow, type WorkFile } from './work-file.ts';

/** How a workflow of ours ended; also its result in the engine. */
export interface Settled {
  caseNumber: string;
  cycle: number;
  status: string;
  outcome: string;
}

/** How each undo by name is done; harmless when the step never happened. */
export type Undos = Record<
  string,
  (args: Record<string, string>, file: WorkFile) => Promise<unknown>
>;
export interface UndoList {
  /** Registered before its step, beside it; run last first when the case is canceled. */
  add(name: string, args: Record<string, string>): void;
}

export interface Settlement {
  alerting: Alerting;
  undos: Undos;
  /** What is owed once the work is over, however it ended: filing a closed case, telling the customer of a canceled one. */
  finish: (kind: Ending['kind'], outcome: string) => Promise<void>;
}

const theEngine = { id: 'system:engine', role: 'system' } as const;

/** Runs `work`; the kernel's loops run beside it and end with it. A run that can't claim its cycle ends without a trace (D5, I12). */
export async function settle(
  file: WorkFile,
  { alerting, undos, finish }: Settlement,
  work: (undo: UndoList) => Promise<string>,
): Promise<Settled> {
  listenToDiversions(file);
  // last of all handlers: what they don't know is said on the timeline
  setDefaultSignalHandler((name) => ignoreSignal(file, name.slice(0, 80), 'not known here'));
  const operatorCancels = CancellationScope.current().cancelRequested;
  operatorCancels.catch(() => cancelFromEngine(file));
  return CancellationScope.nonCancellable(async () => {
    if (!(await claim(file))) return settled(file, 'notClaimed');
    const loops = Promise.all([
      keepReadModel(file),
      keepMessages(file),
      keepClocks(file, alerting),
    ]);
    const outcome = await runWork(file, undos, work, finish, alerting);
    file.draining = true;
    await loops;
    upsertMemo({ status: file.state.status, outcome, closedAt: file.state.closedAt });
    return settled(file, outcome);
  });
}

async function runWork(
  file: WorkFile,
  undos: Undos,
  work: (undo: UndoList) => Promise<string>,
  finish: Settlement['finish'],
  alerting: Alerting,
): Promise<string> {
  const list: UndoList = {
    add: (name, args) =>
      once(file, `undo.${name}`, () => void file.state.undos.push({ name, args })),
  };
  try {
    const outcome = await file.scope.run(() => work(list));
    await finish('closed', outcome);
    return outcome;
  } catch (error) {
    if (error instanceof ContinueAsNew || !isCancellation(error)) throw error;
    return endEarly(file, undos, finish, alerting);
  }
}

async function endEarly(
  file: WorkFile,
  undos: Undos,
  finish: Settlement['finish'],
  alerting: Alerting,
): Promise<string> {
  const kind = file.state.ending?.kind ?? 'canceled';
  const outcome = kind === 'closed' ? 'closedBySupervisor' : kind;
  if (kind !== 'closed') await takeBack(file, undos, alerting);
  await finish(kind, outcome);
  return outcome;
}

async function takeBack(file: WorkFile, undos: Undos, alerting: Alerting): Promise<void> {
  for (const undo of [...file.state.undos].reverse()) {
    try {
      await undos[undo.name]?.(undo.args, file);
      publish(file, { kind: 'undone', subject: undo.name, detail: undo.args });
    } catch (error) {
      sayNotUndone(file, undo, failureOf(error), alerting);
    }
  }
  for (const clock of Object.values(file.state.clocks)) cancelClock(clock, now());
}

function sayNotUndone(file: WorkFile, undo: Undo, failure: string, alerting: Alerting): void {
  publish(file, { kind: 'notUndone', subject: undo.name, detail: { ...undo.args, failure } });
  raiseAlert(file, 3, `not undone: ${undo.name}`, theFlow, null, alerting);
}

/** The Temporal UI's own cancel: as a supervisor's while it may be canceled, and only a line on the timeline later. */
function cancelFromEngine(file: WorkFile): void {
  if (file.state.ending || !file.identity.mayCancel()) {
    publish(file, {
      kind: 'refused',
      actor: theEngine,
      subject: 'cancel',
      reason: 'canceled in the engine, too late',
    });
    return;
  }
  const asked = { actor: theEngine, reason: 'canceled in the engine' };
  endFlow(file, { kind: 'canceled', ...asked });
  publish(file, { kind: 'cancelAsked', ...asked });
}

async function claim(file: WorkFile): Promise<boolean> {
  if (file.identity.prefix) return true;
  const { caseNumber, cycle } = file.identity;
  const { firstExecutionRunId } = workflowInfo();
  return keepBooks(
    'claimCycle',
    { caseNumber, cycle, firstExecutionRunId },
    `claim cycle ${cycle}`,
  );
}

const settled = (file: WorkFile, outcome: string): Settled => ({
  caseNumber: file.identity.caseNumber,
  cycle: file.identity.cycle,
  status: file.state.status,
  outcome,
});
