import { setTimeout as delay } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { type RunningDelivery, runDelivery } from '../../services/delivery/run.ts';
import { createWebhooks } from '../../services/webhooks/built-in.ts';
import {
  createAddresses,
  type WebhookEvent,
  type Webhooks,
} from '../../services/webhooks/index.ts';
import { createWebhookOutbox, createWebhookSender } from '../../services/webhooks/outbox.ts';
import { databaseOfThisFile, event, openedCase, progress } from '../support/fixtures.ts';
import { fast } from '../support/services/delivering.ts';
import { eventually, type HttpSink, startHttpSink } from '../support/sinks.ts';

const database = databaseOfThisFile();
let sink: HttpSink;
let webhooks: Webhooks;
let running: RunningDelivery[] = [];
let subscribed: { webhookNumber: string; secret: string };
/** `turned.example` is public when it is subscribed and when its delivery begins, and private at the connection itself. */
let lookUps = 0;
const addresses = createAddresses(['127.0.0.1'], async () => {
  lookUps += 1;
  return [{ address: lookUps > 2 ? '10.0.0.1' : '93.184.216.34', family: 4 }];
});

beforeAll(async () => {
  sink = await startHttpSink();
  webhooks = createWebhooks(database.sql, addresses);
});
beforeEach(async () => {
  sink.reply = () => ({ status: 200 });
  sink.arrived.length = 0;
  lookUps = 0;
  subscribed = await subscribe(sink.url);
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  expect(await checkers.I6(database.sql)).toEqual([]);
  expect(await checkers.I7(database.sql)).toEqual([]);
  for (const { webhookNumber } of await webhooks.list()) await webhooks.remove(webhookNumber);
});
afterAll(() => sink.close());

async function subscribe(
  url: string,
  events: WebhookEvent[] = [
    'case.opened',
    'case.stageEntered',
    'case.resolved',
    'case.closed',
    'alert.raised',
  ],
) {
  const done = await webhooks.subscribe({ url, events, by: 'ST-09' });
  if (done.kind !== 'subscribed') throw new Error(JSON.stringify(done));
  return { webhookNumber: done.webhook.webhookNumber, secret: done.secret };
}

function deliver(): void {
  const line = {
    name: 'webhooks',
    outbox: createWebhookOutbox(database.sql),
    send: createWebhookSender(addresses),
  };
  running.push(runDelivery(line, () => undefined, fast));
}

/** Tells the given stages of a case, one step each. */
async function tellStages(caseNumber: string, ...stages: string[]): Promise<void> {
  for (const [index, subject] of stages.entries()) {
    const events = [
      event('stageEntered', { subject, reason: 'Li Wei called', detail: { name: 'Li Wei' } }),
    ];
    await database.stores.progress.record(progress(caseNumber, index + 1, { events }));
  }
}

const deliveriesOf = async (number = subscribed.webhookNumber) =>
  (await webhooks.deliveries(number, { limit: 50 })).items;
const settled = () =>
  eventually('all settled', async () =>
    (await deliveriesOf()).every(({ status }) => status !== 'pending'),
  );
const told = () => sink.arrived.map(({ body }) => JSON.parse(body).data);

test('an event arrives signed as Standard Webhooks asks, without a name in it', async () => {
  const caseNumber = await openedCase(database.stores);
  await tellStages(caseNumber, 'phoneTriage');
  deliver();
  await settled();
  const [arrived] = sink.arrived;
  if (!arrived) throw new Error('nothing arrived');
  const verified = new Verifier(subscribed.secret).verify(arrived.body, {
    'webhook-id': String(arrived.headers['webhook-id']),
    'webhook-timestamp': String(arrived.headers['webhook-timestamp']),
    'webhook-signature': String(arrived.headers['webhook-signature']),
  });
  expect(verified).toEqual({
    type: 'case.stageEntered',
    timestamp: '2026-11-22T06:00:00.000Z',
    data: {
      caseNumber,
      flow: 'inWarrantyRepair',
      cycle: 1,
      severity: expect.any(String),
      customerNumber: 'CU-1001',
      serialNumber: 'ZE230E-000117',
      faultCode: 'HYD-PUMP-LOSS',
      stage: 'phoneTriage',
    },
  });
  expect(JSON.stringify(arrived)).not.toContain('Li Wei');
});

test('only what is subscribed is told, of the case itself, once however often it is recorded', async () => {
  const caseNumber = await openedCase(database.stores);
  const step = progress(caseNumber, 5, {
    events: [
      event('caseOpened'),
      event('taskOpened', { subject: 'reportPhoneTriage-1' }),
      event('statusMoved', { subject: 'triaged' }),
      event('caseHeld', { subject: 'awaitingCustomer' }),
      event('alertRaised', { subject: 'level 2', detail: { level: 2, trigger: 'resolution' } }),
      event('statusMoved', { subject: 'resolved' }),
    ],
  });
  await database.stores.progress.record(step);
  await database.stores.progress.record(step);
  const workflowId = `${caseNumber}/loan1`;
  await database.stores.progress.record(
    progress(caseNumber, 1, {
      workflowId,
      view: null,
      events: [event('stageEntered', { subject: 'x' })],
    }),
  );
  const found = await deliveriesOf();
  expect(found.map((one) => one.event).reverse()).toEqual([
    'case.opened',
    'alert.raised',
    'case.resolved',
  ]);
});

test('events of one case arrive in order, whatever fails in between, and each at least once', async () => {
  const [one, other] = [await openedCase(database.stores), await openedCase(database.stores)];
  await tellStages(one, 'phoneTriage', 'borrowingParts', 'arrangingVisit');
  await tellStages(other, 'phoneTriage', 'verifying');
  sink.reply = (_request, count) => ({ status: count % 2 === 1 ? 500 : 204 });
  deliver();
  await settled();
  const order = (caseNumber: string) => [
    ...new Set(told().flatMap((data) => (data.caseNumber === caseNumber ? [data.stage] : []))),
  ];
  expect(order(one)).toEqual(['phoneTriage', 'borrowingParts', 'arrangingVisit']);
  expect(order(other)).toEqual(['phoneTriage', 'verifying']);
  const statuses = (await deliveriesOf()).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(['sent']));
});

test('a redirect is not followed, 410 is for good; a redelivery has the same id and body, signed anew', async () => {
  const caseNumber = await openedCase(database.stores);
  sink.reply = (_request, count) =>
    count === 1
      ? { status: 302, headers: { location: 'http://169.254.169.254/' } }
      : { status: 410 };
  await tellStages(caseNumber, 'phoneTriage');
  deliver();
  await settled();
  const [failed] = await deliveriesOf();
  expect(failed).toMatchObject({
    status: 'failed',
    attempts: [{ detail: 'answered 302' }, { detail: 'answered 410' }],
  });
  sink.reply = () => ({ status: 200 });
  await webhooks.redeliver(subscribed.webhookNumber, failed?.deliveryNumber ?? '');
  await settled();
  const [first, , last] = sink.arrived;
  expect(last?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(last?.body).toBe(first?.body);
  expect(await deliveriesOf()).toMatchObject([{ status: 'sent' }]);
});

test('a host that turns private between the check and the connection is not called', async () => {
  const { webhookNumber } = await subscribe('https://turned.example/hook');
  const caseNumber = await openedCase(database.stores);
  await tellStages(caseNumber, 'phoneTriage');
  deliver();
  await eventually(
    'refused',
    async () => (await deliveriesOf(webhookNumber))[0]?.status === 'failed',
  );
  expect(await deliveriesOf(webhookNumber)).toMatchObject([
    { attempts: [{ result: 'failed', detail: 'the host is private' }] },
  ]);
});

test('a dead subscriber is left alone for a while, and keeps nobody else waiting', async () => {
  const dead = await subscribe('http://127.0.0.1:9/dead');
  for (let n = 0; n < 6; n += 1) await tellStages(await openedCase(database.stores), 'phoneTriage');
  deliver();
  await settled();
  await delay(300);
  await Promise.all(running.map((one) => one.stop()));
  const attempts = (await deliveriesOf(dead.webhookNumber)).flatMap((one) => one.attempts);
  expect(attempts.length).toBeGreaterThan(0);
  expect(attempts.every(({ detail }) => detail === 'ECONNREFUSED')).toBe(true);
  expect((await webhooks.get(dead.webhookNumber))?.failures).toBeGreaterThan(0);
  await webhooks.remove(dead.webhookNumber);
  expect(await webhooks.get(dead.webhookNumber)).toBeNull();
});

test('I6 and I7 see an event that nobody took, and one that was told too early', async () => {
  const caseNumber = await openedCase(database.stores);
  await tellStages(caseNumber, 'phoneTriage', 'verifying');
  deliver();
  await settled();
  const [late] = await database.sql`update webhook_attempts set at = at + interval '1 hour'
    where seq = (select min(seq) from webhook_messages where case_number = ${caseNumber}) returning seq`;
  expect(await checkers.I7(database.sql)).toHaveLength(1);
  const kept =
    await database.sql`delete from webhook_attempts where seq = ${late?.seq} returning *`;
  expect(await checkers.I6(database.sql)).toHaveLength(1);
  await database.sql`insert into webhook_attempts (seq, attempt, result, at)
    values (${late?.seq}, 1, 'sent', ${kept[0]?.at}::timestamptz - interval '1 hour')`;
});
