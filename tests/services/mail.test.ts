import { expect, test } from 'vitest';
import { openedCase } from '../support/fixtures.ts';
import { deliveryOfThisFile } from '../support/services/delivering.ts';
import { eventually } from '../support/sinks.ts';

const { database, sinks, deliver, send, listed, settled } = deliveryOfThisFile();

test('staff and customers without a phone get mail, from the configured address', async () => {
  const caseNumber = await openedCase(database.stores, {
    contact: null,
    customerNumber: 'CU-1003',
  });
  await database.sql`update persons set phone = null, mail = 'grace@school.example' where person_id = 'customer:CU-1003'`;
  await database.sql`update persons set mail = 'zhou@company.example' where person_id = 'staff:ST-05'`;
  await send(caseNumber, 1);
  await send(caseNumber, 2, {
    template: 'alert',
    recipient: { kind: 'staff', staffNumber: 'ST-05' },
    params: { level: 2, trigger: 'resolution' },
  });
  deliver('mail');
  await settled(caseNumber);
  expect(sinks.mail.mails.map(({ from, to }) => [from, to])).toEqual([
    ['service@example.com', ['grace@school.example']],
    ['service@example.com', ['zhou@company.example']],
  ]);
  expect(sinks.mail.mails[0]?.source).toContain(`Subject: Your service request ${caseNumber}`);
  expect(sinks.mail.mails[1]?.source).toMatch(/^Subject: =\?UTF-8\?/m); // the supervisor reads Chinese
  expect(sinks.mail.mails[0]?.source).toMatch(/^Message-ID: <[0-9a-f]{40}@example\.com>/m);
});

test.each([
  'victim@example.com\r\nBcc: many@example.com',
  'a@example.com, b@example.com',
  'Name <a@example.com>',
  'a@exam\nple.com',
  '@example.com',
])('the mail address %j is refused before anything is sent', async (address) => {
  const caseNumber = await openedCase(database.stores, {
    contact: null,
    customerNumber: 'CU-1004',
  });
  await database.sql`update persons set phone = null, mail = ${address} where person_id = 'customer:CU-1004'`;
  await send(caseNumber, 1);
  deliver('mail');
  await settled(caseNumber);
  expect(await listed(caseNumber)).toMatchObject([
    { status: 'failed', deliveries: [{ detail: 'no mail address' }] },
  ]);
  expect(sinks.mail.mails).toEqual([]);
});

test.each([
  [550, 'failed'],
  [451, 'pending'],
])('a mail server that answers %i leaves the mail %s', async (code, status) => {
  const caseNumber = await openedCase(database.stores, {
    contact: null,
    customerNumber: 'CU-1004',
  });
  await database.sql`update persons set phone = null, mail = 'tan@dc.example' where person_id = 'customer:CU-1004'`;
  await send(caseNumber, 1);
  sinks.mail.refuseWith = code;
  deliver('mail', { backOff: { firstMs: 60_000, mostMs: 60_000 } });
  await eventually(
    'one attempt',
    async () => (await listed(caseNumber))[0]?.deliveries.length === 1,
  );
  expect(await listed(caseNumber)).toMatchObject([
    { status, deliveries: [{ result: 'failed', detail: `answered ${code}` }] },
  ]);
});
