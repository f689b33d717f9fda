import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Sql } from '../../db/connect.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { createStatusLinks, type StatusLinks } from '../../services/status-links/index.ts';
import { type Door, noEngine, openDoor } from '../support/api/door.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { messageOf, openedCase, progress, view } from '../support/fixtures.ts';

let database: TestDatabase;
let sql: Sql;
let door: Door;
let links: StatusLinks;
const options = { baseUrl: 'https://service.example', secret: 's'.repeat(32), daysAfterEnd: 30 };

beforeAll(async () => {
  database = await createDatabase();
  sql = connect(database.url, { max: 5 });
  links = createStatusLinks(sql, options);
  const plain = await openDoor(sql, noEngine);
  door = await openDoor(sql, noEngine, {
    messages: { ...plain.deps.messages, statusLinks: links },
  });
  await plain.app.close();
});
afterAll(async () => {
  await door.app.close();
  await sql.end();
  await database.drop();
});

/** Tells the customer, as a case does, and answers the link in the message. */
async function toldOf(caseNumber: string): Promise<string> {
  const service = createNotification(sql, { sms: false, mail: false, links });
  await service.effects.send(messageOf(caseNumber, 1));
  const [message] = await service.questions.list({ caseNumber, limit: 1 });
  return /https:\/\/service\.example(\/s\/\S+)/.exec(message?.text ?? '')?.[1] ?? '';
}

const read = (url: string, language?: string) =>
  door.app.inject({ url, headers: language ? { 'accept-language': language } : {} });
const english = { customerNumber: 'CU-1003', serialNumber: 'NET-SCH-0001' };
const clock = (name: string, dueAt: string) => ({
  name,
  startedAt: '2026-11-22T06:00:00.000Z',
  dueAt,
  state: 'running' as const,
  metAt: null,
});

test('the link in a message opens the case: stage, next step, promised time, and nobody’s name', async () => {
  const caseNumber = await openedCase(door.deps.stores, {
    ...english,
    contact: { name: 'Grace <Miller>', phone: '+86 139 0000 1003' },
    faultText: 'The pump of Grace leaks.',
  });
  const clocks = [
    clock('resolution', '2026-11-24T06:00:00.000Z'),
    clock('response', '2026-11-22T07:00:00.000Z'),
  ];
  await door.deps.stores.progress.record(
    progress(caseNumber, 1, {
      view: view(caseNumber, { stage: 'phoneTriage', clocks, assignee: 'ST-02' }),
    }),
  );
  const page = await read(await toldOf(caseNumber));
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('<html lang="en">');
  for (const shown of [
    caseNumber,
    'NET-SCH-0001',
    'Judging the fault by phone',
    'First answer by 2026-11-22 15:00 (+08:00)',
  ])
    expect(page.body).toContain(shown);
  for (const hidden of ['Grace', '139', 'pump', 'ST-02', 'CU-1003'])
    expect(page.body).not.toContain(hidden);
});

test('it is in the browser’s language, else in the customer’s', async () => {
  const link = await toldOf(await openedCase(door.deps.stores));
  const languageOf = async (accepts?: string) =>
    /lang="([\w-]+)"/.exec((await read(link, accepts)).body)?.[1];
  expect(await languageOf()).toBe('zh-CN');
  expect(await languageOf('en-GB,en;q=0.9')).toBe('en');
  expect(await languageOf('fr, zh-TW;q=0.8, en;q=0.5')).toBe('zh-CN');
  expect(await languageOf('en;q=0, fr')).toBe('zh-CN');
  expect(await languageOf(`${'x'.repeat(5_000)},en`)).toBe('zh-CN');
});

test('an agreed visit that lies ahead is what is promised', async () => {
  const caseNumber = await openedCase(door.deps.stores, english);
  const visit = { engineerNumber: 'EN-01', start: '2099-01-05T01:00:00.000Z' };
  const clocks = [clock('resolution', '2026-11-24T06:00:00.000Z')];
  await door.deps.stores.progress.record(
    progress(caseNumber, 1, {
      view: view(caseNumber, { stage: 'departing', facts: { visit }, clocks }),
    }),
  );
  const { body } = await read(await toldOf(caseNumber));
  expect(body).toContain('Visit from 2099-01-05 09:00');
  expect(body).not.toContain('EN-01');
});

test('it runs nothing, is framed nowhere, is not kept, not indexed, and tells no other site where it was', async () => {
  const { headers, body } = await read(await toldOf(await openedCase(door.deps.stores)));
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  expect(headers).toMatchObject({
    'x-robots-tag': 'noindex, nofollow, noarchive',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
  });
  expect(body).not.toMatch(/<script|javascript:| on\w+=|<form|<a |<img|<link/i);
});

test('only the token opens it: not its hash, no other secret’s, no part of it, no number of a case', async () => {
  const caseNumber = await openedCase(door.deps.stores);
  const link = await toldOf(caseNumber);
  const foreign = createStatusLinks(sql, { ...options, secret: 'x'.repeat(32) });
  const [{ hash } = { hash: '' }] = await sql<{ hash: string }[]>`
    select token_hash as hash from status_links where case_number = ${caseNumber}`;
  expect(link.slice(3)).toMatch(/^[\w-]{32}$/);
  const wrong = [
    link.slice(0, -1),
    `${link}A`,
    `/s/${hash}`,
    `/s/${hash.slice(0, 32)}`,
    `/s/${caseNumber}`,
    foreign.urlOf(caseNumber).replace(options.baseUrl, ''),
    '/s/%00',
    '/s/..%2f..%2fv1',
    `/s/${"'".repeat(32)}`,
  ];
  for (const url of wrong) {
    const page = await read(url);
    expect([url, page.statusCode]).toEqual([url, 404]);
    expect(page.body).not.toContain(caseNumber);
  }
  const kept = JSON.stringify([
    await sql`select * from status_links`,
    await sql`select * from notifications`,
  ]);
  expect(kept).not.toContain(link.slice(3));
});

test('a case without a message has no page; an ended one has it for so many days', async () => {
  const silent = await openedCase(door.deps.stores);
  expect((await read(links.urlOf(silent).replace(options.baseUrl, ''))).statusCode).toBe(404);
  const caseNumber = await openedCase(door.deps.stores, english);
  const link = await toldOf(caseNumber);
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const endedAt = (revision: number, closedAt: string) =>
    door.deps.stores.progress.record(
      progress(caseNumber, revision, { view: view(caseNumber, { status: 'closed', closedAt }) }),
    );
  await endedAt(1, daysAgo(29));
  expect((await read(link)).body).toContain('Completed');
  await endedAt(2, daysAgo(31));
  expect((await read(link)).statusCode).toBe(404);
});

test('who guesses is slowed down', async () => {
  const limits = { callsPerMinute: 20 };
  const now = () => '2030-01-01T00:00:10.000Z'; // all within one minute
  const slow = await openDoor(sql, noEngine, { messages: door.deps.messages, limits, now });
  const statuses: number[] = [];
  for (let n = 0; n < 25; n += 1) {
    const page = await slow.app.inject({ url: `/s/${String(n).padStart(32, 'x')}` });
    statuses.push(page.statusCode);
  }
  expect(statuses).toEqual([...Array(20).fill(404), ...Array(5).fill(429)]);
  await slow.app.close();
});

test('behind a proxy that is trusted each customer is counted alone; what anybody else forwards changes nothing', async () => {
  const { messages } = door.deps;
  const now = () => '2030-01-01T00:00:10.000Z'; // all within one minute
  const limits = { callsPerMinute: 2 };
  const strict = { messages, limits, now, trustedProxies: ['10.1.0.0/16'] };
  const slow = await openDoor(sql, noEngine, strict);
  const statuses = async (remoteAddress: string, forwarded: string[]) => {
    const found: number[] = [];
    for (const from of forwarded) {
      const headers = { 'x-forwarded-for': from };
      const page = await slow.app.inject({ url: `/s/${'x'.repeat(32)}`, remoteAddress, headers });
      found.push(page.statusCode);
    }
    return found;
  };
  const three = ['198.51.100.1', '198.51.100.2', '198.51.100.3'];
  expect(await statuses('203.0.113.9', three)).toEqual([404, 404, 429]);
  expect(await statuses('10.1.2.3', three)).toEqual([404, 404, 404]);
  // what a customer writes there stands before what the proxy adds
  const forged = ['192.0.2.1, 198.51.100.4', '192.0.2.2, 198.51.100.4', '192.0.2.3, 198.51.100.4'];
  expect(await statuses('10.1.2.3', forged)).toEqual([404, 404, 429]);
  await slow.app.close();
});
