/** Messages of one case leave one after another, in business order (I7); a slow gateway delays them, never the work. */
import { condition, workflowInfo } from '@temporalio/workflow';
import type { SendResult } from '../../activities/messages.ts';
import type { Recipient, Template } from '../../domain/message.ts';
import { callEffect } from './partners.ts';
import type { Message } from './state.ts';
import { publish, type WorkFile } from './work-file.ts';

/** Queues a message; in a drill it only stands on the timeline. Numbers, codes and instants only: names and phones are looked up where it is sent. */
export function sendMessage(
  file: WorkFile,
  template: Template,
  recipient: Recipient,
  params: Record<string, string | number> = {},
): void {
  if (file.identity.drill) {
    publish(file, {
      kind: 'messageWithheld',
      subject: `message ${template}`,
      detail: { recipient, params },
    });
    return;
  }
  const sequence = ++file.state.messagesSent;
  file.state.messages.push({ sequence, template, recipient, params });
}

/** Sends what is queued, one call for what is queued at once, as long as the workflow runs. Ends when the file drains and nothing is left. */
export async function keepMessages(file: WorkFile): Promise<void> {
  const { state } = file;
  for (;;) {
    await condition(() => state.messages.length > 0 || file.draining);
    const batch = [...state.messages];
    if (batch.length === 0) return;
    file.busy += 1;
    const results = await sendAll(file, batch);
    for (const [index, message] of batch.slice(0, results.length).entries())
      sayHowItWent(file, message, results[index]);
    state.messages.splice(0, results.length); // a slow gateway takes the others in the next call
    file.busy -= 1;
  }
}

function sendAll(file: WorkFile, batch: Message[]): Promise<SendResult[]> {
  const keyed = batch.map((message) => ({
    ...message,
    caseNumber: file.identity.caseNumber,
    effectKey: `${workflowInfo().workflowId}/${file.identity.cycle}/message/${message.sequence}`,
  }));
  const summary = batch.map((message) => `${message.template} to ${nameOf(message.recipient)}`);
  return callEffect(
    file,
    'notification',
    'sendMessages',
    { messages: keyed },
    summary.join(', '),
  ) as Promise<SendResult[]>;
}

/** A refusal for good (an unknown recipient) is said on the timeline; it stops neither the case nor the next message. */
function sayHowItWent(
  file: WorkFile,
  { sequence, template, recipient }: Message,
  result: SendResult | undefined,
): void {
  const refused = result && 'refused' in result ? result.refused : null;
  publish(file, {
    kind: refused ? 'messageRefused' : 'effectDone',
    subject: `message ${template}`,
    detail: { sequence, recipient, ...(refused ? { refused } : {}) },
  });
}

const nameOf = (recipient: Recipient): string => {
  if (recipient.kind === 'customer') return 'the customer';
  return recipient.kind === 'role' ? recipient.role : recipient.staffNumber;
};
