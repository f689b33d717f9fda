/** The life of a run: nothing from outside cuts it short. It ends when all is done, or goes on as a new run. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  setDefaultSignalHandler,
} from '@temporalio/workflow';
import { ignoreSignal } from './hear.ts';
import { keepHouse } from './house.ts';
import type { Run, State } from './run.ts';

/** Lives a run whose handlers stand. A cancel from the engine is told to `onCancel`, and ends nothing by itself. */
export function live<T>(run: Run, onCancel: () => void, body: () => Promise<T>): Promise<T> {
  // last of all handlers: what they don't know is reported on the timeline
  setDefaultSignalHandler((name) => ignoreSignal(run, name.slice(0, 80), 'not known here'));
  CancellationScope.current().cancelRequested.catch(onCancel);
  return CancellationScope.nonCancellable(body);
}

/** Keeps house while `work` goes on, until all is done; or continues as new, with the input that `next` makes of what is carried on. */
export async function keepUntilDone(
  run: Run,
  work: Promise<void>,
  next: (carried: State) => unknown,
): Promise<void> {
  if ((await keepHouse(run, work)) === 'done') return;
  const { acts, ...state } = run.state;
  const latest = Object.fromEntries(Object.entries(acts).slice(-1_000));
  const continueAs = makeContinueAsNewFunc<(input: unknown) => Promise<unknown>>();
  await continueAs(next({ ...state, acts: latest }));
}

/** Nobody waits for a row that will not come. */
export async function dismissCallers(run: Run): Promise<void> {
  for (const { give } of run.answers) give();
  await condition(allHandlersFinished);
}
