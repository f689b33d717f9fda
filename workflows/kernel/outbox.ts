/** Messages of one case leave one after another, in business order (I7). */
import { isCancellation } from '@temporalio/workflow';
import type { SendResult } from '../../activities/messages.ts';
import type { Recipient, Template } from '../../domain/message.ts';
import { callShown, failureOf, sending } from './calls.ts';
import { putDown } from './errands.ts';
import { type Message, type Run, report } from './run.ts';

/** Numbers, codes and instants only. */
export type Params = Record<string, string | number>;

/** Queues a message; in a drill it only stands on the timeline. Numbers, codes and instants only: names and phones are looked up where it is sent. */
export function tell(
  run: Run,
  template: Template,
  recipient: Recipient,
  params: Params = {},
): void {
  if (run.identity.plan.drill) {
    const detail = { recipient, params };
    report(run, { kind: 'messageWithheld', subject: `message ${template}`, detail });
    return;
  }
  run.state.messagesSent += 1;
  run.state.messages.push({ sequence: run.state.messagesSent, template, recipient, params });
}

/** Sends all that waits in one call; a slow gateway delays them, never the work. `over` is told when it has answered. */
export function mail(run: Run, over: () => void): void {
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
  const key = messages[0]?.effectKey ?? '';
  const sendAndNote = () =>
    send()
      .catch(refusedAtOnce)
      .then((results) => {
        mailed(run, batch, results as SendResult[]);
        over();
      });
  putDown(run, key, sendAndNote, callShown(sent));
}

/** A call that was refused for good as a whole keeps no later message back. */
function refusedAtOnce(error: unknown): SendResult[] {
  if (isCancellation(error)) throw error;
  return [{ refused: failureOf(error) }];
}

/** A slow gateway takes the others in the next call. A refusal for good (an unknown recipient) is reported; it stops neither the case nor
 *  the next message. */
function mailed(run: Run, batch: Message[], results: SendResult[]): void {
  for (const [index, result] of results.entries()) {
    const { sequence, template, recipient } = batch[index] ?? {};
    const refused = 'refused' in result ? result.refused : null;
    report(run, {
      kind: refused ? 'messageRefused' : 'effectDone',
      subject: `message ${template}`,
      detail: { sequence, recipient, ...(refused ? { refused } : {}) },
    });
  }
  run.state.messages.splice(0, results.length);
}

const nameOf = (recipient: Recipient): string => {
  if (recipient.kind === 'customer') return 'the customer';
  return recipient.kind === 'role' ? recipient.role : recipient.staffNumber;
};
