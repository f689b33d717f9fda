import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { deliveryFigures, figureLines } from '../../services/delivery/figures.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { createMessageOutbox } from '../../services/notification/outbox.ts';
import { startDeliveries } from '../../worker/deliveries.ts';
import { messageOf } from '../support/fixtures.ts';
import { deliveryOfThisFile, fast } from '../support/services/delivering.ts';

const { database, sinks, opened, deliver, send, listed, settled, keysArrived } =
  deliveryOfThisFile();

/** A customer with a phone and an address. `mailed` accepts what goes there once there is no gateway for text messages. */
async function reachedByBoth() {
  const caseNumber = await opened();
  await database.sql`update persons set mail = 'li@works.example'
    where person_id = (select contact_id from cases where case_number = ${caseNumber})`;
  const mailed = (sequence: number) =>
    createNotification(database.sql, { sms: false, mail: true, links: null }).effects.send(
      messageOf(caseNumber, sequence),
    );
  return { caseNumber, mailed };
}

/** What a worker without a gateway for text messages runs. */
function workerByMailOnly(leaseMs: number) {
  const messages = {
    sms: null,
    phoneCountry: '86',
    inboundSecret: null,
    webhookAllow: [],
    statusPages: null,
    mail: { smtpUrl: sinks.mail.url, from: 'service@example.com' },
  };
  const log = pino({ level: 'silent' });
  const channels = { sms: false, mail: true, links: null };
  return startDeliveries(database.sql, { messages, channels, log }, { ...fast, leaseMs });
}

test('a text message leaves by the gateway, with its token, its key and an E.164 number', async () => {
  const caseNumber = await opened();
  await send(caseNumber, 1);
  expect(await listed(caseNumber)).toMatchObject([
    { status: 'pending', channel: 'sms', deliveries: [] },
  ]);
  deliver('sms');
  await settled(caseNumber);
  expect(await listed(caseNumber)).toMatchObject([
    { status: 'sent', deliveries: [{ attempt: 1, result: 'sent' }] },
  ]);
  expect(sinks.gateway.arrived).toMatchObject([
    {
      headers: {
        authorization: 'Bearer gateway-token',
        'idempotency-key': `${caseNumber}/1/message/1`,
      },
    },
  ]);
  expect(JSON.parse(sinks.gateway.arrived[0]?.body ?? '')).toEqual({
    to: '+8613900001001',
    text: expect.stringContaining('Li Wei'),
  });
});

test('messages of one case leave in order, while other cases go on', async () => {
  const [slow, other] = [await opened(), await opened()];
  for (const sequence of [1, 2, 3]) await send(slow, sequence);
  await send(other, 1);
  sinks.gateway.reply = ({ headers }, count) =>
    headers['idempotency-key'] === `${slow}/1/message/1` && count < 6
      ? { status: 503 }
      : { status: 200 };
  deliver('sms');
  await settled(slow);
  await settled(other);
  const ofSlow = keysArrived().filter((key) => key.startsWith(slow));
  expect(ofSlow.slice(0, -2).every((key) => key === `${slow}/1/message/1`)).toBe(true);
  expect(ofSlow.slice(-2)).toEqual([`${slow}/1/message/2`, `${slow}/1/message/3`]);
  expect(keysArrived().indexOf(`${other}/1/message/1`)).toBeLessThan(3);
});

test('503, silence and Retry-After are tried again; 4xx is for good, and holds up nothing', async () => {
  const caseNumber = await opened();
  for (const sequence of [1, 2]) await send(caseNumber, sequence);
  const replies = [
    { status: 503 },
    'never' as const,
    { status: 429, headers: { 'retry-after': '1' } },
    { status: 422 },
  ];
  const times: number[] = [];
  sinks.gateway.reply = (_request, count) => {
    times.push(Date.now());
    return replies[count - 1] ?? { status: 200 };
  };
  deliver('sms');
  await settled(caseNumber);
  const [first, second] = await listed(caseNumber);
  expect(first?.status).toBe('failed');
  expect(first?.deliveries.map(({ detail }) => detail)).toEqual([
    'answered 503',
    'no answer in time',
    'answered 429',
    'answered 422',
  ]);
  expect(second?.status).toBe('sent');
  expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThanOrEqual(1_000);
});

test.each([401, 403])(
  'a gateway that answers %i does not know us: a new token mends it, and the message leaves',
  async (status) => {
    const caseNumber = await opened();
    await send(caseNumber, 1);
    sinks.gateway.reply = (_request, count) => ({ status: count < 3 ? status : 200 });
    deliver('sms');
    await settled(caseNumber);
    expect(await listed(caseNumber)).toMatchObject([
      {
        status: 'sent',
        deliveries: [{ result: 'failed', detail: `answered ${status}` }, { result: 'failed' }, {}],
      },
    ]);
  },
);

test('what nobody could be told in time expires, after an attempt', async () => {
  const caseNumber = await opened();
  await send(caseNumber, 1);
  await database.sql`update notifications set expires_at = now() - interval '1 second' where case_number = ${caseNumber}`;
  sinks.gateway.reply = () => ({ status: 500 });
  deliver('sms');
  await settled(caseNumber);
  expect(await listed(caseNumber)).toMatchObject([
    { status: 'expired', deliveries: [{ attempt: 1, result: 'failed' }] },
  ]);
});

test('a worker that fell silent loses its lease: its attempt is unknown, a late word of it is not heard', async () => {
  const caseNumber = await opened();
  await send(caseNumber, 1);
  const outbox = createMessageOutbox(database.sql, 'sms', null);
  const [silent] = await outbox.claim(10, 50);
  expect(await outbox.claim(10, 50)).toEqual([]);
  await delay(60);
  deliver('sms');
  await settled(caseNumber);
  if (silent) await outbox.settle(silent, { result: 'refused', detail: 'late' }, fast.backOff);
  expect(await listed(caseNumber)).toMatchObject([
    { status: 'sent', deliveries: [{ result: 'unknown' }, { result: 'sent' }] },
  ]);
});

test('without a gateway a message stays in the outbox, and is not sent when one is set up later', async () => {
  const caseNumber = await opened();
  await createNotification(database.sql).effects.send({
    effectKey: randomUUID(),
    caseNumber,
    sequence: 1,
    template: 'rateUs',
    recipient: { kind: 'customer', caseNumber },
    params: {},
  });
  deliver('sms');
  await delay(100);
  expect(await listed(caseNumber)).toMatchObject([
    { status: 'kept', deliveries: [{ result: 'kept' }] },
  ]);
  expect(keysArrived()).toEqual([]);
});

test('what waits for a gateway that is no longer set up expires in its order, and the case’s mail goes on', async () => {
  const { caseNumber, mailed } = await reachedByBoth();
  for (const sequence of [1, 2]) await send(caseNumber, sequence);
  const [silent] = await createMessageOutbox(database.sql, 'sms', null).claim(1, 50);
  await mailed(3);
  const [first, second] = [workerByMailOnly(150), workerByMailOnly(150)];
  await settled(caseNumber);
  await Promise.all([first.stop(), second.stop()]);
  expect(silent).toMatchObject({ caseNumber });
  const gone = { result: 'failed', detail: 'no gateway is set up any more' };
  expect(await listed(caseNumber)).toMatchObject([
    {
      status: 'expired',
      deliveries: [
        { attempt: 1, result: 'unknown' },
        { attempt: 2, ...gone },
      ],
    },
    { status: 'expired', deliveries: [{ attempt: 1, ...gone }] },
    { status: 'sent', channel: 'mail' },
  ]);
});

test('a worker without the gateway leaves alone what another one has just begun or tries again later', async () => {
  const { caseNumber } = await reachedByBoth();
  await send(caseNumber, 1);
  sinks.gateway.reply = (_request, count) =>
    count < 4 ? { status: 503 } : { status: 200, afterMs: 300 };
  deliver('sms');
  const beside = workerByMailOnly(2_000);
  await settled(caseNumber);
  await beside.stop();
  expect(await listed(caseNumber)).toMatchObject([{ status: 'sent' }]);
});

test('the figures say what was asked, deduplicated, sent and lost from sight', async () => {
  const caseNumber = await opened();
  const before = (await deliveryFigures(database.sql)).find(({ channel }) => channel === 'sms');
  await Promise.all(Array.from({ length: 5 }, () => send(caseNumber, 1)));
  deliver('sms');
  await settled(caseNumber);
  const figures = await deliveryFigures(database.sql);
  const after = figures.find(({ channel }) => channel === 'sms');
  const change = (name: 'asked' | 'accepted' | 'deduplicated' | 'sent' | 'unknown') =>
    (after?.[name] ?? 0) - (before?.[name] ?? 0);
  expect(change('asked')).toBe(5);
  expect(change('accepted')).toBe(1);
  expect(change('deduplicated')).toBe(4);
  expect(change('sent')).toBe(1);
  expect(change('unknown')).toBe(0);
  expect(keysArrived()).toHaveLength(1);
  expect(figureLines(figures).join('\n')).toMatch(
    /^messages by sms: \d+ asked, .*\d+ deduplicated/m,
  );
});
