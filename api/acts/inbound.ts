/** A customer's message on its way to the case: a rating answers the callback, an opinion becomes a note (M04). */
import { ServiceFailure } from '../../db/failures.ts';
import { callbackAnswer, ownWords, whatIsSaid } from '../../domain/inbound.ts';
import type { Rating } from '../../domain/values.ts';
import type {
  ArrivedMessage,
  InboundMessage,
  MessageCase,
  SettledMessage,
} from '../../services/inbound/index.ts';
import type { SendRequest } from '../../services/notification/index.ts';
import type { AppDeps } from '../deps.ts';
import type { Person } from '../plugins/auth.ts';
import { Problem } from '../problem.ts';
import { answerTask } from './answer-task.ts';
import { recordingRefusals } from './refusal.ts';
import { takeAction } from './take-action.ts';

/** Takes a message in once per message id, and brings it to its case. Fails 422 for an id that came with another text, and 503 when
 *  it can't be brought there now: handed over again, or swept, it is. */
export async function takeInbound(deps: AppDeps, arrived: ArrivedMessage): Promise<InboundMessage> {
  const { kind, message } = await deps.messages.inbound.take(arrived);
  if (kind === 'other') throw new Problem('idempotencyKeyReused');
  return message.status === 'received' ? settleInbound(deps, message) : message;
}

/** Brings a message to its case, the same way however often it is tried. */
export async function settleInbound(
  deps: AppDeps,
  message: InboundMessage,
): Promise<InboundMessage> {
  const settled = await (message.status === 'waiting'
    ? answerWaited(deps, message)
    : decide(deps, message));
  await deps.messages.inbound.settle(message.inboundNumber, settled);
  return { ...message, ...settled };
}

/** Settles what a crash left, and ratings whose callback is asked for now. Answers how many. */
export async function sweepInbound(deps: AppDeps): Promise<number> {
  const found = await deps.messages.inbound.unsettled(5_000, 20);
  const settled = await Promise.allSettled(found.map((message) => settleInbound(deps, message)));
  const broken = settled.find(({ status }) => status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
  return found.length;
}

async function decide(deps: AppDeps, message: InboundMessage): Promise<SettledMessage> {
  const found = await deps.messages.inbound.caseOf(message);
  if (!found) return answerOnce(deps, message);
  const said = whatIsSaid(message.text);
  const { caseNumber, ratingTask, invitation, wasPrompted } = found;
  const isAwaited = ratingTask !== null || invitation !== null;
  if (said.kind === 'rating' && isAwaited) return rate(deps, message, found, said.rating);
  if (said.kind === 'unknownLetter' && isAwaited && !wasPrompted) {
    await send(deps, {
      effectKey: `${caseNumber}/inbound/${invitation}/prompt`,
      caseNumber,
      template: 'rateAgain',
      recipient: { kind: 'customer', caseNumber },
    });
    return { status: 'prompted', caseNumber };
  }
  return note(deps, message, caseNumber);
}

/** The rating answers the call that was to be recorded; before that is asked for, the letter waits. */
async function rate(
  deps: AppDeps,
  message: InboundMessage,
  { caseNumber, ratingTask }: Pick<MessageCase, 'caseNumber' | 'ratingTask'>,
  rating: Rating,
): Promise<SettledMessage> {
  if (ratingTask === null) return { status: 'waiting', caseNumber, rating };
  const isTaken = await acting(deps, message, caseNumber, ratingTask, (call) =>
    answerTask(deps, { ...call, taskId: ratingTask, body: callbackAnswer(rating) }),
  );
  return isTaken ? { status: 'rated', caseNumber, rating } : note(deps, message, caseNumber);
}

async function answerWaited(deps: AppDeps, message: InboundMessage): Promise<SettledMessage> {
  const { caseNumber, rating } = message;
  const row = caseNumber === null ? null : await deps.stores.cases.get(caseNumber);
  const task = row?.openTasks.find(({ name }) => name === 'recordCallback');
  if (caseNumber === null || rating === null || !task) return { status: 'waiting' };
  return rate(deps, message, { caseNumber, ratingTask: task.id }, rating);
}

const channelTitle = { sms: 'A text message', mail: 'A mail' } as const;

/** What the timeline says of a message. */
export const cameIn = ({ channel, inboundNumber }: InboundMessage): string =>
  `${channelTitle[channel]} from the customer (${inboundNumber}).`;

/** Anything but a rating is kept with the case; when that ended meanwhile, the message has none. */
async function note(
  deps: AppDeps,
  message: InboundMessage,
  caseNumber: string,
): Promise<SettledMessage> {
  const words = [message.subject, ownWords(message.text)].join('\n').trim() || '(no text)';
  const body = { reason: cameIn(message), text: words.slice(0, 4_000).toWellFormed() };
  const isTaken = await acting(deps, message, caseNumber, 'note', (call) =>
    takeAction(deps, { ...call, action: 'note', body }),
  );
  return isTaken ? { status: 'noted', caseNumber } : answerOnce(deps, message);
}

/** Without an open case the hotline reads it, and its sender is answered once a day. */
async function answerOnce(deps: AppDeps, message: InboundMessage): Promise<SettledMessage> {
  const first = await deps.messages.inbound.firstUnmatched(message);
  await send(deps, {
    effectKey: `inbound/${first}/answer`,
    caseNumber: first,
    template: 'noOpenCase',
    recipient: { kind: 'sender', inboundNumber: first },
  });
  return { status: 'unmatched' };
}

/** A message of the door's own, once per key: each is a series of one. That nobody can be told keeps nothing back. */
async function send(
  { notification }: AppDeps,
  message: Omit<SendRequest, 'sequence' | 'params'>,
): Promise<void> {
  await notification.effects.send({ ...message, sequence: 1, params: {} }).catch((error) => {
    if (!(error instanceof ServiceFailure) || error.retryable) throw error;
  });
}

type Call = Omit<Parameters<typeof takeAction>[1], 'action' | 'body'>;

/** Acts for the customer, in the hotline's place and by name, once per message. False when the case does not take it any more. */
async function acting(
  deps: AppDeps,
  { channel, inboundNumber }: InboundMessage,
  caseNumber: string,
  subject: string,
  act: (call: Call) => Promise<void>,
): Promise<boolean> {
  const id = channel === 'sms' ? 'system:inboundSms' : 'system:inboundMail';
  const person: Person = { id, roles: ['hotline'], territories: [] };
  const row = await deps.stores.cases.get(caseNumber);
  if (!row) return false;
  try {
    await recordingRefusals(deps, { person, caseNumber, subject }, () =>
      act({ person, row, key: inboundNumber }),
    );
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return false;
    throw error;
  }
}
