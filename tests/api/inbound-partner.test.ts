/** Ratings by message where a partner sends what asks for them (M04). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepInbound } from '../../api/acts/inbound.ts';
import { builtInServices, chooseServices } from '../../services/partner/choose.ts';
import { caseOnce, timelineOf, walk } from '../support/api/case-walk.ts';
import { type Door, engineOf, firstExample } from '../support/api/door.ts';
import { handOver, openSignedDoor } from '../support/api/signed.ts';
import { type RudePartner, startRudePartner } from '../support/rude-partner.ts';
import { eventually } from '../support/sinks.ts';
import { startWorld, type World } from '../support/world.ts';

let partner: RudePartner;
let world: World;
let door: Door;

beforeAll(async () => {
  partner = await startRudePartner(1_500);
  const partners = { notification: partner.address };
  world = await startWorld({ partners });
  const services = chooseServices(world.sql, builtInServices(world.sql), partners);
  door = await openSignedDoor(world.sql, engineOf(world), services);
});
afterAll(async () => {
  await door.app.close();
  await world.close();
  await partner.close();
});

const isOpen = (name: string) => (found: { openTasks: { name: string }[] }) =>
  found.openTasks.some((task) => task.name === name);

test('letters that come before the callback is asked for are understood: one is asked for again, the other waits and closes the case', async () => {
  const from = '+86 188 2000 0001';
  const request = firstExample({ contact: { name: 'Li Wei', phone: from } });
  const { body } = await door.call('POST', '/v1/cases', 'hotline', request, randomUUID());
  const caseNumber = String(body.caseNumber);
  await walk(door, caseNumber, isOpen('reportReturn'));
  await eventually('asked to rate', async () =>
    (await timelineOf(door, caseNumber)).some(({ subject }) => subject === 'message rateUs'),
  );
  const text = (words: string) => handOver(door.app, '/v1/inbound/sms', { from, text: words });
  expect(await text('E')).toMatchObject({ body: { status: 'prompted' } });
  expect(await text('F')).toMatchObject({ body: { status: 'noted' } });
  expect(await text('A')).toMatchObject({ body: { status: 'waiting' } });
  const asked =
    await partner.books`select from notifications where effect_key like ${`${caseNumber}/inbound/%`}`;
  expect(asked).toHaveLength(1);
  await walk(door, caseNumber, isOpen('recordCallback'));
  expect(await sweepInbound(door.deps)).toBe(1);
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
});

test('while the partner is away those whom nobody can answer hold up no message of a case', async () => {
  const from = '+86 188 2000 0002';
  const request = firstExample({
    contact: { name: 'Li Wei', phone: from },
    fault: { code: 'HYD-HOSE-LEAK', description: 'It leaks.' },
  });
  const { body } = await door.call('POST', '/v1/cases', 'hotline', request, randomUUID());
  await walk(door, String(body.caseNumber), isOpen('reportPhoneTriage'));
  await partner.goAway();
  for (let n = 0; n < 21; n += 1) {
    const stranger = { from: `+86 188 3000 ${String(n).padStart(4, '0')}`, text: 'Hello?' };
    expect((await handOver(door.app, '/v1/inbound/sms', stranger)).status).toBe(503);
  }
  const { inbound } = door.deps.messages;
  const left = { channel: 'sms', messageId: randomUUID(), from, subject: null } as const;
  const { message } = await inbound.take({ ...left, text: 'It leaks again.' });
  await world.sql`update inbound_messages set received_at = now() - interval '1 minute' where status = 'received'`;
  for (let sweeps = 0; sweeps < 2; sweeps += 1)
    await expect(sweepInbound(door.deps)).rejects.toThrow();
  expect(await inbound.get(message.inboundNumber)).toMatchObject({ status: 'noted' });
  await partner.back();
  for (let sweeps = 0; sweeps < 2; sweeps += 1) await sweepInbound(door.deps);
  expect(await inbound.unsettled(0, 50)).toEqual([]);
});
