import type { Logger } from 'pino';
import type { MessageSettings } from '../config/messages.ts';
import type { Sql } from '../db/connect.ts';
import type { DeliverySettings, Line } from '../services/delivery/index.ts';
import { type RunningDelivery, runDelivery } from '../services/delivery/run.ts';
import type { Channels } from '../services/notification/index.ts';
import { createMailSender } from '../services/notification/mail.ts';
import { createClosedOutbox, createMessageOutbox } from '../services/notification/outbox.ts';
import { createSmsSender } from '../services/notification/sms.ts';
import { createAddresses } from '../services/webhooks/index.ts';
import { createWebhookOutbox, createWebhookSender } from '../services/webhooks/outbox.ts';

/** Sends what stands in the outboxes: text messages and mail where they are configured, webhooks always. What waits for a
 *  channel that is no longer configured expires. Any number of workers may do so side by side. */
export function startDeliveries(
  sql: Sql,
  { messages, channels, log }: { messages: MessageSettings; channels: Channels; log: Logger },
  settings?: DeliverySettings,
): RunningDelivery {
  const run = <Item>(line: Line<Item>) =>
    runDelivery(line, (err) => log.warn({ err, line: line.name }, 'not delivered yet'), settings);
  const running = [
    run({
      name: 'webhooks',
      outbox: createWebhookOutbox(sql),
      send: createWebhookSender(createAddresses(messages.webhookAllow)),
    }),
  ];
  const mailer = messages.mail ? createMailSender(messages.mail) : null;
  const senders = {
    sms: messages.sms && createSmsSender({ ...messages.sms, phoneCountry: messages.phoneCountry }),
    mail: mailer?.send,
  };
  for (const name of ['sms', 'mail'] as const) {
    const send = senders[name];
    running.push(
      send
        ? run({ name, outbox: createMessageOutbox(sql, name, channels.links), send })
        : run({ name, outbox: createClosedOutbox(sql, name), send: async (none: never) => none }),
    );
  }
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()));
      mailer?.close();
    },
  };
}
