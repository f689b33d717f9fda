import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../services/delivery/index.ts';
import { createWebhooks } from '../../services/webhooks/built-in.ts';
import { createAddresses } from '../../services/webhooks/index.ts';
import { createWebhookOutbox, type OutgoingEvent } from '../../services/webhooks/outbox.ts';
import { databaseOfThisFile, event, openedCase, progress } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const backOff = { firstMs: 5_000, mostMs: 600_000 };
const failed: Outcome = { result: 'tryAgain', detail: 'answered 503' };
let webhooks: ReturnType<typeof createWebhooks>;
let outbox: ReturnType<typeof createWebhookOutbox>;
let [ours, other] = ['', ''];

/** Two subscribers, each of whom is to be told one event of each of eight cases. */
beforeEach(async () => {
  webhooks = createWebhooks(database.sql, createAddresses(['127.0.0.1']));
  outbox = createWebhookOutbox(database.sql);
  for (const { webhookNumber } of await webhooks.list()) await webhooks.remove(webhookNumber);
  [ours, other] = [await subscribe('ours'), await subscribe('other')];
  for (let n = 0; n < 8; n += 1) {
    const events = [event('stageEntered', { subject: 'phoneTriage' })];
    const caseNumber = await openedCase(database.stores);
    await database.stores.progress.record(progress(caseNumber, 1, { events }));
  }
});

async function subscribe(path: string): Promise<string> {
  const url = `http://127.0.0.1:9/${path}`;
  const done = await webhooks.subscribe({ url, events: ['case.stageEntered'], by: 'ST-09' });
  if (done.kind !== 'subscribed') throw new Error(JSON.stringify(done));
  return done.webhook.webhookNumber;
}

const failures = async () => (await webhooks.get(ours))?.failures;
const ofOurs = (items: OutgoingEvent[]) => items.filter((one) => one.webhookNumber === ours);

test('what fails at the same time counts once: a second of trouble is no rest of ten minutes', async () => {
  const [first, ...others] = ofOurs(await outbox.claim(16, 60_000));
  expect(others).toHaveLength(7);
  for (const item of others) await outbox.settle(item, failed, backOff);
  expect(await failures()).toBe(1);
  if (first) await outbox.settle(first, { result: 'sent' }, backOff);
  expect(await failures()).toBe(0);
});

test('after its rest a subscriber is tried with one event at a time until it answers; nobody else waits for it', async () => {
  await database.sql`update webhooks set failures = 1 where webhook_number = ${ours}`;
  const claimed = await outbox.claim(16, 60_000);
  expect(claimed.filter((one) => one.webhookNumber === other)).toHaveLength(8);
  const [tried, ...more] = ofOurs(claimed);
  expect(more).toEqual([]);
  expect(await outbox.claim(16, 60_000)).toEqual([]);
  if (tried) await outbox.settle(tried, failed, { firstMs: 30, mostMs: 100 });

  await delay(100); // the rest is over, and the event that failed is due as well
  const again = await outbox.claim(16, 60_000);
  expect(again).toHaveLength(1);
  expect(again[0]?.seq).not.toBe(tried?.seq);
  if (again[0]) await outbox.settle(again[0], { result: 'sent' }, backOff);
  expect(await outbox.claim(16, 60_000)).toHaveLength(7);
});
