import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { timelineOf } from '../support/api/case-walk.ts';
import { type Body, noEngine } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { handOver, openSignedDoor } from '../support/api/signed.ts';
import { databaseOfThisFile, openedCase, progress, view } from '../support/fixtures.ts';

const database = databaseOfThisFile(5);
const door = doorFrom(() => openSignedDoor(database.sql, noEngine));
let caseNumber: string;
let other: string;

beforeAll(async () => {
  [caseNumber, other] = [await openedCase(door.deps.stores), await openedCase(door.deps.stores)];
});

let strangers = 0;
/** A message of somebody whom nobody knows. */
async function unmatched(text = 'Where is your engineer?'): Promise<string> {
  const from = `+86 188 0000 ${String(++strangers).padStart(4, '0')}`;
  const { body } = await handOver(door.app, '/v1/inbound/sms', { from, text });
  expect(body).toMatchObject({ status: 'unmatched' });
  return String(body.inboundNumber);
}
const assign = (
  number: string,
  body: Body,
  key?: string,
  role: 'hotline' | 'supervisor' = 'hotline',
) => door.call('POST', `/v1/inbound/${number}/assign`, role, body, key);
const dismiss = (number: string, body: Body, key?: string) =>
  door.call('POST', `/v1/inbound/${number}/dismiss`, 'hotline', body, key);
const listed = async (query: string) =>
  ((await door.call('GET', `/v1/inbound?${query}`, 'hotline')).body.items as Body[]).map(
    ({ inboundNumber }) => inboundNumber,
  );
const refusals = async (number: string) => database.sql`
  select detail->>'status' as status from case_events where kind = 'refused' and subject like ${`${number} %`} order by seq`;

test('assigned to a case it stands on its timeline as one that came in, with what its letter says, and is off the list', async () => {
  const number = await unmatched('B');
  expect(await listed('')).toContain(number);
  const { status, body } = await assign(number, { caseNumber });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      inboundNumber: number,
      status: 'assigned',
      caseNumber,
      rating: 'B',
      settled: { by: { id: 'ST-01', role: 'hotline' }, reason: null },
    },
  });
  expect((await timelineOf(door, caseNumber)).filter(({ kind }) => kind === 'noted')).toMatchObject(
    [
      {
        subject: number,
        actor: { id: 'ST-01', role: 'hotline' },
        detail: { rating: 'B' },
        ...{
          at: (body.settled as Body).at,
          reason: `A text message from the customer (${number}).`,
        },
      },
    ],
  );
  expect(await listed('')).not.toContain(number);
  expect(await listed('status=settled')).toContain(number);
  expect(await listed(`caseNumber=${caseNumber}`)).toEqual([number]);
  expect(await database.sql`select from notifications where case_number = ${caseNumber}`).toEqual(
    [],
  );
});

test('dismissed it keeps who, when and why, and the audit log says the same', async () => {
  const number = await unmatched('You have won a prize!');
  expect(await dismiss(number, { reason: 'Advertising.' })).toMatchObject({
    status: 200,
    body: {
      status: 'dismissed',
      caseNumber: null,
      settled: { by: { id: 'ST-01', role: 'hotline' }, reason: 'Advertising.' },
    },
  });
  expect(await listed('status=dismissed')).toEqual([number]);
  expect(await listed('status=open')).not.toContain(number);
  const [line] = await database.sql`select case_number, actor_id, reason from case_events
    where kind = 'inboundDismissed' and subject = ${number}`;
  expect(line).toEqual({ case_number: null, actor_id: 'ST-01', reason: 'Advertising.' });
});

test('told again, with its key or without, it is settled once; a key with another body is refused', async () => {
  const [number, key] = [await unmatched(), randomUUID()];
  const first = await assign(number, { caseNumber }, key);
  expect(await assign(number, { caseNumber }, key)).toMatchObject({
    status: 200,
    body: first.body,
  });
  expect(await assign(number, { caseNumber })).toMatchObject({ status: 200, body: first.body });
  expect(await assign(number, { caseNumber: other }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused' },
  });
  const lines = await timelineOf(door, caseNumber);
  expect(lines.filter(({ subject }) => subject === number)).toHaveLength(1);
});

test('settled in another way, or by somebody else, it is answered 409 with how it stands', async () => {
  const number = await unmatched();
  const { body } = await assign(number, { caseNumber });
  for (const answer of [
    await assign(number, { caseNumber: other }),
    await assign(number, { caseNumber }, randomUUID(), 'supervisor'),
    await dismiss(number, { reason: 'Advertising.' }),
  ])
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'illegalTransition',
        currentStatus: 'assigned',
        allowedActions: [],
        caseNumber,
        settled: body.settled,
      },
    });
  expect(await refusals(number)).toEqual([{ status: '409' }, { status: '409' }, { status: '409' }]);
});

test('of twenty people at once one settles it', async () => {
  const number = await unmatched();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? assign(number, { caseNumber: n % 4 === 0 ? caseNumber : other })
        : dismiss(number, { reason: `No. ${n}` }),
    ),
  );
  const taken = answers.filter(({ status }) => status === 200).map(({ body }) => body.settled);
  expect(new Set(taken.map((settled) => JSON.stringify(settled))).size).toBe(1);
  expect(
    await database.sql`select from case_events where subject = ${number} and kind in ('noted', 'inboundDismissed')`,
  ).toHaveLength(1);
});

test.each<[string, number, Body, string]>([
  ['a case that there is not', 422, { caseNumber: 'C-999999' }, '/caseNumber'],
  ['no case', 422, {}, '/caseNumber'],
  ['a field too many', 422, { caseNumber: 'C-000001', rating: 'A' }, '/rating'],
])('assigned to %s is answered %i, and it stays open', async (_name, status, body, pointer) => {
  const number = await unmatched();
  expect(await assign(number, body)).toMatchObject({ status, body: { errors: [{ pointer }] } });
  expect(await listed('')).toContain(number);
});

test('dismissed without a reason is answered 422; a message that there is not 404; for other roles it is 403', async () => {
  const number = await unmatched();
  expect(await dismiss(number, {})).toMatchObject({ status: 422 });
  for (const unknown of ['IN-999999', 'IN-0', 'IN-x', 'C-000001'])
    expect(await dismiss(unknown, { reason: 'Nothing.' })).toMatchObject({ status: 404 });
  for (const role of ['engineer', 'admin', 'auditor'] as const)
    expect(
      await door.call('POST', `/v1/inbound/${number}/assign`, role, { caseNumber }),
    ).toMatchObject({ status: 403 });
  expect(await listed('')).toContain(number);
});

test('a message that is still on its way to its case is nobody’s to settle', async () => {
  await openedCase(door.deps.stores, { contact: { name: 'Li Wei', phone: '+86 177 0000 0001' } });
  const { status } = await handOver(door.app, '/v1/inbound/sms', {
    from: '17700000001',
    text: 'Hm',
  });
  expect(status).toBe(503);
  const [number = ''] = await listed('status=received');
  expect(await dismiss(String(number), { reason: 'Nothing.' })).toMatchObject({
    status: 409,
    body: { currentStatus: 'received' },
  });
});

test('a supervisor may assign a message to a case that has ended', async () => {
  const number = await unmatched('It leaks again.');
  await door.deps.stores.progress.record(
    progress(other, 1, {
      view: view(other, { status: 'closed', closedAt: '2026-11-22T07:00:00.000Z' }),
    }),
  );
  expect(await assign(number, { caseNumber: other }, randomUUID(), 'supervisor')).toMatchObject({
    status: 200,
    body: { settled: { by: { role: 'supervisor' } } },
  });
});
