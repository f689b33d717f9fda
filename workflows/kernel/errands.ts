/** What is asked of the engine: effects, children, signals. A flow puts an errand down and waits; the house sends it. */
import { type SearchAttributePair, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  type SignalDefinition,
  startChild as startInEngine,
} from '@temporalio/workflow';
import type { Envelope } from '../../domain/case.ts';
import { step, until } from './journal.ts';
import { type Errand, isoNow, type Run, report, show, theFlow } from './run.ts';
import { asleep } from './turns.ts';

/** Puts an errand down under its key and waits for what comes of it. Fails as the errand fails. `anyway`: it goes on although the work is
 *  ended meanwhile, since what it begins could not be taken back yet. */
export async function errand(
  run: Run,
  key: string,
  send: Errand['send'],
  { anyway = false, ...terms }: Partial<Errand> & { anyway?: boolean } = {},
): Promise<unknown> {
  const one = putDown(run, key, send, { ...terms, wanted: 'byFlow' });
  const isBack = () => one.outcome !== null;
  try {
    await (anyway ? asleep(run.sleepers, isBack) : until(run, isBack));
  } finally {
    one.wanted = 'unwanted';
  }
  if (one.outcome && 'value' in one.outcome) return one.outcome.value;
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

/** Puts an errand down that nobody waits for, unless `more` says so. */
export function putDown(
  { errands }: Run,
  key: string,
  send: Errand['send'],
  more: Partial<Errand> = {},
): Errand {
  const one: Errand = {
    ...{ key, send, call: null, read: null, scope: null, outcome: null },
    ...{ wanted: 'byNobody', isPatient: false, again: false, isBeside: false },
    ...more,
  };
  errands.push(one);
  return one;
}

const isIdle = ({ scope, wanted, again, outcome }: Errand) =>
  scope !== null && !again && wanted !== 'unwanted' && !outcome;

/** True while the flow waits for a call that is over in a moment, as a rule; for no child and no signal, since those see the case first. */
export const isBriefly = ({ errands }: Run): boolean =>
  errands.some((one) => one.wanted === 'byFlow' && !one.isPatient && !one.outcome);

/** True while something is under way that the end of the run waits for. */
export const isBusy = ({ errands }: Run): boolean => errands.some(({ isBeside }) => !isBeside);

/** Asks our own books one question; it is sent like the others when they don't answer at once. */
export async function readOne({ errands }: Run): Promise<void> {
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
    const isUnwanted = one.wanted === 'unwanted';
    if (isUnwanted || one.again) one.scope?.cancel();
    if (!isUnwanted && (!one.scope || one.again)) send(run, one);
  }
  run.errands = run.errands.filter(({ outcome, wanted }) => !outcome && wanted !== 'unwanted');
}

/** What comes back is noted at once, in the order in which the engine tells it. What was not answered at once is tried patiently: readers
 *  see that, and its end. */
function send(run: Run, one: Errand): void {
  const { state } = run;
  const scope = new CancellationScope();
  Object.assign(one, { again: false, scope });
  const note = (what: () => Partial<Errand>) => {
    if (one.scope !== scope || one.wanted === 'unwanted') return;
    Object.assign(one, what());
    if (one.isPatient) show(run);
  };
  const refused = (error: unknown) => {
    state.refusals += 1;
    return { outcome: { error, number: state.refusals } };
  };
  const patiently = { isPatient: true, again: true };
  scope
    .run(() => one.send(one.isPatient))
    .then(
      (value) => note(() => ({ outcome: { value } })),
      (error) => note(() => (!one.isPatient && isPassing(error) ? patiently : refused(error))),
    );
}

/** True of what may succeed later: nobody answered, or not in time. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  (error.retryState === 'MAXIMUM_ATTEMPTS_REACHED' || error.retryState === 'TIMEOUT');

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
    end = (await errand(run, effectKey, start, { anyway: true, isPatient: true })) as End;
    run.state.children.push(workflowId);
  });
  if (!run.state.children.includes(workflowId)) return;
  const noted = (result: unknown) => {
    run.state.children = run.state.children.filter((one) => one !== workflowId);
    child.onEnd?.(result);
  };
  putDown(run, `${workflowId}/end`, () => end().then(noted, () => noted(null)), { isBeside: true });
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
    await errand(run, actId, () => signal(workflowId, definition, act), { isPatient: true });
  } catch (error) {
    if (!(error instanceof ErrandFailure)) throw error;
    report(run, { kind: 'signalUnheard', subject: definition.name, detail: { workflowId } });
  }
}
