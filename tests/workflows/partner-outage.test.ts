/** All partners away for two hours, on the time-skipping server: cases wait, seen and whole, and go on by themselves (N25). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAll } from '../../db/checkers.ts';
import { connect, type Sql } from '../../db/index.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type RudePartner, startRudePartner } from '../support/rude-partner.ts';
import { createDesk, eventually } from './desk.ts';
import { allIsWell } from './replay.ts';
import { seen } from './seen.ts';
import { type SkippingWorld, startSkippingWorld } from './skipping.ts';
import { loanTo } from './steps.ts';

let database: TestDatabase;
let theirs: Sql;
let partner: RudePartner;
let skipping: SkippingWorld;
beforeAll(async () => {
  database = await createDatabase();
  theirs = connect(database.url, { max: 10 });
  partner = await startRudePartner(theirs, 2_000);
  const { address } = partner;
  skipping = await startSkippingWorld({ parts: address, dispatch: address, notification: address });
});
afterAll(async () => {
  await allIsWell(skipping.world);
  expect(await checkAll(theirs)).toEqual([]);
  await skipping.world.close();
  await partner.close();
  await theirs.end({ timeout: 5 });
  await database.drop();
});

test('two hours without any partner: the case says what it waits for since when, asks at least once a minute, and ends with each effect once', async () => {
  const kase = await createDesk(skipping.world).open();
  await loanTo(kase, 'confirmVisit');
  partner.behave(() => ({ fault: 'error500', doneFirst: false }));
  await kase.answer('confirmVisit');
  const { view } = await kase.once((row) => row.view.waitingOn?.who === 'dispatch');
  const since = Date.parse(view.waitingOn?.since ?? '');
  const before = partner.seen.length;
  await skipping.pass('2h');
  const asked = partner.seen.slice(before).filter(({ path }) => path === 'dispatch/book');
  expect(asked.length).toBeGreaterThan(100);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
  const now = await kase.handle.query<typeof view>('readCase');
  expect(now.waitingOn).toMatchObject({ what: 'dispatch.book', who: 'dispatch' });
  expect((await skipping.nowMs()) - since).toBeGreaterThan(7_200_000 - 1);
  partner.behave(null);
  await skipping.pass('2m');
  await loanTo(kase, 'the end');
  expect(await kase.ended()).toMatchObject({ outcome: 'repaired' });
  const there = await seen({ ...skipping.world, sql: theirs }, kase.caseNumber);
  expect(there).toMatchObject({ visits: ['completed'], reservations: ['issued'] });
  await eventually(
    async () => (await seen({ ...skipping.world, sql: theirs }, kase.caseNumber)).messages,
    (messages) => messages.includes('resultReport'),
  );
});
