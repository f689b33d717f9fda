import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { twinsOn } from '../support/services/twins.ts';

const database = databaseOfThisFile();
const twins = twinsOn(database);

const monday = '2026-11-23T00:00:00.000Z'; // 08:00 in Shanghai
let day = 0;
/** Two hours on a day of their own, so that no test is in another's way. */
function visit(more: object = {}) {
  day += 1;
  const start = Date.UTC(2027, 0, day, 2);
  return {
    effectKey: randomUUID(),
    caseNumber: `C-1${String(day).padStart(5, '0')}`,
    engineerNumber: 'EN-01',
    start: new Date(start).toISOString(),
    end: new Date(start + 7_200_000).toISOString(),
    ...more,
  };
}
const ask = (more: object = {}) =>
  twins.dispatch.effects.rank({
    skill: 'hydraulics',
    territory: 'north',
    at: monday,
    durationMinutes: 120,
    limit: 10,
    ...more,
  });

test('the ranking puts the own engineer of the territory first and says why', async () => {
  const [first] = await ask();
  expect(first).toMatchObject({ engineerNumber: 'EN-01', staffNumber: 'ST-02', start: monday });
  expect(first?.reasons).toEqual(
    expect.arrayContaining([
      'skill:hydraulics',
      'certificate:HYD-2',
      'territory:north',
      'provider:own',
      `freeAt:${monday}`,
    ]),
  );
  const scores = (await ask()).map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(Math.max(...scores)).toBeLessThanOrEqual(100);
});

test('who lacks the skill, or whose certificate has run out, is not asked', async () => {
  const numbers = (await ask()).map(({ engineerNumber }) => engineerNumber);
  expect(numbers).not.toContain('EN-03');
  expect(numbers).not.toContain('EN-05');
  expect((await ask({ skill: null })).map(({ engineerNumber }) => engineerNumber)).toContain(
    'EN-05',
  );
});

test('somebody can go at any hour of the week', async () => {
  for (let hour = 0; hour < 168; hour += 7) {
    const at = new Date(Date.parse(monday) + hour * 3_600_000).toISOString();
    const [first] = await ask({ at, limit: 1 });
    expect(Date.parse(first?.start ?? '')).toBeGreaterThanOrEqual(Date.parse(at));
  }
});

test('a booked time is skipped by the next ranking', async () => {
  const at = '2027-06-07T00:00:00.000Z';
  const [first] = await ask({ at, limit: 1 });
  if (!first) throw new Error('nobody can go');
  await twins.dispatch.effects.book({
    ...visit(),
    engineerNumber: first.engineerNumber,
    start: first.start,
    end: first.end,
  });
  const next = (await ask({ at })).find(
    ({ engineerNumber }) => engineerNumber === first.engineerNumber,
  );
  expect(Date.parse(next?.start ?? '')).toBeGreaterThanOrEqual(Date.parse(first.end));
});

test('of two hundred bookings of one time, one wins and the others learn who holds it (N8)', async () => {
  const wanted = visit();
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      twins.dispatch.effects.book({
        ...wanted,
        effectKey: randomUUID(),
        caseNumber: `C-9${String(n).padStart(5, '0')}`,
      }),
    ),
  );
  expect(results.filter(({ booked }) => booked)).toHaveLength(1);
  const [row] =
    await database.sql`select case_number from appointments where status = 'booked' and lower(period) = ${wanted.start}`;
  const holders = new Set(results.flatMap((one) => (one.booked ? [] : one.holder)));
  expect([...holders]).toEqual([row?.case_number]);
  expect(await checkers.I5(database.sql)).toEqual([]);
});

test('a repeated booking is the same booking', async () => {
  const wanted = visit();
  const first = await twins.dispatch.effects.book(wanted);
  expect(await twins.dispatch.effects.book(wanted)).toEqual(first);
  await expect(
    twins.dispatch.effects.book({ ...wanted, caseNumber: 'C-000001' }),
  ).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
});

test('visits may follow each other without a gap', async () => {
  const first = visit();
  await twins.dispatch.effects.book(first);
  const next = {
    ...visit(),
    start: first.end,
    end: new Date(Date.parse(first.end) + 3_600_000).toISOString(),
  };
  expect((await twins.dispatch.effects.book(next)).booked).toBe(true);
});

test('an engineer nobody knows cannot be booked', async () => {
  await expect(
    twins.dispatch.effects.book(visit({ engineerNumber: 'EN-99' })),
  ).rejects.toMatchObject({
    type: 'UnknownEngineer',
  });
  expect(await twins.dispatch.questions.getEngineer('EN-99')).toBeNull();
  expect(await twins.dispatch.questions.getEngineer('EN-06')).toMatchObject({
    provider: 'PV-ALPHA',
    staffNumber: 'ST-16',
  });
});

test('a canceled visit frees its time, and canceling nothing is harmless', async () => {
  const wanted = visit();
  await twins.dispatch.effects.book(wanted);
  const cancel = { effectKey: randomUUID(), bookingKey: wanted.effectKey };
  await twins.dispatch.effects.cancel(cancel);
  await twins.dispatch.effects.cancel(cancel);
  await twins.dispatch.effects.cancel({ effectKey: randomUUID(), bookingKey: randomUUID() });
  expect((await twins.dispatch.effects.book({ ...wanted, effectKey: randomUUID() })).booked).toBe(
    true,
  );
});

test('a late booking after its cancellation does not land (D3)', async () => {
  const wanted = visit();
  await twins.dispatch.effects.cancel({ effectKey: randomUUID(), bookingKey: wanted.effectKey });
  await expect(twins.dispatch.effects.book(wanted)).rejects.toMatchObject({
    type: 'BookingCanceled',
  });
  expect((await twins.dispatch.effects.book({ ...wanted, effectKey: randomUUID() })).booked).toBe(
    true,
  );
  expect(await checkers.I4(database.sql)).toEqual([]);
});

test('a reassigned visit belongs to the new engineer and frees the old one', async () => {
  const wanted = visit();
  await twins.dispatch.effects.book(wanted);
  const move = { effectKey: randomUUID(), bookingKey: wanted.effectKey, engineerNumber: 'EN-02' };
  expect(await twins.dispatch.effects.reassign(move)).toMatchObject({
    booked: true,
    engineerNumber: 'EN-02',
    start: wanted.start,
  });
  expect(await twins.dispatch.effects.reassign(move)).toMatchObject({ engineerNumber: 'EN-02' });
  expect((await twins.dispatch.effects.book({ ...wanted, effectKey: randomUUID() })).booked).toBe(
    true,
  );
});

test('a visit stays with its engineer when the other one is taken', async () => {
  const mine = visit();
  const theirs = {
    ...mine,
    effectKey: randomUUID(),
    caseNumber: 'C-888888',
    engineerNumber: 'EN-02',
  };
  await twins.dispatch.effects.book(mine);
  await twins.dispatch.effects.book(theirs);
  const move = { effectKey: randomUUID(), bookingKey: mine.effectKey, engineerNumber: 'EN-02' };
  expect(await twins.dispatch.effects.reassign(move)).toEqual({
    booked: false,
    holder: 'C-888888',
  });
  expect(await twins.dispatch.effects.book(mine)).toMatchObject({
    booked: true,
    engineerNumber: 'EN-01',
  });
  await twins.dispatch.effects.cancel({ effectKey: randomUUID(), bookingKey: theirs.effectKey });
  expect(await twins.dispatch.effects.reassign(move)).toMatchObject({
    booked: true,
    engineerNumber: 'EN-02',
  });
});

test('a finished visit frees what is left of its time, once, and a canceled one cannot be finished', async () => {
  const wanted = visit();
  await twins.dispatch.effects.book(wanted);
  const done = {
    effectKey: randomUUID(),
    bookingKey: wanted.effectKey,
    result: 'completed' as const,
    at: wanted.start,
  };
  await twins.dispatch.effects.finish(done);
  await twins.dispatch.effects.finish(done);
  expect((await twins.dispatch.effects.book({ ...wanted, effectKey: randomUUID() })).booked).toBe(
    true,
  );
  await expect(
    twins.dispatch.effects.finish({ ...done, effectKey: randomUUID(), bookingKey: randomUUID() }),
  ).rejects.toMatchObject({ type: 'BookingCanceled' });
});
