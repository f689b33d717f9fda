/** A partner that answers slowly, never, with 500, 429, garbage, an error inside a 200, 10 MB, half of it – before it did what it was asked,
 *  or after: every case ends with the right effects once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkers, type Violation } from '../../db/checkers.ts';
import { deliveryFigures, figureLines } from '../../db/delivery-figures.ts';
import { connect, type Sql } from '../../db/index.ts';
import { flows } from '../../domain/catalogue.ts';
import { builtInServices, chooseServices } from '../../services/partner/choose.ts';
import { createChance } from '../support/chance.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Fault, faults, type RudePartner, startRudePartner } from '../support/rude-partner.ts';
import { createWalker, type Walker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';
import { checkRun, effectsOnce } from './checkers.ts';
import { listenFor, walkMany } from './world-walk.ts';

const cases = 4 * flows.length;
const chance = createChance('rude partner');
const passing = faults.filter((fault): fault is Fault => fault !== 'refused');
let database: TestDatabase;
let theirs: Sql;
let partner: RudePartner;
let world: World;
let door: Awaited<ReturnType<typeof listenFor>>;
let walker: Walker;
beforeAll(async () => {
  database = await createDatabase();
  theirs = connect(database.url, { max: 20 });
  partner = await startRudePartner(theirs, 1_000);
  const { address } = partner;
  const partners = { parts: address, dispatch: address, notification: address };
  world = await startWorld({ partners });
  door = await listenFor(world, chooseServices(world.sql, builtInServices(world.sql), partners));
  walker = createWalker({ base: door.base, patienceMs: 300_000 });
});
afterAll(async () => {
  await door.close();
  await world.close();
  await partner.close();
  await theirs.end({ timeout: 5 });
  await database.drop();
});

/** The stock is the partner's: our own books know of nothing sold. */
const ofTheirStock = ({ detail }: Violation) => /: 0 sold, \d+ billed$/.test(detail);

test('cases of every flow end closed, with each effect once, whatever the partner does to three calls of ten', async () => {
  partner.behave(() => {
    if (!chance.happens(0.3)) return null;
    return { fault: chance.pick(passing), doneFirst: chance.happens(0.5) };
  });
  const ends = await walkMany(walker, cases);
  expect(ends).toEqual(Array.from({ length: cases }, () => 'closed'));
  partner.behave(null);

  const spoilt = partner.seen.filter(({ fault }) => fault !== null);
  process.stdout.write(`${partner.seen.length} calls to the partner, ${spoilt.length} spoilt\n`);
  expect(new Set(spoilt.map(({ fault }) => fault))).toEqual(new Set(passing));
  const found = await checkRun({ ...world, calls: walker.calls });
  expect(found.filter((violation) => !ofTheirStock(violation))).toEqual([]);
  for (const id of ['I1', 'I2', 'I4', 'I5', 'I6', 'I7'] as const)
    expect(await checkers[id](theirs)).toEqual([]);
  expect(await effectsOnce(theirs)).toEqual([]);
  process.stdout.write(
    `at the partner: ${figureLines(await deliveryFigures(theirs)).join('\n')}\n`,
  );
  expect(await billed()).toEqual(await sold());
});

const billed = () => world.sql`
  select case_number, line->>'partNumber' as part_number, sum((line->>'quantity')::int)::int as quantity
  from invoices, jsonb_array_elements(lines) line where line->>'item' = 'part' and voided_at is null group by 1, 2 order by 1, 2`;
const sold = () => theirs`
  select case_number, part_number, sum(issued - returned)::int as quantity
  from part_sale_lines join part_sales using (reservation_key) where terms <> 'rework' group by 1, 2 order by 1, 2`;

test('without keys the same faults do things twice, and the checkers say so', async () => {
  partner.forgetKeys('notification/send');
  partner.behave(({ path }) =>
    path === 'notification/send' && chance.happens(0.5) ? { fault: 'cut', doneFirst: true } : null,
  );
  await walker.finish(await walker.open({ flow: 'inWarrantyRepair', beside: 'without keys' }));
  expect(await effectsOnce(theirs)).not.toEqual([]);
});
