/** Messages that a partner sends: what it took stays taken, whatever is lost or changes on our side. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpNotification } from '../../services/notification/http.ts';
import { createStatusLinks } from '../../services/status-links/index.ts';
import { databaseOfThisFile, messageOf, openedCase } from '../support/fixtures.ts';
import { type RudePartner, startRudePartner } from '../support/rude-partner.ts';

const database = databaseOfThisFile();
let partner: RudePartner;
beforeAll(async () => {
  partner = await startRudePartner();
});
afterAll(() => partner.close());

test('a message whose answer was lost is the same when it is sent again, although customer and links changed in between', async () => {
  const { sql, stores } = database;
  const caseNumber = await openedCase(stores, { contact: { name: 'Li Wei', phone: '+86 139' } });
  const request = messageOf(caseNumber, 1);
  partner.behave(() => ({ fault: 'cut', doneFirst: true }));
  const before = createHttpNotification(sql, partner.address);
  await expect(before.effects.send(request)).rejects.toMatchObject({ type: 'Unavailable' });
  partner.behave(null);
  await sql`update persons set name = 'Wang Fang', phone = '+86 138', locale = 'en' where name = 'Li Wei'`;
  const options = { baseUrl: 'https://s.example', secret: 's'.repeat(32), daysAfterEnd: 30 };
  const after = createHttpNotification(sql, partner.address, createStatusLinks(sql, options));
  const { notificationNumber } = await after.effects.send(request);
  const listed = await after.questions.list({ caseNumber, limit: 10 });
  expect(listed).toMatchObject([{ notificationNumber, locale: 'zh-CN' }]);
  expect(listed[0]?.text).toContain('Li Wei');
  await expect(after.effects.send({ ...request, template: 'rateUs' })).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
  expect(partner.seen.filter(({ path }) => path === 'notification/send')).toHaveLength(2);
});
