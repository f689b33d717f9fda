/** What a partner had reserved comes over into our own stock (N25). */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const partNumber = 'HP-PUMP-230';
const parts = () => createParts(database.sql);
const reservation = (quantity: number) => ({
  effectKey: randomUUID(),
  caseNumber: 'C-000001',
  territory: 'north',
  lines: [{ partNumber, quantity }],
});
const totals = async () => {
  const { stock = [] } = (await parts().questions.getPart(partNumber)) ?? {};
  return stock.reduce(
    (sum, { onHand, reserved }) => ({
      onHand: sum.onHand + onHand,
      free: sum.free + onHand - reserved,
    }),
    { onHand: 0, free: 0 },
  );
};
const expectSound = async () => {
  expect(await checkers.I1(database.sql)).toEqual([]);
  expect(await checkers.I4(database.sql)).toEqual([]);
};

test('it is reserved under its key, once, and nobody else has a part less', async () => {
  const before = await totals();
  const asked = reservation(1_000);
  await Promise.all([1, 2, 3].map(() => parts().takeOver(asked)));
  expect(await totals()).toEqual({ onHand: before.onHand + 1_000, free: before.free });
  expect(await parts().effects.reserve(asked)).toMatchObject({ reserved: true });
  await parts().effects.release({ effectKey: randomUUID(), reservationKey: asked.effectKey });
  await parts().takeOver(asked); // too late
  expect((await totals()).free).toBe(before.free + 1_000);
  await expectSound();
});

test('a shortage that was said under the key is over', async () => {
  const asked = reservation(1_000_000);
  expect(await parts().effects.reserve(asked)).toMatchObject({ reserved: false });
  await parts().takeOver(asked);
  expect(await parts().effects.reserve(asked)).toMatchObject({ reserved: true });
  await expectSound();
});

test('a part that is not on record is refused by name', async () => {
  const asked = { ...reservation(1), lines: [{ partNumber: 'NO-SUCH-PART', quantity: 1 }] };
  await expect(parts().takeOver(asked)).rejects.toMatchObject({ type: 'UnknownPart' });
});
