import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepInbound } from '../../api/acts/inbound.ts';
import { checkers } from '../../checks/index.ts';
import {
  answer,
  caseOnce,
  openTask,
  readCase,
  timelineOf,
  walk,
} from '../support/api/case-walk.ts';
import { type Door, engineOf, firstExample, noEngine, openDoor } from '../support/api/door.ts';
import { handOver, openSignedDoor } from '../support/api/signed.ts';
import { eventually } from '../support/sinks.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let door: Door;
let taken = 0;

beforeAll(async () => {
  world = await startWorld();
  door = await openSignedDoor(world.sql, engineOf(world));
});
afterAll(async () => {
  await door.app.close();
  await world.close();
});

/** A case of a caller with a phone of their own. */
async function openedBy(): Promise<{ caseNumber: string; from: string }> {
  taken += 1;
  const from = `+86 188 1000 ${String(taken).padStart(4, '0')}`;
  const request = firstExample({
    customerNumber: 'CU-1003',
    serialNumber: `NET-SCH-${String(taken).padStart(4, '0')}`,
    fault: { code: 'NET-NO-LINK', description: 'No link on any port.' },
    contact: { name: 'Grace Miller', phone: from },
  });
  const opened = await door.call('POST', '/v1/cases', 'hotline', request, randomUUID());
  return { caseNumber: String(opened.body.caseNumber), from };
}

/** As `openedBy`, solved by phone, so that the callback is asked for. */
async function solvedByPhone() {
  const opened = await openedBy();
  const triage = await openTask(door, opened.caseNumber, 'reportPhoneTriage');
  await answer(door, triage, { fixedByPhone: true, guideByPhone: false });
  await openTask(door, opened.caseNumber, 'recordCallback');
  return opened;
}

const text = (from: string, words: string, id?: string) =>
  handOver(door.app, '/v1/inbound/sms', { from, text: words }, id ? { id } : {});
const sentTo = async (caseNumber: string, template: string) =>
  (await door.deps.notification.questions.list({ caseNumber, limit: 100 })).filter(
    (one) => one.template === template,
  );

test('an A answers the callback and closes the case; handed over twice it is applied once', async () => {
  const { caseNumber, from } = await solvedByPhone();
  const id = randomUUID();
  const first = await text(from.replace('+86 ', ''), 'a.', id);
  expect(first).toMatchObject({ status: 200, body: { status: 'rated' } });
  expect(await text(from.replace('+86 ', ''), 'a.', id)).toEqual(first);
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
  const answered = (await timelineOf(door, caseNumber)).filter(
    ({ subject }) => subject === 'recordCallback-1',
  );
  expect(answered.find(({ kind }) => kind === 'taskAnswered')).toMatchObject({
    actor: { id: 'system:inboundSms', role: 'hotline' },
    detail: { answer: { result: 'reached', fixed: 'fixed', rating: 'A' } },
  });
  expect(await text(from, 'A')).toMatchObject({ status: 200, body: { status: 'unmatched' } });
});

test('a D sends the case back to service', async () => {
  const { caseNumber, from } = await solvedByPhone();
  expect(await text(from, 'D')).toMatchObject({ body: { status: 'rated' } });
  await openTask(door, caseNumber, 'planFurtherService');
  expect((await readCase(door, caseNumber)).stage).toBe('furtherService');
});

test('a letter that nobody knows is asked for again once; after that it is an opinion like any other words', async () => {
  const { caseNumber, from } = await solvedByPhone();
  expect(await text(from, 'E')).toMatchObject({ body: { status: 'prompted' } });
  expect(await sentTo(caseNumber, 'rateAgain')).toHaveLength(1);
  expect(await text(from, 'The technician was kind.')).toMatchObject({ body: { status: 'noted' } });
  expect(await text(from, 'F')).toMatchObject({ body: { status: 'noted' } });
  expect(await sentTo(caseNumber, 'rateAgain')).toHaveLength(1);
  const notes = (await timelineOf(door, caseNumber)).filter(({ kind }) => kind === 'noted');
  expect(notes).toHaveLength(2);
  expect(JSON.stringify(notes)).not.toContain('kind.');
  expect(await text(from, 'B')).toMatchObject({ body: { status: 'rated' } });
});

test('before anybody asked for a rating a letter is an opinion', async () => {
  const { caseNumber, from } = await openedBy();
  await openTask(door, caseNumber, 'reportPhoneTriage');
  expect(await text(from, 'A')).toMatchObject({ body: { status: 'noted' } });
});

test('a letter sent while the engineer is there waits for the callback, and answers it', async () => {
  const { caseNumber, from } = await openedBy();
  await walk(door, caseNumber, ({ openTasks }) =>
    openTasks.some(({ name }) => name === 'signServiceRecord'),
  );
  await eventually('asked to rate', async () =>
    (await timelineOf(door, caseNumber)).some(({ subject }) => subject === 'message rateUs'),
  );
  expect(await text(from, 'B')).toMatchObject({ body: { status: 'waiting' } });
  await sweepInbound(door.deps);
  await walk(door, caseNumber, ({ openTasks }) =>
    openTasks.some(({ name }) => name === 'recordCallback'),
  );
  expect(await sweepInbound(door.deps)).toBe(1);
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
  const { body } = await door.call('GET', `/v1/inbound?caseNumber=${caseNumber}`, 'hotline');
  expect(body.items).toMatchObject([{ status: 'rated', rating: 'B' }]);
});

test('a message without words, of which a mail may be all attachment, is noted as one; nobody is told that there is no case', async () => {
  const { caseNumber, from } = await openedBy();
  await openTask(door, caseNumber, 'reportPhoneTriage');
  await world.sql`update persons set mail = 'photos@school.example' where phone = ${from}`;
  expect(await text(from, '   ')).toMatchObject({ body: { status: 'noted' } });
  for (const subject of [{}, { subject: '' }, { subject: ' ' }]) {
    const mail = { from: 'photos@school.example', text: '', ...subject };
    expect(await handOver(door.app, '/v1/inbound/mail', mail)).toMatchObject({
      body: { status: 'noted' },
    });
  }
  const kept = await world.sql`select body from answer_documents where case_number = ${caseNumber}`;
  expect(kept.map(({ body }) => body.text)).toEqual(Array(4).fill('(no text)'));
  expect(
    await world.sql`select from notifications where template = 'noOpenCase'
    and recipient->>'inboundNumber' in (select 'IN-' || seq from inbound_messages where case_number = ${caseNumber})`,
  ).toEqual([]);
});

test('mail comes in by the same door: the case that its subject names, without what it quotes', async () => {
  const [first, second] = [await solvedByPhone(), await solvedByPhone()];
  await world.sql`update persons set mail = 'Grace@School.example' where phone in (${first.from}, ${second.from})`;
  const mail = {
    from: 'grace@school.example',
    subject: `Re: Your service request ${first.caseNumber}`,
    text: 'A\r\n\r\nOn Monday Afterloop wrote:\r\n> Please answer with a letter from A to D',
  };
  expect(await handOver(door.app, '/v1/inbound/mail', mail)).toMatchObject({
    body: { status: 'rated' },
  });
  await caseOnce(door, first.caseNumber, ({ status }) => status === 'closed');
  expect((await readCase(door, second.caseNumber)).status).toBe('resolved');
});

test('a message that came while the engine was away is brought to its case by the sweep', async () => {
  const { caseNumber, from } = await solvedByPhone();
  const away = await openDoor(world.sql, noEngine, { messages: door.deps.messages });
  const message = { from, text: 'A' };
  expect(await handOver(away.app, '/v1/inbound/sms', message)).toMatchObject({ status: 503 });
  await away.app.close();
  await world.sql`update inbound_messages set received_at = now() - interval '1 minute' where status = 'received'`;
  expect(await sweepInbound(door.deps)).toBe(1);
  expect(await sweepInbound(door.deps)).toBe(0);
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
});

test('all is well', async () => {
  expect(await checkers.I6(world.sql)).toEqual([]);
  expect(await checkers.I7(world.sql)).toEqual([]);
  await allIsWell(world);
});
