/** The doctor's checks of what others run: partners, SMS gateway and mail server, each in every way that it may be wrong. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDispatch } from '../../services/dispatch/built-in.ts';
import { createOutbox } from '../../services/partner/outbox.ts';
import { buildPartner } from '../../services/partner/server.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { checkMail, checkPartner, checkSms } from '../../setup/doctor/outside.ts';
import { anyFreePort } from '../../setup/processes.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { listen, toDo, well } from '../support/setup/doctor-cases.ts';

const database = databaseOfThisFile(2);
let reference: ReturnType<typeof buildPartner>;
beforeAll(() => {
  const { sql } = database;
  const services = {
    parts: createParts(sql),
    dispatch: createDispatch(sql),
    notification: createOutbox(sql),
  };
  reference = buildPartner(services, { token: 'secret' });
});
afterAll(() => reference.close());

interface Asked {
  url: string;
  token?: string | null;
  timeoutMs?: number;
}

const check = (service: 'parts' | 'dispatch' | 'notification', asked: Asked) =>
  checkPartner(service, { token: 'secret', timeoutMs: 2_000, ...asked });

const serving = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listen(createHttpServer(listener))}`;

test('the reference partner is well for every service, and nothing of it changes', async () => {
  const url = await reference.listen({ port: 0, host: '127.0.0.1' });
  const rows = () => database.sql`
    select (select count(*) from notifications) as sent, (select count(*) from effects) as effects`;
  const before = await rows();
  for (const service of ['parts', 'dispatch', 'notification'] as const)
    expect(await check(service, { url })).toMatchObject({
      ...well,
      about: `${service.toUpperCase()}_URL`,
    });
  expect(await rows()).toEqual(before);
  expect(await check('dispatch', { url, token: 'wrong' })).toMatchObject(
    toDo(/refuses our token \(401\)/, 'correct DISPATCH_TOKEN'),
  );
  expect(await check('parts', { url, token: null })).toMatchObject(
    toDo(/wants a token \(401\)/, 'set PARTS_TOKEN'),
  );
  expect(await check('parts', { url: `${url}/parts` })).toMatchObject(
    toDo(/has no POST \/parts\/unknownParts \(404\)/, 'correct PARTS_URL'),
  );
});

test.each<[string, number, string, RegExp, string]>([
  ['a token without the right', 403, '{}', /refuses our token \(403\)/, 'PARTS_TOKEN'],
  ['a page of a printer', 404, '<html>', /has no POST/, 'PARTS_URL'],
  ['a web page', 200, '<!doctype html><title>ERP</title>', /web page/, 'PARTS_URL'],
  ['a redirect to a login', 302, '', /elsewhere \(302\)/, 'PARTS_URL'],
  [
    'an answer of another system',
    200,
    '{"ok":true}',
    /not an answer of the contract/,
    'partner:check',
  ],
  ['an error inside a 200', 200, '{"result":[],"error":"x"}', /not an answer/, 'partner:check'],
  ['too long an answer', 200, 'x'.repeat(1_048_577), /over 1048576 bytes/, 'partner:check'],
  ['a refusal of the question', 422, '{}', /question of the contract with 422/, 'partner:check'],
  ['no answer', 204, '', /question of the contract with 204/, 'partner:check'],
  ['an error of its own', 503, '{}', /in trouble \(503\)/, 'by themselves'],
])('%s is no partner, and says what to do', async (_, status, body, said, what) => {
  const url = await serving((_, response) => response.writeHead(status).end(body));
  expect(await check('parts', { url })).toMatchObject(toDo(said, what));
});

test('a partner that is too slow, or away, is told apart', async () => {
  const slow = await serving(() => undefined);
  expect(await check('parts', { url: slow, timeoutMs: 200 })).toMatchObject(
    toDo(/within 200 ms/, 'PARTNER_TIMEOUT_MS'),
  );
  expect(await check('parts', { url: `http://127.0.0.1:${await anyFreePort()}` })).toMatchObject(
    toDo(/not reachable \(ECONNREFUSED\)/, 'PARTS_URL'),
  );
  expect(await check('parts', { url: 'http://127.0.0.1:6000' })).toMatchObject(
    toDo(/\(a port that HTTP clients refuse to call: take another one\)/, 'PARTS_URL'),
  );
});

test('an SMS gateway that answers is left open, since every question to it would send', async () => {
  const sms = async (status: number) =>
    checkSms({ url: await serving((_, response) => response.writeHead(status).end()), token: 't' });
  expect(await checkSms(null)).toBeNull();
  expect(await sms(405)).toMatchObject({ state: 'unknown' });
  expect(await sms(401)).toMatchObject(toDo(/refuses our token/, 'SMS_GATEWAY_TOKEN'));
  expect(
    await checkSms({ url: `http://127.0.0.1:${await anyFreePort()}`, token: null }),
  ).toMatchObject(toDo(/not reachable/, 'SMS_GATEWAY_URL'));
});

const from = 'service@example.com';
const mail = (address: string) => checkMail({ smtpUrl: `smtp://${address}`, from });

test('a mail server lets us in, or is told', async () => {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    logger: false,
    onAuth: ({ password }, _session, done) =>
      password === 'right' ? done(null, { user: 'u' }) : done(new Error('no')),
  });
  const port = await listen(server.server);
  expect(await checkMail(null)).toBeNull();
  expect(await mail(`127.0.0.1:${port}`)).toMatchObject(well);
  expect(await mail(`u:right@127.0.0.1:${port}`)).toMatchObject(well);
  expect(await mail(`u:wrong@127.0.0.1:${port}`)).toMatchObject(
    toDo(/refuses our user or password/, 'SMTP_URL'),
  );
});

test('what is no mail server is told, whether it talks, is silent or is away', async () => {
  const sockets: Socket[] = [];
  const says = async (text: string) => {
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      if (text) socket.end(text);
    });
    return mail(`127.0.0.1:${await listen(server)}`);
  };
  for (const text of ['HTTP/1.1 400\r\n', ''])
    expect(await says(text)).toMatchObject(toDo(/does not greet/, 'SMTP_URL'));
  for (const socket of sockets) socket.destroy();
  expect(await mail(`127.0.0.1:${await anyFreePort()}`)).toMatchObject(
    toDo(/does not greet/, 'SMTP_URL'),
  );
});
