import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { checkers } from '../../../checks/index.ts';
import type { DeliverySettings, Line } from '../../../services/delivery/index.ts';
import { type RunningDelivery, runDelivery } from '../../../services/delivery/run.ts';
import { createNotification } from '../../../services/notification/built-in.ts';
import type { SendRequest } from '../../../services/notification/index.ts';
import { createMailSender } from '../../../services/notification/mail.ts';
import {
  createMessageOutbox,
  type OutgoingMessage,
} from '../../../services/notification/outbox.ts';
import { createSmsSender } from '../../../services/notification/sms.ts';
import { databaseOfThisFile, messageOf, openedCase } from '../fixtures.ts';
import {
  eventually,
  type HttpSink,
  type MailSink,
  startHttpSink,
  startMailSink,
} from '../sinks.ts';

/** Patient with nobody. */
export const fast: DeliverySettings = {
  atOnce: 4,
  pollMs: 20,
  leaseMs: 2_000,
  backOff: { firstMs: 30, mostMs: 100 },
};
const channels = { sms: true, mail: true, links: null };

/** A database, a text-message gateway and a mail server of one test file; after each test nothing of I6 and I7 is broken. */
export function deliveryOfThisFile() {
  const database = databaseOfThisFile();
  const sinks = {} as { gateway: HttpSink; mail: MailSink };
  let running: RunningDelivery[] = [];
  let mailer: ReturnType<typeof createMailSender>;
  beforeAll(async () => {
    sinks.gateway = await startHttpSink();
    sinks.mail = await startMailSink();
    mailer = createMailSender({ smtpUrl: sinks.mail.url, from: 'Afterloop <service@example.com>' });
  });
  beforeEach(() => {
    sinks.gateway.reply = () => ({ status: 200 });
    sinks.gateway.arrived.length = 0;
    sinks.mail.refuseWith = null;
    sinks.mail.mails.length = 0;
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
    expect(await checkers.I6(database.sql)).toEqual([]);
    expect(await checkers.I7(database.sql)).toEqual([]);
  });
  afterAll(async () => {
    mailer.close();
    await sinks.gateway.close();
    await sinks.mail.close();
  });
  const sendBy = (channel: 'sms' | 'mail'): Line<OutgoingMessage>['send'] => {
    if (channel === 'mail') return mailer.send;
    const { url } = sinks.gateway;
    return createSmsSender({ url, token: 'gateway-token', phoneCountry: '86', timeoutMs: 500 });
  };
  const service = () => createNotification(database.sql, channels);
  const listed = (caseNumber: string) => service().questions.list({ caseNumber, limit: 100 });
  return {
    database,
    sinks,
    listed,
    /** A customer who can be reached by text message. */
    opened: () =>
      openedCase(database.stores, { contact: { name: 'Li Wei', phone: '0139 0000-1001' } }),
    deliver(channel: 'sms' | 'mail', settings: Partial<DeliverySettings> = {}): void {
      const outbox = createMessageOutbox(database.sql, channel, null);
      const line = { name: channel, outbox, send: sendBy(channel) };
      running.push(runDelivery(line, () => undefined, { ...fast, ...settings }));
    },
    send: (caseNumber: string, sequence: number, more: Partial<SendRequest> = {}) =>
      service().effects.send(messageOf(caseNumber, sequence, more)),
    settled: (caseNumber: string) =>
      eventually('all settled', async () =>
        (await listed(caseNumber)).every(({ status }) => status !== 'pending'),
      ),
    keysArrived: () =>
      sinks.gateway.arrived.map(({ headers }) => String(headers['idempotency-key'])),
  };
}
