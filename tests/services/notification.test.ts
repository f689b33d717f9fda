import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { type SendRequest, templates } from '../../services/notification/index.ts';
import { render } from '../../services/notification/render.ts';
import { databaseOfThisFile, openedCase } from '../support/fixtures.ts';
import { twinsOn } from '../support/services/twins.ts';

const database = databaseOfThisFile();
const twins = twinsOn(database);
let caseNumber: string;
beforeAll(async () => {
  caseNumber = await openedCase(database.stores, { contact: { name: 'Li Wei', phone: '+86 139' } });
});

const message = (more: Partial<SendRequest> = {}): SendRequest => ({
  effectKey: randomUUID(),
  caseNumber,
  sequence: 1,
  template: 'applicationConfirmed',
  recipient: { kind: 'customer', caseNumber },
  params: {},
  ...more,
});
async function sent(more: Partial<SendRequest> = {}) {
  const { notificationNumber } = await twins.notification.effects.send(message(more));
  const all = await twins.notification.questions.list({ limit: 1_000 });
  const found = all.find((one) => one.notificationNumber === notificationNumber);
  if (!found) throw new Error('not listed');
  return found;
}

test("the customer is addressed by name, by text message, in the customer's language", async () => {
  expect(await sent()).toMatchObject({
    channel: 'sms',
    locale: 'zh-CN',
    status: 'kept',
    text: expect.stringContaining('Li Wei'),
  });
  const school = await openedCase(database.stores, {
    customerNumber: 'CU-1003',
    serialNumber: 'NET-SCH-0001',
    contact: { name: 'Joan', phone: '1' },
  });
  const english = await sent({
    caseNumber: school,
    recipient: { kind: 'customer', caseNumber: school },
  });
  expect(english).toMatchObject({
    locale: 'en',
    text: `Dear Joan, your request ${school} for NET-SCH-0001 has been accepted and recorded.`,
  });
});

test('staff and roles are told inside the house', async () => {
  expect(
    await sent({
      template: 'alert',
      recipient: { kind: 'role', role: 'supervisor', territory: 'south' },
      params: { level: 2, trigger: 'resolution' },
    }),
  ).toMatchObject({ channel: 'internal', text: `${caseNumber}：2 级预警（resolution），请确认。` });
  expect(
    await sent({ template: 'assigned', recipient: { kind: 'staff', staffNumber: 'ST-18' } }),
  ).toMatchObject({ channel: 'internal', locale: 'en' });
});

test('an engineer travels as a number and arrives as a name; instants are shown by the local clock', async () => {
  const { text } = await sent({
    template: 'inspectionAnnounced',
    params: {
      engineerNumber: 'EN-01',
      start: '2026-11-23T00:00:00.000Z',
      end: '2026-11-23T02:00:00.000Z',
    },
  });
  expect(text).toContain('Zhang Lei');
  expect(text).toContain('2026-11-23 08:00');
});

test('nobody known under the recipient is a refusal by name', async () => {
  for (const recipient of [
    { kind: 'staff', staffNumber: 'ST-99' },
    { kind: 'role', role: 'nobody', territory: 'north' },
    { kind: 'customer', caseNumber: 'C-999999' },
  ] as const) {
    await expect(twins.notification.effects.send(message({ recipient }))).rejects.toMatchObject({
      type: 'UnknownRecipient',
    });
  }
});

test('a message is accepted and delivered once per key (I6)', async () => {
  const request = message();
  const numbers = await Promise.all(
    Array.from({ length: 20 }, () => twins.notification.effects.send(request)),
  );
  expect(new Set(numbers.map((one) => one.notificationNumber)).size).toBe(1);
  await expect(
    twins.notification.effects.send({ ...request, template: 'rateUs' }),
  ).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
  expect(await checkers.I6(database.sql)).toEqual([]);
});

test('messages are listed in the order sent, by case, from a given one on', async () => {
  const own = await openedCase(database.stores);
  for (const sequence of [1, 2, 3]) {
    await twins.notification.effects.send(
      message({
        effectKey: `${own}/1/message/${sequence}`,
        caseNumber: own,
        sequence,
        recipient: { kind: 'customer', caseNumber: own },
      }),
    );
  }
  const all = await twins.notification.questions.list({ caseNumber: own, limit: 10 });
  expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(
    (
      await twins.notification.questions.list({
        caseNumber: own,
        after: all[0]?.notificationNumber,
        limit: 1,
      })
    ).map(({ sequence }) => sequence),
  ).toEqual([2]);
  expect(all[0]?.deliveries).toMatchObject([{ attempt: 1, result: 'kept' }]);
  expect(await checkers.I7(database.sql)).toEqual([]);
});

test.each(templates)(
  '%s can be said in both languages, and a value with braces stays a value',
  (template) => {
    const hostile = "{{caseNumber}} {x, plural, one {<b>}} '";
    for (const locale of ['zh-CN', 'en'] as const) {
      expect(render(template, locale, {}, 'UTC')).not.toMatch(/[{}]/);
      expect(
        render(template, locale, { caseNumber: hostile, recipientName: hostile }, 'UTC'),
      ).toContain(hostile);
    }
  },
);
