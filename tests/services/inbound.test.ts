import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { createInbound } from '../../services/inbound/built-in.ts';
import type { Inbound } from '../../services/inbound/index.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { createMessageOutbox } from '../../services/notification/outbox.ts';
import {
  databaseOfThisFile,
  event,
  openedCase,
  progress,
  task,
  view,
} from '../support/fixtures.ts';

const database = databaseOfThisFile();
let inbound: Inbound;
let callers = 0;
beforeAll(() => {
  inbound = createInbound(database.sql, '86');
});

const newPhone = () => `+86 177 0000 ${String(++callers).padStart(4, '0')}`;
const openedFor = (phone: string, more = {}) =>
  openedCase(database.stores, { contact: { name: 'Li Wei', phone }, ...more });
async function take(from: string, text: string, more = {}) {
  const message = { channel: 'sms' as const, messageId: randomUUID(), from, subject: null, text };
  return (await inbound.take({ ...message, ...more })).message;
}
const caseOf = async (from: string, text: string) => inbound.caseOf(await take(from, text));
/** As a case says that its message was taken, by our own outbox or a partner's. */
const invite = (caseNumber: string, sequence = 1) =>
  database.stores.progress.record(
    progress(caseNumber, sequence, {
      events: [event('effectDone', { subject: 'message rateUs', detail: { sequence } })],
    }),
  );
const ask = (caseNumber: string, revision = 1) =>
  database.stores.progress.record(
    progress(caseNumber, revision, {
      view: view(caseNumber, { status: 'resolved', stage: 'verifying' }),
      openTasks: [task('recordCallback-1', { role: 'hotline', stage: 'verifying' })],
    }),
  );

test.each([
  ['+86 177 9000 0001', '17790000001'],
  ['17790000002', '+8617790000002'],
  ['017790000003', '8617790000003'],
  ['0086 177 9000 0004', '177-9000-0004'],
])('a caller noted as %s is found as the sender %s', async (noted, sender) => {
  const caseNumber = await openedFor(noted);
  expect(await caseOf(sender, 'A')).toEqual({
    caseNumber,
    ratingTask: null,
    invitation: null,
    wasPrompted: false,
  });
});

test('the customer’s own phone reaches cases that somebody else called in, but no ended one', async () => {
  const caseNumber = await openedFor(newPhone(), {
    customerNumber: 'CU-1005',
    serialNumber: 'TV55-880001',
  });
  expect(await caseOf('+86 139 0000 1005', 'A')).toMatchObject({ caseNumber });
  await database.stores.progress.record(
    progress(caseNumber, 1, {
      view: view(caseNumber, { status: 'closed', closedAt: '2026-11-22T07:00:00.000Z' }),
    }),
  );
  expect(await caseOf('+86 139 0000 1005', 'A')).toBeNull();
});

test('of several open cases it is the one named, else the one that asks for a rating, else the latest', async () => {
  const from = newPhone();
  const [first, second, third] = [
    await openedFor(from),
    await openedFor(from),
    await openedFor(from),
  ];
  expect(await caseOf(from, 'A')).toMatchObject({ caseNumber: third });
  await invite(second);
  expect(await caseOf(from, 'A')).toMatchObject({ caseNumber: second, ratingTask: null });
  await ask(first);
  expect(await caseOf(from, 'A')).toMatchObject({
    caseNumber: first,
    ratingTask: 'recordCallback-1',
  });
  expect(await caseOf(from, `A for ${third}`)).toMatchObject({ caseNumber: third });
});

test('a number named in the text reaches no case of somebody else', async () => {
  const foreign = await openedFor(newPhone());
  expect(await caseOf(newPhone(), `A for ${foreign}`)).toBeNull();
  const from = newPhone();
  const own = await openedFor(from);
  expect(await caseOf(from, `A for ${foreign}`)).toMatchObject({ caseNumber: own });
});

test('a waiting letter is due once the callback is asked for, and late once another round asks anew or the case ended', async () => {
  const waiting = async (status: 'asked' | 'invited' | 'closed' | 'untouched') => {
    const from = newPhone();
    const caseNumber = await openedFor(from);
    await invite(caseNumber);
    const { inboundNumber } = await take(from, 'B');
    await inbound.settle(inboundNumber, { status: 'waiting', caseNumber, rating: 'B' });
    if (status === 'asked') await ask(caseNumber);
    if (status === 'invited') await invite(caseNumber, 2);
    if (status === 'closed')
      await database.stores.progress.record(
        progress(caseNumber, 1, { view: view(caseNumber, { status: 'canceled' }) }),
      );
    return inboundNumber;
  };
  const [asked, invited, closed, untouched] = [
    await waiting('asked'),
    await waiting('invited'),
    await waiting('closed'),
    await waiting('untouched'),
  ];
  const due = await inbound.unsettled(60_000, 50);
  expect(due.map(({ inboundNumber }) => inboundNumber)).toEqual([asked]);
  const statusOf = async (number: string) =>
    (await inbound.list({ limit: 200 })).items.find((one) => one.inboundNumber === number)?.status;
  expect(await statusOf(invited)).toBe('late');
  expect(await statusOf(closed)).toBe('late');
  expect(await statusOf(untouched)).toBe('waiting');
});

test('a stranger is answered at the number that the message came from, whatever its country', async () => {
  const { inboundNumber } = await take('+49 30 123456', 'Hallo?');
  expect(await inbound.caseOf(await take('+49 30 123456', 'Hallo?'))).toBeNull();
  await createNotification(database.sql, { sms: true, mail: false, links: null }).effects.send({
    effectKey: `inbound/${inboundNumber}/answer`,
    caseNumber: inboundNumber,
    sequence: 1,
    template: 'noOpenCase',
    recipient: { kind: 'sender', inboundNumber },
    params: {},
  });
  const [outgoing] = await createMessageOutbox(database.sql, 'sms', null).claim(1, 60_000);
  expect(outgoing).toMatchObject({ address: '+4930123456', caseNumber: inboundNumber });
});

test('what a person has settled a late attempt does not undo, and its sender was answered once', async () => {
  const from = newPhone();
  const first = await take(from, 'Hello?');
  await inbound.settle(first.inboundNumber, { status: 'unmatched' });
  const by = { id: 'ST-01', role: 'hotline' as const };
  const at = '2026-11-22T08:00:00.000Z';
  const why = { caseNumber: null, rating: null, reason: 'Advertising.' };
  await inbound.settleByHand({ inboundNumber: first.inboundNumber, ...why, by, at });
  await inbound.settle(first.inboundNumber, { status: 'unmatched' });
  expect(await inbound.get(first.inboundNumber)).toMatchObject({
    status: 'dismissed',
    settled: { by, at, reason: 'Advertising.' },
  });
  expect(await inbound.firstUnmatched(await take(from, 'Anybody?'))).toBe(first.inboundNumber);
});

test('nobody waits behind messages that can’t be settled yet: each look gives out others, and comes around', async () => {
  for (const { inboundNumber } of await inbound.unsettled(0, 200))
    await inbound.settle(inboundNumber, { status: 'unmatched' });
  const taken: string[] = [];
  for (let n = 0; n < 5; n += 1) taken.push((await take(newPhone(), 'Hello?')).inboundNumber);
  const [first = '', ...others] = taken;
  const look = async () => (await inbound.unsettled(0, 2)).map((one) => one.inboundNumber);
  const looks = [await look(), await look(), await look()];
  expect(looks.flat().sort()).toEqual([first, first, ...others].sort());
  const [mine, theirs] = await Promise.all([look(), look()]);
  expect(mine.filter((number) => theirs.includes(number))).toEqual([]);
});

test('what broke off is found again after a while; the list pages, and refuses another list’s cursor', async () => {
  const { inboundNumber } = await take(newPhone(), 'Hello?');
  const found = async (olderThanMs: number) =>
    (await inbound.unsettled(olderThanMs, 200)).some((one) => one.inboundNumber === inboundNumber);
  expect(await found(60_000)).toBe(false);
  expect(await found(0)).toBe(true);
  const first = await inbound.list({ limit: 1 });
  expect(first.items).toMatchObject([{ inboundNumber }]);
  const second = await inbound.list({ limit: 1, cursor: first.nextCursor ?? '' });
  expect(second.items[0]?.inboundNumber).not.toBe(inboundNumber);
  const cursor = Buffer.from('["cases",1]').toString('base64url');
  await expect(inbound.list({ limit: 1, cursor })).rejects.toMatchObject({ type: 'BadCursor' });
});
