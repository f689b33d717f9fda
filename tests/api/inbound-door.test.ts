import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { handOver, openSignedDoor } from '../support/api/signed.ts';
import { databaseOfThisFile, openedCase } from '../support/fixtures.ts';

const database = databaseOfThisFile(5);
const door = doorFrom(() => openSignedDoor(database.sql, noEngine));
const sms = '/v1/inbound/sms';

const stranger = { from: '+86 188 0000 0001', text: 'Hello?' };
const kept = async () => (await database.sql`select from inbound_messages`).length;
const answersTo = (sender: string) => database.sql`select text, effect_key from notifications
  where template = 'noOpenCase' and recipient->>'inboundNumber' in (select 'IN-' || seq from inbound_messages where sender = ${sender})`;

test('without an open case a message is kept for the hotline, and its sender answered once', async () => {
  const first = await handOver(door.app, sms, stranger);
  expect(first).toMatchObject({ status: 200, body: { status: 'unmatched' } });
  await handOver(door.app, sms, { ...stranger, text: 'Anybody?' });
  expect(await answersTo('8618800000001')).toHaveLength(1);
  const { body } = await door.call('GET', '/v1/inbound?status=unmatched', 'hotline');
  expect(body.items).toMatchObject([
    { text: 'Anybody?', sender: '8618800000001', caseNumber: null },
    { text: 'Hello?', inboundNumber: first.body.inboundNumber },
  ]);
});

test('handed over twice it is kept once and answered alike; its id with another text is refused', async () => {
  const id = randomUUID();
  const before = await kept();
  const [first, again] = [
    await handOver(door.app, sms, stranger, { id }),
    await handOver(door.app, sms, stranger, { id }),
  ];
  expect(again).toEqual(first);
  expect(await handOver(door.app, sms, { ...stranger, text: 'B' }, { id })).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused' },
  });
  expect(await kept()).toBe(before + 1);
});

test('twenty at once under one id are one', async () => {
  const id = randomUUID();
  const before = await kept();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => handOver(door.app, sms, stranger, { id })),
  );
  expect(new Set(all.map(({ body }) => body.inboundNumber)).size).toBe(1);
  expect(await kept()).toBe(before + 1);
});

const minutes = (n: number) => new Date(Date.now() + n * 60_000);
test.each<[string, Parameters<typeof handOver>[3]]>([
  ['another secret', { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }],
  ['a changed body', { change: (body) => body.replace('Hello?', 'Hello!') }],
  ['a stale timestamp', { at: minutes(-6) }],
  ['a timestamp of the future', { at: minutes(6) }],
  ['no signature', { headers: { 'webhook-signature': '' } }],
  ['no id', { headers: { 'webhook-id': '' } }],
  ['another id', { headers: { 'webhook-id': 'other' } }],
  ['a timestamp that is no number', { headers: { 'webhook-timestamp': '1e9' } }],
  ['a signature of another version', { headers: { 'webhook-signature': 'v1a,AAAA' } }],
  [
    'a staff token instead',
    { headers: { 'webhook-signature': '', authorization: 'Bearer demo-admin' } },
  ],
])('%s is answered 401, and nothing is kept', async (_name, how) => {
  const before = await kept();
  expect(await handOver(door.app, sms, stranger, how)).toMatchObject({ status: 401 });
  expect(await kept()).toBe(before);
});

test.each<[string, number, unknown]>([
  ['not JSON', 400, '{'],
  ['an unknown field', 422, { ...stranger, caseNumber: 'C-000001' }],
  ['CRLF in the number', 422, { ...stranger, from: '+86 188\r\nX: 1' }],
  ['a number of letters', 422, { ...stranger, from: 'BANK' }],
  ['no text at all', 422, { from: stranger.from }],
  ['NUL in the text', 422, { ...stranger, text: 'a\0b' }],
  ['5,000 signs', 422, { ...stranger, text: 'x'.repeat(5_000) }],
  ['10 MB', 413, { ...stranger, text: 'x'.repeat(10_000_000) }],
])(
  'a signed text message with %s is answered %i, and nothing is kept',
  async (_name, status, body) => {
    const before = await kept();
    expect(await handOver(door.app, sms, body)).toMatchObject({ status });
    expect(await kept()).toBe(before);
  },
);

test.each([
  'victim@example.com\r\nBcc: many@example.com',
  'a@example.com,b@example.com',
  'Li Wei <li@example.com>',
  'a@exam\nple.com',
  'nobody',
])('a mail from %j is answered 422', async (from) => {
  expect(await handOver(door.app, '/v1/inbound/mail', { from, text: 'A' })).toMatchObject({
    status: 422,
  });
});

test('while the engine is away a message is kept, and 503 asks for it again', async () => {
  await openedCase(door.deps.stores, { contact: { name: 'Li Wei', phone: '+86 188 0000 0002' } });
  const id = randomUUID();
  const message = { from: '18800000002', text: 'It leaks again.' };
  expect(await handOver(door.app, sms, message, { id })).toMatchObject({ status: 503 });
  const { body } = await door.call('GET', '/v1/inbound?status=received', 'hotline');
  expect(body.items).toMatchObject([{ text: 'It leaks again.' }]);
});

test('only those who serve customers read their messages; without a secret the door is shut', async () => {
  for (const role of ['engineer', 'partsKeeper'] as const)
    expect(await door.call('GET', '/v1/inbound', role)).toMatchObject({ status: 403 });
  const shut = await openDoor(database.sql, noEngine);
  expect(await handOver(shut.app, sms, stranger)).toMatchObject({ status: 404 });
  await shut.app.close();
});
