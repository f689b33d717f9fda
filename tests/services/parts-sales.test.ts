import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { connect } from '../../db/connect.ts';
import type { PartLine } from '../../domain/loan.ts';
import { partsOfThisFile } from '../support/services/parts-fixtures.ts';

const shop = partsOfThisFile();
const kit = [
  { partNumber: 'TD-MOTOR-60', quantity: 1 },
  { partNumber: 'TD-SEAL-60', quantity: 2 },
];

/** A case of its own to which parts are sold. */
function customer() {
  const caseNumber = randomUUID();
  const issue = (reservationKey: string) =>
    shop.parts.effects.issueSale({
      effectKey: `${reservationKey}/sale`,
      reservationKey,
      caseNumber,
      terms: 'charged',
      receivedBy: 'ST-14',
    });
  return {
    caseNumber,
    issue,
    async bought(lines: PartLine[] = kit): Promise<string> {
      const reservationKey = randomUUID();
      await shop.reserve(lines, { effectKey: reservationKey, territory: 'south' });
      await issue(reservationKey);
      return reservationKey;
    },
    giveBack: (kept: PartLine[], effectKey: string = randomUUID()) =>
      shop.parts.effects.takeBackSold({ effectKey, caseNumber, kept }),
  };
}

const onHand = async (partNumber: string) =>
  (await shop.stockOf(partNumber, 'OFFICE-SOUTH'))?.onHand ?? 0;
const expectSound = async () => {
  for (const id of ['I1', 'I2', 'I4'] as const)
    expect(await checkers[id](shop.database.sql)).toEqual([]);
};

test('what is sold leaves the shelf once, and its reservation is gone', async () => {
  const before = await onHand('TD-SEAL-60');
  const buyer = customer();
  const key = await buyer.bought();
  await buyer.issue(key);
  expect(await shop.stockOf('TD-SEAL-60', 'OFFICE-SOUTH')).toMatchObject({
    onHand: before - 2,
    reserved: 0,
    onLoan: 0,
  });
  await expectSound();
});

test('what was released is not sold, and what was sold is not released', async () => {
  const buyer = customer();
  const { parts, reserve } = shop;
  const released = randomUUID();
  await reserve(kit, { effectKey: released, territory: 'south' });
  await parts.effects.release({ effectKey: randomUUID(), reservationKey: released });
  await expect(buyer.issue(released)).rejects.toMatchObject({ type: 'ReservationGone' });
  const before = await onHand('TD-MOTOR-60');
  const sold = await buyer.bought();
  await parts.effects.release({ effectKey: randomUUID(), reservationKey: sold });
  expect(await onHand('TD-MOTOR-60')).toBe(before - 1);
  await expectSound();
});

test('all but what was fitted goes back, over several sales, once per key', async () => {
  const before = await onHand('TD-SEAL-60');
  const buyer = customer();
  await buyer.bought();
  await buyer.bought([{ partNumber: 'TD-SEAL-60', quantity: 3 }]);
  expect(await shop.parts.effects.soldTo({ caseNumber: buyer.caseNumber })).toEqual([
    { partNumber: 'TD-MOTOR-60', quantity: 1 },
    { partNumber: 'TD-SEAL-60', quantity: 5 },
  ]);
  const kept = [{ partNumber: 'TD-SEAL-60', quantity: 3 }];
  const key = randomUUID();
  await buyer.giveBack(kept, key);
  await buyer.giveBack(kept, key);
  expect(await onHand('TD-SEAL-60')).toBe(before - 3);
  expect(await shop.parts.effects.soldTo({ caseNumber: buyer.caseNumber })).toEqual(kept);
  await buyer.giveBack([]);
  await buyer.giveBack([]);
  expect(await onHand('TD-SEAL-60')).toBe(before);
  await expectSound();
});

/** Until so many sessions wait for one another. */
const waiting = (count: number) =>
  expect
    .poll(
      () => shop.database.sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      { timeout: 20_000 },
    )
    .toHaveLength(count);

test('taken back by ten at once, what is kept stays', async () => {
  const before = await onHand('TD-SEAL-60');
  const buyer = customer();
  const sale = await buyer.bought([{ partNumber: 'TD-SEAL-60', quantity: 5 }]);
  const kept = [{ partNumber: 'TD-SEAL-60', quantity: 3 }];
  // all begin while somebody else has the line
  const { sql, url } = shop.database;
  const gate = connect(url, { max: 1 });
  await gate`select pg_advisory_lock(1)`;
  const held = sql`
    with line as (update part_sale_lines set returned = returned where reservation_key = ${sale} returning 1)
    select pg_advisory_xact_lock(1) from line`.execute();
  await waiting(1);
  const givenBack = Array.from({ length: 10 }, () => buyer.giveBack(kept));
  await waiting(11);
  await gate`select pg_advisory_unlock(1)`;
  await Promise.all([held, ...givenBack]);
  await gate.end();
  expect(await shop.parts.effects.soldTo({ caseNumber: buyer.caseNumber })).toEqual(kept);
  await buyer.giveBack([]);
  expect(await onHand('TD-SEAL-60')).toBe(before);
  await expectSound();
});

test('nothing was sold: nothing comes back', async () => {
  await customer().giveBack([]);
  await expectSound();
});

test('an old part that is handed over goes to the office without a slip, and says what becomes of it', async () => {
  const request = {
    effectKey: randomUUID(),
    caseNumber: 'C-000888',
    territory: 'south',
    disposal: 'recycle' as const,
    lines: [{ partNumber: 'TD-SEAL-60', quantity: 2, oldPartSerials: ['S-1', 'S-2'] }],
  };
  await shop.parts.effects.receiveHandedOver(request);
  await shop.parts.effects.receiveHandedOver(request);
  const rows = await shop.database.sql`
    select location, old_part_serial, disposal, slip_number from faulty_parts where case_number = 'C-000888' order by 2`;
  expect(rows).toEqual([
    { location: 'OFFICE-SOUTH', old_part_serial: 'S-1', disposal: 'recycle', slip_number: null },
    { location: 'OFFICE-SOUTH', old_part_serial: 'S-2', disposal: 'recycle', slip_number: null },
  ]);
});
