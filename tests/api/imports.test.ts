/** Files at the door: whose they are, how large, of which kind, and that a repetition is the same import. */
import type { InjectOptions } from 'fastify';
import { expect, test } from 'vitest';
import type { Role } from '../../domain/case.ts';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const door = doorFrom(() => openDoor(database.sql, noEngine));

const header = 'territory,day,name\n';
const good = `${header}north,2028-01-01,New Year\nsouth,2028-01-01,New Year\n`;

interface Sent {
  kind?: string;
  role?: Role;
  key?: string | null;
  type?: string;
  dryRun?: string;
}

async function send(payload: string | Buffer, sent: Sent = {}) {
  const { kind = 'holidays', role = 'admin', key = 'key', type = 'text/csv', dryRun } = sent;
  const response = await door.app.inject({
    method: 'POST',
    url: `/v1/imports/${kind}${dryRun === undefined ? '' : `?dryRun=${dryRun}`}`,
    headers: {
      authorization: `Bearer demo-${role}`,
      'content-type': type,
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
    payload,
  } satisfies InjectOptions);
  return { status: response.statusCode, body: response.json() };
}

test('a dry run needs no key and writes nothing; the import is 201, its repetition 200 and the same', async () => {
  const report = { kind: 'holidays', rows: 2, created: 2, changed: 0, unchanged: 0 };
  expect(await send(good, { key: null, dryRun: 'true' })).toMatchObject({
    status: 200,
    body: { dryRun: true, ...report },
  });
  const first = await send(good, { type: 'text/csv; charset=UTF-8; header=present' });
  expect(first).toMatchObject({
    status: 201,
    body: { dryRun: false, importNumber: 'IM-0001', by: { id: 'ST-09', role: 'admin' }, ...report },
  });
  expect(await send(good)).toEqual({ status: 200, body: first.body });
  const { body } = await door.call('GET', '/v1/imports', 'auditor');
  const { dryRun: _, ...logged } = first.body;
  expect(body).toEqual({ items: [logged], nextCursor: null });
});

test('another file or another register under a used key is 422', async () => {
  await send(good, { key: 'used' });
  for (const other of [
    send(`${good}north,2028-01-02,x\n`, { key: 'used' }),
    send(good, { key: 'used', kind: 'customers' }),
  ])
    expect(await other).toMatchObject({ status: 422, body: { code: 'idempotencyKeyReused' } });
});

test('what is wrong is 422 by row and column, with a pointer for programs, and stands in the audit log', async () => {
  const file = `${header}north,2028-02-30,x\nwest,2028-02-01,y\n`;
  expect(await send(file, { key: 'wrong' })).toMatchObject({
    status: 422,
    body: {
      code: 'invalidRequest',
      detail: 'nothing was imported: 2 errors',
      found: 2,
      errors: [
        {
          pointer: '/2/day',
          row: 2,
          column: 'day',
          detail: expect.stringMatching(/^a day such as/),
        },
        {
          pointer: '/3/territory',
          row: 3,
          column: 'territory',
          detail: 'a known territory: west is none',
        },
      ],
    },
  });
  const [refused] = await database.sql`
    select actor_id, subject, reason from case_events where kind = 'refused' order by seq desc limit 1`;
  expect(refused).toMatchObject({ actor_id: 'ST-09', subject: 'importFile' });
});

test.each<[string, Sent & { file?: string | Buffer }, number, string]>([
  ['another role', { role: 'supervisor', kind: 'nothing' }, 403, 'forbidden'],
  ['no such register', { kind: 'cases' }, 404, 'notFound'],
  ['a name that every object has', { kind: 'constructor' }, 404, 'notFound'],
  ['no key', { key: null }, 400, 'headerMissing'],
  ['JSON', { type: 'application/json', file: '{}' }, 415, 'unsupportedMediaType'],
  ['CSV in another charset', { type: 'text/csv; charset=gbk' }, 415, 'unsupportedMediaType'],
  ['a flag that is none', { dryRun: 'yes' }, 422, 'invalidRequest'],
  ['nothing', { file: '' }, 422, 'invalidRequest'],
  ['too much', { file: Buffer.alloc(8 * 1024 * 1024 + 1, 'a') }, 413, 'tooLarge'],
  ['one endless cell', { file: Buffer.alloc(7 * 1024 * 1024, 'a') }, 422, 'invalidRequest'],
  ['a quote that never ends', { file: `${header}"north` }, 422, 'invalidRequest'],
  [
    'a column of control characters',
    { file: 'a\u0001\u001b[31m,__proto__,constructor\n1,2,3\n' },
    422,
    'invalidRequest',
  ],
])(
  '%s is refused as a problem, and nothing is imported',
  async (name, { file = good, ...sent }, status, code) => {
    const before = await count();
    expect(await send(file, { key: name.replaceAll(' ', '-'), ...sent })).toMatchObject({
      status,
      body: { code },
    });
    expect(await count()).toBe(before);
  },
);

const count = async () => (await database.sql`select from imports`).length;

test('a file in another form is told what to send', async () => {
  const { body } = await send(good, { type: 'multipart/form-data; boundary=x' });
  expect(body.title).toMatch(/a file of a register as text\/csv/);
});

test('no other route takes CSV', async () => {
  const response = await door.app.inject({
    method: 'POST',
    url: '/v1/cases',
    headers: { authorization: 'Bearer demo-hotline', 'content-type': 'text/csv' },
    payload: good,
  });
  expect(response.statusCode).toBe(415);
});

test('the log of imports is for admin and auditor, page by page', async () => {
  expect(await door.call('GET', '/v1/imports', 'hotline')).toMatchObject({ status: 403 });
  for (const key of ['one', 'two']) await send(good, { key });
  const { body } = await door.call('GET', '/v1/imports?limit=1', 'admin');
  expect(body.items).toHaveLength(1);
  const next = await door.call('GET', `/v1/imports?limit=1&cursor=${body.nextCursor}`, 'admin');
  expect(next.body.items).toHaveLength(1);
  expect(next.body.items).not.toEqual(body.items);
  expect(await door.call('GET', '/v1/imports?cursor=x', 'admin')).toMatchObject({ status: 422 });
});
