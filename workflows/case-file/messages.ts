/** What a case tells people: queued here, sent in order by the kernel. */
import type { Recipient, Template } from '../../domain/message.ts';
import { type Run, report } from '../kernel/run.ts';

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
