/** Messages of one case leave one after another, in business order (I7); a slow gateway delays them, never the work. */
import { condition, workflowInfo } from '@temporalio/workflow';
import type { Recipient, Template } from '../../domain/message.ts';
import { callEffect } from './effects.ts';
import { publish, type WorkFile } from './work-file.ts';

/** Queues a message. Numbers, codes and instants only: names and phones are looked up where it is sent. */
export function sendMessage(
  file: WorkFile,
  template: Template,
  recipient: Recipient,
  params: Record<string, string | number> = {},
): void {
  const sequence = ++file.state.messagesSent;
  file.state.messages.push({ sequence, template, recipient, params });
}

/** Sends what is queued, as long as the workflow runs. Ends when the file drains and nothing is left. */
export async function keepMessages(file: WorkFile): Promise<void> {
  const { state, identity } = file;
  for (;;) {
    await condition(() => state.messages.length > 0 || file.draining);
    const [message] = state.messages;
    if (!message) return;
    file.busy += 1;
    const effectKey = `${workflowInfo().workflowId}/${identity.cycle}/message/${message.sequence}`;
    try {
      await callEffect(
        'notification',
        'send',
        { ...message, caseNumber: identity.caseNumber, effectKey },
        `${message.template} to ${nameOf(message.recipient)}`,
      );
      publish(file, {
        kind: 'effectDone',
        subject: `message ${message.template}`,
        detail: { sequence: message.sequence, recipient: message.recipient },
      });
    } catch {
      // a refusal for good (an unknown recipient): said on the timeline, and the next message goes out
      publish(file, {
        kind: 'messageRefused',
        subject: message.template,
        detail: { sequence: message.sequence },
      });
    }
    state.messages.shift();
    file.busy -= 1;
  }
}

const nameOf = (recipient: Recipient): string => {
  if (recipient.kind === 'customer') return 'the customer';
  return recipient.kind === 'role' ? recipient.role : recipient.staffNumber;
};
