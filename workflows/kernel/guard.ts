/** What a validator asks of any act before the case looks at it. Synchronous, and only `ApplicationFailure` leaves it. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { Envelope } from '../../domain/case.ts';
import { roles } from '../../domain/case.ts';
import { shapeProblems } from '../shapes.ts';
import type { Accepted } from '../wire.ts';
import { untilAnyway } from './journal.ts';
import { type Run, report } from './run.ts';

export type Refusal =
  | 'taskNotOpen'
  | 'illegalTransition'
  | 'blocked'
  | 'forbidden'
  | 'invalidAnswer';

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
export function isEnvelope(value: unknown): value is Envelope<unknown> {
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

/** Refuses what is no envelope around an answer of this name's shape: garbage sent straight to the engine harms no case. */
export function checkEnvelope(run: Run, name: string, envelope: unknown): Envelope<unknown> {
  if (!isEnvelope(envelope))
    refuse(run, 'invalidAnswer', `${name}: not an envelope of actor, occurredAt, actId and answer`);
  const [problem] = shapeProblems(name, envelope.answer);
  if (problem) refuse(run, 'invalidAnswer', `${name}: ${problem}`);
  return envelope;
}

/** True when this very act was applied before, in this run or an earlier one: its repetition is let in and changes nothing. */
export function isRepeated(run: Run, envelope: unknown): envelope is Envelope<unknown> {
  return isEnvelope(envelope) && Object.hasOwn(run.state.acts, envelope.actId);
}

/** Applies an act once, and answers when its row is readable. `check` is asked again: of two acts that arrive in one step, both were let
 *  in before either was taken. */
export async function accept(
  run: Run,
  envelope: Envelope<unknown>,
  check: () => void,
  apply: () => number,
): Promise<Accepted> {
  const { acts } = run.state;
  run.actsInRun += 1;
  if (!Object.hasOwn(acts, envelope.actId)) {
    check();
    acts[envelope.actId] = apply();
  }
  const revision = acts[envelope.actId] ?? run.state.revision;
  await untilReadable(run, () => revision <= run.state.published);
  return { revision };
}

/** Answers wait for their row, and are given one after another. */
export async function untilReadable(run: Run, isReadable: () => boolean): Promise<void> {
  const mine = { isReadable, done: false };
  run.answers.push(mine);
  await untilAnyway(run, () => mine.done);
}

/** A signal that can't be taken is reported on the timeline, and changes nothing. */
export function ignoreSignal(run: Run, subject: string, reason: string): void {
  report(run, { kind: 'signalIgnored', subject, reason });
}
