/** What a deployment with a partner still does by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtInServices, chooseServices, type Services } from '../../services/partner/choose.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { type RudePartner, startRudePartner } from '../support/rude-partner.ts';

const timeoutMs = 40_000;
const kit = [{ partNumber: 'OUR-OWN', quantity: 1 }];
const database = databaseOfThisFile();
let partner: RudePartner;
let services: Services;
const missed: object[] = [];
beforeAll(async () => {
  partner = await startRudePartner(timeoutMs);
  const { sql } = database;
  const builtIn = builtInServices(sql);
  const questions = { ...builtIn.parts.questions, kitFor: async () => kit };
  const own = { ...builtIn, parts: { ...builtIn.parts, questions } };
  services = chooseServices(sql, own, { parts: partner.address }, null, (failure) =>
    missed.push(failure),
  );
  await services.parts.questions.getPart('HP-PUMP-230'); // its first answer takes longer
});
afterAll(() => partner.close());

const kitFor = () => services.parts.questions.kitFor('ZE230E', 'HYD-PUMP-LOSS');

test('the kit of a new case is the partner’s, and our own while the partner is away', async () => {
  expect((await kitFor()).map(({ partNumber }) => partNumber)).toEqual([
    'HP-PUMP-230',
    'HP-SEAL-230',
  ]);
  partner.behave(() => ({ fault: 'error500', doneFirst: false }));
  expect(await kitFor()).toEqual(kit);
  await partner.goAway();
  expect(await kitFor()).toEqual(kit);
  await partner.back();
});

test('a partner that refuses to tell a kit for good shuts no door either, and it is seen', async () => {
  missed.length = 0;
  partner.behave(() => ({ fault: 'refused', doneFirst: false }));
  expect(await kitFor()).toEqual(kit);
  expect(missed).toEqual([{ type: 'RequestRefused', message: 'partner answered 409' }]);
});

test('nobody on the phone waits for a mute partner as long as a case would', async () => {
  partner.behave(() => ({ fault: 'never', doneFirst: false }));
  const startedAt = Date.now();
  expect(await kitFor()).toEqual(kit);
  expect((Date.now() - startedAt) / timeoutMs).toBeLessThan(1 / 4);
});
