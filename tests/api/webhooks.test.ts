import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Sql } from '../../db/connect.ts';
import type { Role } from '../../domain/case.ts';
import { createWebhooks } from '../../services/webhooks/built-in.ts';
import { createAddresses } from '../../services/webhooks/index.ts';
import { type Body, type Door, noEngine, openDoor } from '../support/api/door.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { event, openedCase, progress } from '../support/fixtures.ts';

let database: TestDatabase;
let sql: Sql;
let door: Door;

beforeAll(async () => {
  database = await createDatabase();
  sql = connect(database.url, { max: 5 });
  const addresses = createAddresses([], async (host) =>
    host === 'erp.example' ? [{ address: '93.184.216.34', family: 4 }] : [],
  );
  const plain = await openDoor(sql, noEngine);
  const webhooks = createWebhooks(sql, addresses);
  door = await openDoor(sql, noEngine, { messages: { ...plain.deps.messages, webhooks } });
  await plain.app.close();
});
afterAll(async () => {
  await door.app.close();
  await sql.end();
  await database.drop();
});

const subscription = (more: Body = {}) => ({
  url: 'https://erp.example/hook',
  events: ['case.opened', 'case.stageEntered'],
  ...more,
});
const subscribe = (body: Body, role: Role = 'admin') =>
  door.call('POST', '/v1/webhooks', role, body);
const remove = (number: unknown) =>
  door.app.inject({
    method: 'DELETE',
    url: `/v1/webhooks/${number}`,
    headers: { authorization: 'Bearer demo-admin' },
  });

test('the secret is shown once; the URL is subscribed once, and can be again when it was removed', async () => {
  const made = await subscribe(subscription());
  expect(made).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
  expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const number = made.body.webhookNumber;
  for (const path of ['/v1/webhooks', `/v1/webhooks/${number}`]) {
    const read = await door.call('GET', path, 'admin');
    expect(JSON.stringify(read.body)).toContain('https://erp.example/hook');
    expect(JSON.stringify(read.body)).not.toContain('whsec_');
  }
  expect(await subscribe(subscription())).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/url', detail: `subscribed already as ${number}` }] },
  });
  expect((await remove(number)).statusCode).toBe(204);
  expect((await remove(number)).statusCode).toBe(404);
  const again = await subscribe(subscription());
  expect(again.status).toBe(201);
  await remove(again.body.webhookNumber);
  const audit = await sql`select kind from case_events where kind like 'webhook%' order by seq`;
  expect(audit.map(({ kind }) => kind)).toEqual([
    'webhookAdded',
    'webhookRemoved',
    'webhookAdded',
    'webhookRemoved',
  ]);
});

test.each([
  'https://169.254.169.254/latest/meta-data',
  'https://2852039166/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://0.0.0.0/',
  'https://127.0.0.1:5432/',
  'http://erp.example/hook',
  'https://erp.example/\r\nX: 1',
  `https://erp.example/${'x'.repeat(600)}`,
])('%s is refused by its field, and nothing is subscribed', async (url) => {
  expect(await subscribe(subscription({ url }))).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/url' }] },
  });
  expect((await door.call('GET', '/v1/webhooks', 'admin')).body.items).toEqual([]);
});

test.each<[string, Body]>([
  ['/events/0', { events: ['case.exploded'] }],
  ['/events', { events: [] }],
  ['/events', { events: ['case.opened', 'case.opened'] }],
  ['/secret', { secret: 'mine' }],
])('%s is refused when it is %o', async (pointer, wrong) => {
  expect(await subscribe(subscription(wrong))).toMatchObject({
    status: 422,
    body: { errors: [{ pointer }] },
  });
});

test('webhooks are the administrator’s, and who else tried stands in the audit log', async () => {
  expect(await subscribe(subscription(), 'supervisor')).toMatchObject({ status: 403 });
  for (const path of ['/v1/webhooks', '/v1/webhooks/WH-1', '/v1/webhooks/WH-1/deliveries'])
    expect(await door.call('GET', path, 'hotline')).toMatchObject({ status: 403 });
  const [refused] =
    await sql`select actor_role, subject from case_events where kind = 'refused' order by seq desc`;
  expect(refused).toMatchObject({ actor_role: 'supervisor', subject: 'webhook' });
});

test('deliveries are listed with their attempts, page by page, and can be told once more', async () => {
  const { body } = await subscribe(subscription());
  const number = body.webhookNumber;
  const caseNumber = await openedCase(door.deps.stores);
  for (const n of [1, 2, 3])
    await door.deps.stores.progress.record(
      progress(caseNumber, n, { events: [event('stageEntered', { subject: `stage${n}` })] }),
    );
  const path = `/v1/webhooks/${number}/deliveries`;
  const first = await door.call('GET', `${path}?limit=2`, 'admin');
  expect(first.body.items).toMatchObject([
    { event: 'case.stageEntered', caseNumber, status: 'pending', attempts: [] },
    { event: 'case.stageEntered' },
  ]);
  const second = await door.call('GET', `${path}?limit=2&cursor=${first.body.nextCursor}`, 'admin');
  expect(second.body).toMatchObject({ items: [{ status: 'pending' }], nextCursor: null });
  await sql`update webhook_messages set status = 'failed'`;
  const [{ deliveryNumber }] = second.body.items as [{ deliveryNumber: string }];
  expect(await door.call('POST', `${path}/${deliveryNumber}/redeliver`, 'admin', {})).toMatchObject(
    {
      status: 200,
      body: { deliveryNumber, status: 'pending' },
    },
  );
  for (const wrong of [
    `${path}/WD-999/redeliver`,
    `${path}/x/redeliver`,
    '/v1/webhooks/WH-9/deliveries/WD-1/redeliver',
  ])
    expect(await door.call('POST', wrong, 'admin', {})).toMatchObject({ status: 404 });
  expect(await door.call('GET', '/v1/webhooks/WH-999/deliveries', 'admin')).toMatchObject({
    status: 404,
  });
});
