/** What is asked of the engine: effects, children, signals. A flow puts an errand down and waits; the house sends it. */
import { type SearchAttributePair, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  type SignalDefinition,
  startChild as startInEngine,
} from '@temporalio/workflow';
import type { Envelope } from '../../domain/case.ts';
import { step, until, untilAnyway } from './journal.ts';
import { type Errand, isoNow, type Run, report, theFlow } from './run.ts';

interface Terms {
  call?: Errand['call'];
  read?: Errand['read'];
  /** It goes on although the work is ended meanwhile: what it begins could not be taken back yet. */
  anyway?: boolean;
}

/** Puts an errand down under its key and waits for what comes of it. Fails as the errand fails. */
export async function errand<T>(
  run: Run,
  key: string,
  send: () => Promise<T>,
  { call = null, read = null, anyway = false }: Terms = {},
): Promise<T> {
  const one = putDown(run, key, send, call);
  one.read = read;
  const isBack = () => one.outcome !== null;
  try {
    await (anyway ? untilAnyway(run, isBack) : until(run, isBack));
  } finally {
    one.unwanted = true;
  }
  if (one.outcome && 'value' in one.outcome) return one.outcome.value as T;
  throw new ErrandFailure(one.outcome?.error, one.outcome?.number ?? 0);
}

/** Why an errand failed, and the number of that refusal, counted over the workflow. Flows never see it. */
export class ErrandFailure extends Error {
  override readonly cause: unknown;
  readonly number: number;
  constructor(cause: unknown, number: number) {
    super('refused for good');
    this.cause = cause;
    this.number = number;
  }
}

/** Puts an errand down that nobody waits for. */
export function putDown(
  run: Run,
  key: string,
  send: () => Promise<unknown>,
  call: Errand['call'] = null,
): Errand {
  const one: Errand = {
    ...{ key, send, call, read: null, scope: null, outcome: null },
    ...{ unwanted: false, again: false, isBeside: false },
  };
  run.errands.push(one);
  return one;
}

const isIdle = ({ scope, unwanted, again, outcome }: Errand) =>
  scope !== null && !again && !(unwanted || outcome);

/** True of what our own books do: over in a moment. */
export const isOurs = ({ call, isBeside, outcome }: Errand): boolean =>
  call === null && !isBeside && outcome === null;

/** True while something is under way that the end of the run waits for. */
export const isBusy = ({ errands }: Run): boolean => errands.some(({ isBeside }) => !isBeside);

/** Asks our own books one question; it is sent like the others when they don't answer at once. */
export async function readOne({ errands }: Run): Promise<undefined> {
  const one = errands.find(({ read }) => read !== null);
  const read = one?.read;
  if (!one || !read) return;
  one.read = null;
  await read().then(
    (value) => {
      one.outcome = { value };
    },
    () => undefined,
  );
}

/** True when there is something to send or to call off. */
export const hasErrands = ({ errands }: Run): boolean => errands.some((one) => !isIdle(one));

/** Sends what was put down, calls off what nobody waits for, and clears away what is back; by key, so that it does not matter in which
 *  order branches of the flow asked. */
export function sendErrands(run: Run): void {
  const byKey = [...run.errands].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const one of byKey) {
    if (one.outcome) continue;
    if (one.unwanted || one.again) one.scope?.cancel();
    if (!one.unwanted && (!one.scope || one.again)) send(run, one);
  }
  run.errands = run.errands.filter(({ outcome, unwanted }) => !outcome && !unwanted);
}

/** What comes back is noted at once, in the order in which the engine tells it. */
function send(run: Run, one: Errand): void {
  const scope = new CancellationScope();
  Object.assign(one, { again: false, scope });
  const isCurrent = () => one.scope === scope;
  scope.run(one.send).then(
    (value) => {
      if (isCurrent()) one.outcome = { value };
    },
    (error) => {
      if (!isCurrent() || one.unwanted) return;
      run.state.refusals += 1;
      one.outcome = { error, number: run.state.refusals };
    },
  );
}

/** A workflow that a case starts and that may outlive it. */
export interface Child<Input> {
  /** `loan1`: its number within the case. */
  name: string;
  /** The workflow, by name. */
  flow: string;
  input: Input;
  summary: string;
  attributes: SearchAttributePair[];
  /** Told once of its result; null when it was ended in the engine. */
  onEnd?: (result: unknown) => void;
}

type End = () => Promise<unknown>;

/** Starts it once, and waits until it has started: only then can it be called off. Its result goes to the run that started it; a later
 *  run asks for it. */
export async function startChild<Input extends object>(
  run: Run,
  name: string,
  child: Child<Input>,
  askForEnd: (workflowId: string) => End,
): Promise<void> {
  const workflowId = `${run.identity.workflowId}/${child.name}`;
  let end = askForEnd(workflowId);
  await step(run, name, async ({ effectKey }) => {
    const start = () => startIn(workflowId, child, end);
    end = await errand(run, effectKey, start, { anyway: true });
    run.state.children.push(workflowId);
  });
  if (!run.state.children.includes(workflowId)) return;
  const noted = (result: unknown) => {
    run.state.children = run.state.children.filter((one) => one !== workflowId);
    child.onEnd?.(result);
  };
  putDown(run, `${workflowId}/end`, () => end().then(noted, () => noted(null))).isBeside = true;
}

async function startIn<Input extends object>(
  workflowId: string,
  { flow, input, summary, attributes }: Child<Input>,
  askForEnd: End,
): Promise<End> {
  const started = startInEngine(flow, {
    workflowId,
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    staticSummary: summary,
    typedSearchAttributes: attributes,
  });
  try {
    const handle = await started;
    return () => handle.result();
  } catch (error) {
    // started by the run before this one, which continued as new in between
    if (error instanceof WorkflowExecutionAlreadyStartedError) return askForEnd;
    throw error;
  }
}

type Signal<T> = SignalDefinition<[Envelope<T>]>;

const signal = <T>(workflowId: string, definition: Signal<T>, act: Envelope<T>) =>
  getExternalWorkflowHandle(workflowId).signal(definition, act);

/** Signals another workflow of ours, and waits for nothing. */
export function post<T>(
  run: Run,
  workflowId: string,
  definition: Signal<T>,
  act: Envelope<T>,
): void {
  putDown(run, act.actId, () => signal(workflowId, definition, act));
}

/** Signals another workflow of ours. What it can't be told is reported: it has ended. */
export async function signalTo<T>(
  run: Run,
  workflowId: string,
  definition: Signal<T>,
  answer: T,
  actId: string,
): Promise<void> {
  const act = { actor: theFlow, occurredAt: isoNow(), actId, answer };
  try {
    await errand(run, actId, () => signal(workflowId, definition, act));
  } catch (error) {
    if (!(error instanceof ErrandFailure)) throw error;
    report(run, { kind: 'signalUnheard', subject: definition.name, detail: { workflowId } });
  }
}
