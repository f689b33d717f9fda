import { expect, test } from 'vitest';
import { createHttpNotification } from '../../services/notification/http.ts';
import type { SendRequest } from '../../services/notification/index.ts';
import { createStatusLinks } from '../../services/status-links/index.ts';
import { databaseOfThisFile, messageOf, openedCase } from '../support/fixtures.ts';
import { startPartner } from '../support/services/twins.ts';

const database = databaseOfThisFile();

test('a partner gets the customer’s messages with the link, the others without, and keeps one text per key', async () => {
  const links = createStatusLinks(database.sql, {
    baseUrl: 'https://service.example',
    secret: 's'.repeat(32),
    daysAfterEnd: 30,
  });
  const partner = await startPartner(database.sql);
  const service = createHttpNotification(database.sql, partner.address, links);
  const caseNumber = await openedCase(database.stores);
  const send = (sequence: number, more: Partial<SendRequest> = {}) =>
    service.effects.send(messageOf(caseNumber, sequence, more));
  expect(await send(1)).toEqual(await send(1));
  await send(2, { template: 'rateUs' });
  await send(3, { template: 'assigned', recipient: { kind: 'staff', staffNumber: 'ST-02' } });
  const texts = (await service.questions.list({ caseNumber, limit: 10 })).map(({ text }) => text);
  expect(texts.map((text) => text.includes(links.urlOf(caseNumber)))).toEqual([true, false, false]);
  const token = links.urlOf(caseNumber).split('/').at(-1) ?? '';
  expect(await links.open(token)).toMatchObject({ caseNumber });
  await partner.close();
});
