/** The steps of a flow, by name and occurrence, and the waits between them. A continued run walks to where the last one stood. */
import { ApplicationFailure, deprecatePatch, patched } from '@temporalio/workflow';
import { beforeCycle, type Entry, isoNow, now, type Run } from './run.ts';
import { asleep } from './turns.ts';

/** A step that is under way. */
export interface Place {
  /** `reportRepair-2`: its name in the journal, and of a task. */
  key: string;
  /** `C-000001/1/dispatch.book/1`: of an effect (D2). */
  effectKey: string;
  entry: Entry;
}

/** True until the walk has come to every step that earlier runs began: nothing said on the way is said again. */
export const isWalking = (run: Run): boolean => run.ahead.size > 0;

/** Runs a step of the flow, or gives what it gave in an earlier run. One that no earlier run began waits for the walk to end. */
export async function step<T>(
  run: Run,
  name: string,
  work: (place: Place) => T | Promise<T>,
): Promise<T> {
  const occurrence = nextOccurrence(run, name);
  run.reached.set(name, occurrence);
  const key = `${run.phase}${name}-${occurrence}`;
  const { journal } = run.state;
  if (!journal[key] && isWalking(run)) await until(run, () => true);
  journal[key] ??= { done: false, since: isoNow() };
  const entry = journal[key];
  run.ahead.delete(key);
  if (!entry.done) {
    const value = await work({ key, effectKey: keyOf(run, name, occurrence), entry });
    journal[key] = { done: true, since: entry.since, value };
  }
  if (entry.corrected) throw corrected();
  return journal[key]?.value as T;
}

/** Which occurrence of the step comes next; counts on over rounds, continued runs and cycles. */
export const nextOccurrence = (run: Run, name: string): number =>
  (run.reached.get(name) ?? beforeCycle(run.identity.cycle)) + 1;

/** The effect key that this step will have when it is reached next. */
export const nextKey = (run: Run, name: string): string =>
  keyOf(run, name, nextOccurrence(run, name));

const keyOf = ({ identity }: Run, name: string, occurrence: number) =>
  `${identity.workflowId}/${identity.cycle}/${name}/${occurrence}`;

/** True when the case takes the changed way: false for one that passed the place on the old code, whichever run it did so in.
 *  Decided once per case, then remembered (docs/changing-flows.md). */
export function changed(run: Run, change: string): boolean {
  const { changes } = run.state;
  changes[change] ??= !isWalking(run) && patched(change);
  return changes[change];
}

/** Second step of a change, once no open case goes the old way. */
export const changedForGood = (change: string): void => deprecatePatch(change);

/** The wait of a flow: until it holds, and the walk is over. Fails when the work is ended meanwhile. */
export const until = (run: Run, holds: () => boolean): Promise<void> =>
  asleep(
    run.sleepers,
    () => run.interrupted || (!isWalking(run) && holds()),
    () => (run.interrupted ? interruption() : null),
  );

/** As `until`, but no longer than to the moment (epoch milliseconds): false when it came first. `summary` labels the timer. */
export async function untilMoment(
  run: Run,
  holds: () => boolean,
  at: number,
  summary: string,
): Promise<boolean> {
  const alarm = { at, summary };
  let held = false;
  run.alarms.add(alarm);
  try {
    await until(run, () => {
      held = holds();
      return held || now() >= at;
    });
  } finally {
    run.alarms.delete(alarm);
  }
  return held;
}

/** Says what the case waits for while `work` is under way, in whichever row is written meanwhile. */
export async function shown<T>(
  run: Run,
  [what, who, since]: [what: string, who: string, since: string],
  work: () => Promise<T>,
): Promise<T> {
  const wait = { what, who, since };
  run.waits.push(wait);
  try {
    return await work();
  } finally {
    run.waits = run.waits.filter((other) => other !== wait);
  }
}

const interruption = () => ApplicationFailure.nonRetryable('ended before its end', 'interrupted');
/** An effect was refused for good, and a supervisor has the answer corrected that it followed from. */
export const corrected = () => ApplicationFailure.nonRetryable('to be answered anew', 'corrected');
const isA = (error: unknown, type: string) =>
  error instanceof ApplicationFailure && error.type === type;
export const isInterruption = (error: unknown): boolean => isA(error, 'interrupted');
export const isCorrection = (error: unknown): boolean => isA(error, 'corrected');
