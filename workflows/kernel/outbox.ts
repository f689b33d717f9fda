/** Messages of one case leave one after another, in business order (I7). */
import { isCancellation } from '@temporalio/workflow';
import type { SendResult } from '../../activities/messages.ts';
import { invitation, nameOf } from '../../domain/message.ts';
import { callShown, failureOf, sending } from './calls.ts';
import { isPassing, putDown } from './errands.ts';
import { type Message, mention, type Run, report } from './run.ts';

/** True when messages wait and none is under way. */
export const hasMail = ({ state, errands }: Run): boolean =>
  state.messages.length > 0 &&
  !errands.some(({ call }) => call?.what === 'notification.sendMessages');

/** Sends all that waits in one call; a slow gateway delays them, never the work. */
export function sendMail(run: Run): void {
  const { workflowId, cycle, caseNumber } = run.identity;
  const batch = [...run.state.messages];
  const messages = batch.map((message) => ({
    ...message,
    caseNumber,
    effectKey: `${workflowId}/${cycle}/message/${message.sequence}`,
  }));
  const summary = batch.map(({ template, recipient }) => `${template} to ${nameOf(recipient)}`);
  const sent = { service: 'notification', effect: 'sendMessages', request: { messages } } as const;
  const send = sending(run, { ...sent, summary: summary.join(', ') });
  const sendAndNote = (isPatient: boolean) =>
    send(isPatient)
      .catch(refusedAtOnce)
      .then((results) => mailed(run, batch, results as SendResult[]));
  putDown(run, messages[0]?.effectKey ?? '', sendAndNote, { call: callShown(sent) });
}

/** A call that was refused for good as a whole keeps no later message back. */
function refusedAtOnce(error: unknown): SendResult[] {
  if (isCancellation(error) || isPassing(error)) throw error;
  return [{ refused: failureOf(error) }];
}

/** What a slow gateway left goes with the next call; what it refused for good stops nothing. What invites an answer is shown at once. */
function mailed(run: Run, batch: Message[], results: SendResult[]): void {
  for (const [index, result] of results.entries()) {
    const { sequence, template, recipient } = batch[index] ?? {};
    const refused = 'refused' in result ? result.refused : undefined;
    const say = refused || template === invitation ? report : mention;
    say(run, {
      kind: refused ? 'messageRefused' : 'effectDone',
      subject: `message ${template}`,
      detail: { sequence, recipient, refused },
    });
  }
  run.state.messages.splice(0, results.length);
}
