import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { kit, partsOfThisFile } from '../support/services/parts-fixtures.ts';

const own = partsOfThisFile();

test('a kit is reserved whole, at the field office of the territory', async () => {
  const result = await own.reserve(kit);
  expect(result).toMatchObject({
    reserved: true,
    lines: [{ location: 'OFFICE-NORTH' }, { location: 'OFFICE-NORTH' }],
  });
});

test('a line that the office lacks comes from where the whole quantity lies', async () => {
  const result = await own.reserve(kit, { territory: 'south' });
  expect(result).toMatchObject({
    lines: [
      { partNumber: 'HP-PUMP-230', location: 'CENTRAL' },
      { partNumber: 'HP-SEAL-230', location: 'OFFICE-SOUTH' },
    ],
  });
});

test('all lines or none: a shortage says what is missing and holds nothing', async () => {
  const before = await own.stockOf('HP-PUMP-230', 'OFFICE-NORTH');
  const result = await own.reserve([...kit, { partNumber: 'CR-WINCH-25', quantity: 5 }]);
  expect(result).toEqual({
    reserved: false,
    shortages: [{ partNumber: 'CR-WINCH-25', quantity: 2 }],
    office: 'OFFICE-NORTH',
  });
  expect(await own.stockOf('HP-PUMP-230', 'OFFICE-NORTH')).toEqual(before);
});

test('the same part in two lines is one line', async () => {
  expect(
    await own.reserve([
      { partNumber: 'HY-HOSE-16', quantity: 1 },
      { partNumber: 'HY-HOSE-16', quantity: 2 },
    ]),
  ).toMatchObject({ lines: [{ partNumber: 'HY-HOSE-16', quantity: 3 }] });
});

test('a repeated reserve answers as the first time, and holds once', async () => {
  const effectKey = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => own.reserve(kit, { effectKey })),
  );
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
  const held = await own.database.sql`select from part_movements where effect_key = ${effectKey}`;
  expect(held).toHaveLength(2);
  await expect(own.reserve([...kit, ...kit], { effectKey })).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
});

test('of sixty at once for the last six, six get one and stock is never oversold', async () => {
  const results = await Promise.all(
    Array.from({ length: 60 }, () => own.reserve([{ partNumber: 'SL-MOTOR-230', quantity: 1 }])),
  );
  expect(results.filter(({ reserved }) => reserved)).toHaveLength(6);
  expect(await checkers.I1(own.database.sql)).toEqual([]);
  expect(await checkers.I2(own.database.sql)).toEqual([]);
});

test('a late reserve after its release does not land (D3)', async () => {
  const reservationKey = randomUUID();
  const before = await own.stockOf('HP-PUMP-230', 'OFFICE-NORTH');
  await own.parts.effects.release({ effectKey: `${reservationKey}/release`, reservationKey });
  await expect(own.reserve(kit, { effectKey: reservationKey })).rejects.toMatchObject({
    type: 'ReservationGone',
  });
  expect(await own.stockOf('HP-PUMP-230', 'OFFICE-NORTH')).toEqual(before);
});

test('whichever of reserve and release comes first, nothing stays reserved', async () => {
  const race = async () => {
    const reservationKey = randomUUID();
    await Promise.allSettled([
      own.reserve(kit, { effectKey: reservationKey }),
      own.parts.effects.release({ effectKey: `${reservationKey}/release`, reservationKey }),
    ]);
    const [left] = await own.database
      .sql`select status from part_reservations where reservation_key = ${reservationKey}`;
    expect(left?.status).toBe('released');
  };
  for (let n = 0; n < 20; n++) await race();
  expect(await checkers.I4(own.database.sql)).toEqual([]);
  expect(await checkers.I2(own.database.sql)).toEqual([]);
});

test('a released reservation can be issued no more, and one that is issued is not released', async () => {
  const key = randomUUID();
  await own.reserve(kit, { effectKey: key });
  await own.parts.effects.release({ effectKey: `${key}/release`, reservationKey: key });
  await expect(own.issue(key)).rejects.toMatchObject({ type: 'ReservationGone' });
  const loanNumber = await own.lent();
  const reservationKey = loanNumber.split('/')[1] ?? '';
  await own.parts.effects.release({ effectKey: `${reservationKey}/release`, reservationKey });
  expect((await own.parts.questions.getLoan(loanNumber))?.status).toBe('issued');
});

test('goods that arrive can be reserved, once per key', async () => {
  const goods = {
    effectKey: randomUUID(),
    location: 'OFFICE-NORTH',
    lines: [{ partNumber: 'TV-PANEL-55', quantity: 3 }],
  };
  await own.parts.effects.receive(goods);
  await own.parts.effects.receive(goods);
  expect(await own.stockOf('TV-PANEL-55', 'OFFICE-NORTH')).toMatchObject({ onHand: 3 });
  await expect(
    own.parts.effects.receive({ ...goods, effectKey: randomUUID(), location: 'NOPE' }),
  ).rejects.toMatchObject({ type: 'UnknownLocation' });
  await expect(
    own.parts.effects.receive({
      ...goods,
      effectKey: randomUUID(),
      lines: [{ partNumber: 'NOPE', quantity: 1 }],
    }),
  ).rejects.toMatchObject({ type: 'UnknownPart' });
});

test("old parts of a repair without a loan are kept at the territory's office, once", async () => {
  const request = {
    effectKey: randomUUID(),
    caseNumber: 'C-000778',
    territory: 'south',
    slipNumber: 'SLIP-9',
    lines: [{ partNumber: 'HP-SEAL-230', quantity: 2, oldPartSerials: ['A', 'B'] }],
  };
  await own.parts.effects.receiveOldParts(request);
  await own.parts.effects.receiveOldParts(request);
  const kept = await own.database
    .sql`select location, old_part_serial from faulty_parts where case_number = 'C-000778' order by 2`;
  expect(kept).toEqual([
    { location: 'OFFICE-SOUTH', old_part_serial: 'A' },
    { location: 'OFFICE-SOUTH', old_part_serial: 'B' },
  ]);
});

test('a part is described with its price, a kit by model and fault', async () => {
  expect(await own.parts.questions.getPart('HP-PUMP-230')).toMatchObject({
    unitPriceMinor: 1_860_000,
    currency: 'CNY',
    title: { en: 'Main hydraulic pump' },
  });
  expect(await own.parts.questions.getPart('NOPE')).toBeNull();
  expect(await own.parts.questions.kitFor('ZE230E', 'HYD-PUMP-LOSS')).toEqual(kit);
  expect(await own.parts.questions.kitFor('ZE230E', 'NOPE')).toEqual([]);
  expect(await own.parts.questions.unknownParts(['HP-PUMP-230', 'NOPE'])).toEqual(['NOPE']);
});
