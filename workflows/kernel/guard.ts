/** What a validator asks of any act before the case looks at it. Synchronous, and only `ApplicationFailure` leaves it. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { Envelope } from '../../domain/case.ts';
import { roles } from '../../domain/case.ts';
import { shapeProblems } from '../shapes.ts';
import type { WorkFile } from './work-file.ts';

export type Refusal =
  | 'taskNotOpen'
  | 'illegalTransition'
  | 'blocked'
  | 'forbidden'
  | 'invalidAnswer';

/** Refuses an act: it leaves no trace in the history; the door writes it to the audit log. */
export function refuse(file: WorkFile, type: Refusal, message: string, detail: object = {}): never {
  const { status, stage, blockers } = file.state;
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

/** True for an envelope that says who acts, when, and under which id (decision 10). */
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
export function checkEnvelope(file: WorkFile, name: string, envelope: unknown): Envelope<unknown> {
  if (!isEnvelope(envelope))
    refuse(
      file,
      'invalidAnswer',
      `${name}: not an envelope of actor, occurredAt, actId and answer`,
    );
  const [problem] = shapeProblems(name, envelope.answer);
  if (problem) refuse(file, 'invalidAnswer', `${name}: ${problem}`);
  return envelope;
}

/** True when this very act was applied before, in this run or an earlier one: its repetition is let in and changes nothing. */
export function isRepeated(file: WorkFile, envelope: unknown): envelope is Envelope<unknown> {
  return isEnvelope(envelope) && Object.hasOwn(file.state.acts, envelope.actId);
}

/** Applies an act once, and gives the revision of the read model that holds it. */
export function applyOnce(
  file: WorkFile,
  envelope: Envelope<unknown>,
  apply: () => number,
): { revision: number } {
  const { acts } = file.state;
  if (!Object.hasOwn(acts, envelope.actId)) acts[envelope.actId] = apply();
  file.actsInRun += 1;
  return { revision: acts[envelope.actId] ?? file.state.revision };
}
