import { connect as connectSocket } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { firstExample, noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile(5);
const door = doorFrom(() =>
  openDoor(database.sql, noEngine, { limits: { requestTimeoutMs: 1_000 } }),
);
let address: { host: string; port: number };

beforeAll(async () => {
  const url = new URL(await door.app.listen({ host: '127.0.0.1', port: 0 }));
  address = { host: url.hostname, port: Number(url.port) };
});

const hotline = { authorization: 'Bearer demo-hotline' };
const json = { ...hotline, 'content-type': 'application/json', 'idempotency-key': 'hostile' };
const good = JSON.stringify(firstExample());
const withFault = (fault: object) =>
  JSON.stringify(firstExample({ fault: { code: 'HYD-PUMP-LOSS', description: 'x', ...fault } }));
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const invalidUtf8 = Buffer.concat([
  Buffer.from('{"a":"'),
  Buffer.from([0xc3, 0x28]),
  Buffer.from('"}'),
]);

type Case = [
  name: string,
  status: number,
  payload: string | Buffer,
  headers?: Record<string, string>,
];
const bodies: Case[] = [
  ['no body', 400, ''],
  ['not JSON', 400, '{'],
  ['trailing garbage', 400, `${good}x`],
  ['a byte order mark', 400, `\uFEFF${good}`],
  ['invalid UTF-8', 400, invalidUtf8],
  ['a key given twice', 400, '{"flow":"inWarrantyRepair","flow":"inWarrantyRepair"}'],
  ['a key given twice, once escaped', 400, '{"flow":1,"fl\\u006fw":2}'],
  ['__proto__', 400, '{"__proto__":{"flow":"inWarrantyRepair"}}'],
  ['__proto__ escaped', 400, '{"contact":{"\\u005f_proto__":1}}'],
  ['100,000 levels', 400, deep],
  ['40 levels', 400, `{"a":${'['.repeat(40)}${']'.repeat(40)}}`],
  ['1.1 MB', 413, `{"a":"${'a'.repeat(1_150_000)}"}`],
  ['an array', 422, '[]'],
  ['null', 422, 'null'],
  ['a string', 422, '"x"'],
  ['an unknown field', 422, JSON.stringify(firstExample({ surprise: 1 }))],
  ['a NUL in the name of a field', 422, JSON.stringify(firstExample({ 'a\0b': 1 }))],
  ['half a character as the name of a field', 422, JSON.stringify(firstExample({ '\ud800': 1 }))],
  [
    'a character where the name of a field is cut',
    422,
    JSON.stringify(firstExample({ [`${'a'.repeat(79)}😀`]: 1 })),
  ],
  ['constructor', 422, JSON.stringify(firstExample({ constructor: {} }))],
  ['an unknown flow', 404, JSON.stringify(firstExample({ flow: 'toString' }))],
  ['a flow that is no string', 422, JSON.stringify(firstExample({ flow: { $ne: null } }))],
  [
    'a customer number that is a number',
    422,
    JSON.stringify(firstExample({ customerNumber: 1001 })),
  ],
  [
    'a serial number of 10,000 letters',
    422,
    JSON.stringify(firstExample({ serialNumber: 'A'.repeat(10_000) })),
  ],
  [
    'SQL in a serial number',
    422,
    JSON.stringify(firstExample({ serialNumber: "A'; drop table cases; --" })),
  ],
  ['NUL in a text', 422, withFault({ description: 'a\0b' })],
  ['half a surrogate pair', 422, withFault({}).replace('"x"', '"\\ud800"')],
  ['the 31st of February', 422, withFault({ occurredAt: '2026-02-31T10:00:00Z' })],
  ['an instant without a zone', 422, withFault({ occurredAt: '2026-02-01T10:00:00' })],
  ['the year 275760', 422, withFault({ occurredAt: '+275760-01-01T00:00:00Z' })],
  ['1e400 for a text', 422, withFault({}).replace('"x"', '1e400')],
  ['an empty text', 422, withFault({ description: '' })],
  ['charset=utf-16', 415, good, { 'content-type': 'application/json; charset=utf-16' }],
  ['text/plain', 415, good, { 'content-type': 'text/plain' }],
  ['a form', 415, 'flow=x', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['gzip on a plain body', 415, good, { 'content-encoding': 'gzip' }],
  ['no key', 400, good, { 'idempotency-key': '' }],
  ['a key of 300 characters', 400, good, { 'idempotency-key': 'k'.repeat(300) }],
  ['no token', 401, good, { authorization: '' }],
  ['another scheme', 401, good, { authorization: 'Basic ZGVtbzpkZW1v' }],
  ['a role that nobody has', 401, good, { authorization: 'Bearer demo-toString' }],
];

test.each(bodies)(
  'opening a case with %s answers %i as a problem',
  async (_name, status, payload, headers) => {
    const response = await door.app.inject({
      method: 'POST',
      url: '/v1/cases',
      headers: { ...json, ...headers },
      payload,
    });
    expect(problemIn(response.headers['content-type'], response.body)).toMatchObject({ status });
    expect(response.statusCode).toBe(status);
  },
);

const paths: [path: string, status: number][] = [
  ['/v1/cases/%zz', 400],
  ['/v1/cases/1e3', 404],
  ['/v1/cases/0x10', 404],
  ['/v1/cases/%20', 404],
  ['/v1/cases/%00', 404],
  ['/v1/cases/C-99999999999999999999', 404],
  ['/v1/cases/C-000000', 404],
  [`/v1/cases/${'C'.repeat(500)}`, 404],
  ['/v1/assets/..%2f..%2fetc', 404],
  ['/v1/customers/toString', 404],
  ['/v1/parts/%F0%9F%92%A9', 404],
  ['/v1/nowhere', 404],
  ['/v1/cases?limit=0', 422],
  ['/v1/cases?limit=1e2', 422],
  ['/v1/cases?limit=9007199254740993', 422],
  ['/v1/cases?limit=1&limit=2', 422],
  ['/v1/cases?status=open', 422],
  ['/v1/cases?alertLevel=4', 422],
  ['/v1/cases?q=%00', 422],
  ['/v1/cases?overdue=1', 422],
  ['/v1/cases?nonsense=1', 422],
  ['/v1/cases?__proto__=1', 422],
  ['/v1/cases?cursor=garbage', 422],
  ['/v1/tasks?cursor=WyJjYXNlcyIsMV0', 422],
  ['/v1/tasks?role=king', 422],
  ['/v1/part-loans?cursor=WyJjYXNlcyIsMV0', 422],
  ['/v1/engineers?at=tomorrow', 422],
];

test.each(paths)('reading %s answers %i as a problem', async (url, status) => {
  const response = await door.app.inject({ method: 'GET', url, headers: hotline });
  expect(problemIn(response.headers['content-type'], response.body)).toMatchObject({ status });
});

const head = `POST /v1/cases HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-hotline\r\n`;
const wires: [name: string, bytes: string | Buffer, status: number][] = [
  [
    'garbage bytes',
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x0d, 0x0a, 0x0d, 0x0a]),
    400,
  ],
  ['a 20 KB header', `${head}X-Big: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['two content lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
  ['chunked and a length', `${head}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n{}`, 400],
  ['headers that never end', head, 408],
  [
    'a body that never comes',
    `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    408,
  ],
  ['%zz in the path', 'GET /v1/cases/%zz HTTP/1.1\r\nHost: x\r\n\r\n', 400],
];

test.each(wires)('%s on the socket get a problem', async (_name, bytes, status) => {
  const answer = await raw(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(problemIn(answer, answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status });
});

test('nothing of all that opened a case', async () => {
  const list = await door.call('GET', '/v1/cases', 'hotline');
  expect(list.body.items).toEqual([]);
});

function problemIn(type: unknown, body: string): unknown {
  expect(String(type)).toContain('application/problem+json');
  expect(body).not.toMatch(/node_modules|at \w+ \(|select |127\.0\.0\.1|postgres/i);
  return JSON.parse(body);
}

function raw(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(address);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.endsWith('}')) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.write(bytes);
  });
}
