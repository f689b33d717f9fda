/** How a workflow is spoken to: an act is checked in a synchronous validator, applied once, and answered when its row can be read. */
import {
  ApplicationFailure,
  defineUpdate,
  type SignalDefinition,
  setHandler,
} from '@temporalio/workflow';
import type { Envelope } from '../../domain/case.ts';
import { roles } from '../../domain/case.ts';
import { shapeProblems } from '../shapes.ts';
import type { Accepted, Refusal } from '../wire.ts';
import { type Line, type Run, report, type Waiter } from './run.ts';

/** Refuses an act: it leaves no trace in the history; the door writes it to the audit log. */
export function refuse(run: Run, type: Refusal, message: string, detail: object = {}): never {
  const { status, stage, blockers } = run.state;
  throw ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    details: [{ currentStatus: status, stage, blockers, ...detail }],
  });
}

const isText = (value: unknown, max: number) =>
  typeof value === 'string' && value.length > 0 && value.length <= max;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for an envelope that says who acts, when, and under which id (A10). */
function isEnvelope(value: unknown): value is Envelope<unknown> {
  if (!isRecord(value) || !isRecord(value.actor)) return false;
  const { actor, occurredAt, actId, reason } = value;
  return (
    isText(actor.id, 80) &&
    (roles as readonly unknown[]).concat('system').includes(actor.role) &&
    isText(actId, 200) &&
    isText(occurredAt, 40) &&
    !Number.isNaN(Date.parse(occurredAt as string)) &&
    (reason === undefined || isText(reason, 500))
  );
}

/** How an act is taken. */
export interface Hearing<Act> {
  /** Refuses what may not be said now. */
  check: (act: Act) => void;
  /** Asked again when it is applied, since two acts may arrive in one step. A rule must not become stricter here: histories say what was taken. */
  stillHolds: (act: Act) => void;
  /** Gives the revision that holds it. */
  apply: (act: Act) => number;
}

/** Hears a person's act, an update with its own name. Garbage that is sent straight to the engine harms no case. */
export function hearAct<Act extends Envelope<unknown>>(
  run: Run,
  name: string,
  { check, stillHolds, apply }: Hearing<Act>,
): void {
  setHandler(
    defineUpdate<Accepted, [Act]>(name),
    (act) =>
      applyOnce(run, act.actId, () => {
        stillHolds(act);
        return apply(act);
      }),
    {
      validator: (act) => {
        if (isRepeated(run, act)) return;
        checkEnvelope(run, name, act);
        check(act);
      },
    },
  );
}

/** True when this very act was applied before, in this run or an earlier one: its repetition is let in and changes nothing. */
const isRepeated = ({ state }: Run, act: unknown) =>
  isEnvelope(act) && Object.hasOwn(state.acts, act.actId);

/** Refuses what is no envelope around an answer of this name's shape. */
function checkEnvelope(run: Run, name: string, act: unknown): void {
  if (!isEnvelope(act))
    refuse(run, 'invalidAnswer', `${name}: not an envelope of actor, occurredAt, actId and answer`);
  const [problem] = shapeProblems(name, act.answer);
  if (problem) refuse(run, 'invalidAnswer', `${name}: ${problem}`);
}

function applyOnce(run: Run, actId: string, apply: () => number): Promise<Accepted> {
  const { acts } = run.state;
  run.actsInRun += 1;
  if (!Object.hasOwn(acts, actId)) acts[actId] = apply();
  const revision = acts[actId] ?? run.state.revision;
  return untilReadable(run, () => revision);
}

/** Answers wait for their row; the house gives them one after another. `revision` is null while it is not known yet. */
export const untilReadable = (
  { answers, state }: Run,
  revision: Waiter['revision'],
): Promise<Accepted> =>
  new Promise((give) => {
    answers.push({ revision, give: () => give({ revision: revision() ?? state.published }) });
  });

/** Hears a signal: `take` gives a line for the timeline, null for none, or why it is ignored. */
export function hearSignal<T>(
  run: Run,
  signal: SignalDefinition<[Envelope<T>]>,
  take: (said: unknown, act: Envelope<unknown>) => Line | string | null,
): void {
  setHandler(signal, (act) => {
    const taken = isEnvelope(act) ? take(act.answer, act) : 'not an envelope';
    if (typeof taken === 'string') ignoreSignal(run, signal.name, taken);
    else if (taken) report(run, taken);
  });
}

/** A signal that can't be taken is reported on the timeline, and changes nothing. */
export function ignoreSignal(run: Run, subject: string, reason: string): void {
  report(run, { kind: 'signalIgnored', subject, reason });
}
