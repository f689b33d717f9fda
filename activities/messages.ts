/** Messages go out in batches: one activity for all that a case has to say at a time. */
import { toServiceFailure } from '../db/failures.ts';
import type { NotificationEffects, SendRequest } from '../services/notification/index.ts';

/** How one message of a batch went: accepted under its number, or refused for good. */
export type SendResult = { notificationNumber: string } | { refused: string };

export interface MessageEffects {
  /** Sends in the order given; one that is refused for good does not keep the next ones back. Answers for as many as it got to, one
   *  at least: a slow gateway takes the rest of the batch in further calls. */
  sendMessages(request: { messages: SendRequest[] }): Promise<SendResult[]>;
}

/** Batches over a service that takes one message at a time. */
export const inBatches = (notification: NotificationEffects): MessageEffects => ({
  sendMessages: ({ messages }) => sendInOrder(notification, messages),
});

/** Time for one more message within an attempt: each may take eight seconds of its ten. */
const batchMs = 1_500;

async function sendInOrder(
  notification: NotificationEffects,
  messages: SendRequest[],
): Promise<SendResult[]> {
  const startedAt = Date.now();
  const results: SendResult[] = [];
  for (const message of messages) {
    if (results.length > 0 && Date.now() - startedAt > batchMs) break;
    try {
      results.push(await sendOne(notification, message));
    } catch (error) {
      if (results.length === 0) throw error;
      break;
    }
  }
  return results;
}

async function sendOne(
  notification: NotificationEffects,
  message: SendRequest,
): Promise<SendResult> {
  try {
    return await notification.send(message);
  } catch (error) {
    const failure = toServiceFailure(error);
    if (failure.retryable) throw failure;
    return { refused: failure.type };
  }
}
