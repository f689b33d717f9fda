/** What the adapter makes of a partner's answers: for good, worth another try, or not before a while. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { toServiceFailure } from '../../db/failures.ts';
import { createHttpParts } from '../../services/parts/http.ts';
import type { PartsService } from '../../services/parts/index.ts';
import { anyFreePort } from '../../setup/processes.ts';

let server: Server;
let parts: PartsService;
let answer: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  parts = createHttpParts({
    url: `http://127.0.0.1:${port}/erp/`,
    token: 'secret',
    timeoutMs: 400,
  });
});
afterEach(() => server.closeAllConnections());
afterAll(() => server.close());

const answering = (status: number, body: unknown = '', headers: Record<string, string> = {}) => {
  answer = (_, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const release = () => parts.effects.release({ effectKey: randomUUID(), reservationKey: 'K' });
const failure = async (call: Promise<unknown> = release()) =>
  toServiceFailure(
    await call.then(
      () => new Error('it was taken'),
      (error: unknown) => error,
    ),
  );

test('an effect is a POST of what the contract names, with its key and the token', async () => {
  const got: unknown[] = [];
  answer = (request, response) => {
    const { method, url, headers } = request;
    request.on('data', (body) => got.push(JSON.parse(String(body))));
    request.on('end', () => response.end('{"result":null}'));
    got.push({ method, url, key: headers['idempotency-key'], token: headers.authorization });
  };
  const extras = { caseNumber: 'C-000001' };
  await parts.effects.release({
    effectKey: 'C-1/1/parts.reserve/1/undo',
    reservationKey: 'K',
    ...extras,
  });
  expect(got).toEqual([
    {
      method: 'POST',
      url: '/erp/parts/release',
      key: 'C-1/1/parts.reserve/1/undo',
      token: 'Bearer secret',
    },
    { reservationKey: 'K' },
  ]);
});

test.each([
  [400, {}, 'RequestRefused'],
  [401, {}, 'RequestRefused'],
  [404, 'not json', 'RequestRefused'],
  [422, { code: 'EffectKeyReused' }, 'EffectKeyReused'],
  [409, { code: 'OverReturn' }, 'RequestRefused'], // not a refusal of this operation
  [409, { code: 'constructor' }, 'RequestRefused'],
])('%s with %j is refused for good, as %s', async (status, body, type) => {
  answering(status, body);
  expect(await failure()).toMatchObject({ type, retryable: false });
});

test.each([408, 429, 500, 502, 503, 504])('%s is worth another try', async (status) => {
  answering(status, { code: 'EffectKeyReused' });
  expect(await failure()).toMatchObject({ type: 'Unavailable', retryable: true });
});

test.each([
  ['garbage', 200, '<html>'],
  ['nothing', 200, ''],
  ['200 with an error inside', 200, { result: null, error: 'locked' }],
  ['200 with an error alone', 200, { error: 'locked' }],
  ['an answer of another operation', 200, { result: { booked: true } }],
  ['10 MB', 200, `{"result":"${'x'.repeat(10_485_760)}"}`],
  ['a redirect', 307, ''],
  ['204', 204, ''],
])('%s is no answer: worth another try', async (_, status, body) => {
  answering(status, body, status === 307 ? { location: '/erp/parts/elsewhere' } : {});
  expect(await failure()).toMatchObject({ type: 'InvalidResponse', retryable: true });
});

test('no more is read of an answer than a megabyte', async () => {
  const loanNumber = 'x'.repeat(1_048_577);
  answering(200, { result: [loanNumber] });
  const call = parts.questions.unknownParts([]);
  expect((await failure(call)).message).toBe('partner answered over 1048576 bytes');
});

test('a redirect is not followed', async () => {
  const paths: unknown[] = [];
  answer = (request, response) => {
    paths.push(request.url);
    response.writeHead(302, { location: '/erp/elsewhere' }).end();
  };
  await failure();
  expect(paths).toEqual(['/erp/parts/release']);
});

test('4xx with 10 MB is refused for good all the same', async () => {
  answering(404, 'x'.repeat(10_485_760));
  expect(await failure()).toMatchObject({ type: 'RequestRefused', retryable: false });
});

test.each<[string, RequestListener]>([
  ['never answers', () => undefined],
  ['begins an answer and never ends it', (_, response) => response.writeHead(200).write('{"re')],
  ['drips', (_, response) => setInterval(() => response.write(' '), 50).unref()],
  [
    'cuts the answer off',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"result":');
      response.destroy();
    },
  ],
])('a partner that %s is given up in time, and tried again', async (_, listener) => {
  answer = listener;
  const began = Date.now();
  expect(await failure()).toMatchObject({ type: 'Unavailable', retryable: true });
  expect(Date.now() - began).toBeLessThan(2_000);
});

test('a partner that is not there is unavailable; neither address nor answer stands in the message', async () => {
  const gone = createHttpParts({
    url: `http://127.0.0.1:${await anyFreePort()}`,
    token: null,
    timeoutMs: 400,
  });
  const call = gone.effects.release({ effectKey: 'K', reservationKey: 'K' });
  expect(await failure(call)).toMatchObject({
    type: 'Unavailable',
    message: 'partner not reachable: ECONNREFUSED',
  });
  answering(409, { code: 'Secret Name', detail: 'Secret Name' });
  expect((await failure()).message).toBe('partner answered 409');
});

test.each([
  ['7', 7_000],
  ['86400', 3_600_000],
  ['a date in a minute', 60_000],
  ['soon', undefined],
  ['-1', undefined],
])('Retry-After: %s is kept to, up to an hour', async (header, ms) => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  answering(429, '', { 'retry-after': header.startsWith('a date') ? inAMinute : header });
  const { retryAfterMs } = await failure();
  if (ms === undefined) return expect(retryAfterMs).toBeUndefined();
  expect(retryAfterMs).toBeGreaterThan(ms - 5_000);
  expect(retryAfterMs).toBeLessThanOrEqual(ms);
});

test('an activity hands the time to the engine, which waits so long', async () => {
  answering(503, '', { 'retry-after': '7' });
  const deps = { parts: parts.effects, dispatch: never, notification: never };
  const own = { progress: never, records: never, billing: never, defects: never };
  const { parts: activities } = createActivities({
    ...deps,
    ...own,
    cases: never,
    schedules: never,
    builtIn: { ...deps, parts: never, takeOver: never },
  } as never);
  await expect(activities.release({ effectKey: 'K', reservationKey: 'K' })).rejects.toMatchObject({
    nextRetryDelay: 7_000,
    nonRetryable: false,
  });
});
const never = new Proxy({}, { get: () => () => undefined });
