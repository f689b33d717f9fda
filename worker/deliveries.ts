import type { Logger } from 'pino';
import type { Sql } from '../db/index.ts';
import type { MessageSettings } from '../message-settings.ts';
import {
  type DeliverySettings,
  type Line,
  type RunningDelivery,
  runDelivery,
} from '../services/delivery/index.ts';
import type { Channels } from '../services/notification/index.ts';
import { createMailSender } from '../services/notification/mail.ts';
import { createMessageOutbox } from '../services/notification/outbox.ts';
import { createSmsSender } from '../services/notification/sms.ts';
import { createAddresses } from '../services/webhooks/index.ts';
import { createWebhookOutbox, createWebhookSender } from '../services/webhooks/outbox.ts';

/** Sends what stands in the outboxes: text messages and mail where they are configured, webhooks always. Any number of workers may
 *  do so side by side. */
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
  if (messages.sms) {
    const send = createSmsSender({ ...messages.sms, phoneCountry: messages.phoneCountry });
    running.push(
      run({ name: 'sms', outbox: createMessageOutbox(sql, 'sms', channels.links), send }),
    );
  }
  const mailer = messages.mail ? createMailSender(messages.mail) : null;
  if (mailer) {
    const { send } = mailer;
    running.push(
      run({ name: 'mail', outbox: createMessageOutbox(sql, 'mail', channels.links), send }),
    );
  }
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()));
      mailer?.close();
    },
  };
}
