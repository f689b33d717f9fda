import { afterAll, beforeAll, expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import { createChance } from '../support/chance.ts';
import { checkRun } from '../support/faults/checkers.ts';
import { aroundAll, droppingConnections, losingReplies } from '../support/faults/lossy.ts';
import { whatHappened } from '../support/faults/what-happened.ts';
import { listenFor, walkMany } from '../support/faults/world-walk.ts';
import { createWalker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';

const cases = 20;
const chance = createChance('lost replies');
const lost: string[] = [];
const dropped: string[] = [];
let world: World;
let door: Awaited<ReturnType<typeof listenFor>>;
beforeAll(async () => {
  world = await startWorld({ wrap: (deps) => aroundAll(deps, losingReplies(chance, 0.15, lost)) });
  door = await listenFor(world);
});
afterAll(async () => {
  await door.close();
  await world.close();
});

test('many cases at once, with lost replies to every service and to every client, end closed with each effect once', async () => {
  const send = droppingConnections(chance, 0.1, dropped);
  const walker = createWalker({ base: door.base, send });
  const ends = await walkMany(walker, cases);

  expect(ends).toEqual(Array.from({ length: cases }, () => 'closed'));
  expect(lost.length).toBeGreaterThan(cases * 3);
  expect(dropped.length).toBeGreaterThan(cases * 2);
  expect(await checkRun({ ...world, calls: walker.calls })).toEqual([]);
});

test('each repair in warranty has one signed record, one claim, one knowledge entry, one archive code, and its parts back', async () => {
  const rows = await world.sql<{ number: string }[]>`
    select case_number as number from cases where flow = 'inWarrantyRepair' and status = 'closed'`;
  expect(rows).toHaveLength(Math.ceil(cases / flows.length));
  for (const { number } of rows) {
    const { records, loans, reservations } = await whatHappened(world.sql, number);
    const kinds = records.map((line) => line.split(' ')[0]).filter((kind) => kind !== 'effect');
    expect(kinds.sort().join(' ')).toMatch(/^archive claim knowledge (old )*record signature$/);
    expect(loans.length).toBeGreaterThan(0);
    expect(reservations.filter((line) => line.endsWith('reserved'))).toEqual([]);
  }
});
