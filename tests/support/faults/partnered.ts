/** A world whose services are all a partner's, which may misbehave; cases are walked in it over the API. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Sql } from '../../../db/connect.ts';
import { deliveryFigures, figureLines } from '../../../services/delivery/figures.ts';
import { builtInServices, chooseServices } from '../../../services/partner/choose.ts';
import { brokenAt, type RudePartner, startRudePartner } from '../rude-partner.ts';
import { createWalker, type Walker } from '../walker.ts';
import { startWorld, type World } from '../world.ts';
import { checkRun, effectsOnce, untilQuiet } from './checkers.ts';
import { listenFor } from './world-walk.ts';

export interface Partnered {
  partner: RudePartner;
  world: World;
  walker: Walker;
}

/** One for a test file; the product waits `timeoutMs` for each of the partner's answers. */
export function partneredOfThisFile(timeoutMs: number): Readonly<Partnered> {
  const held = {} as Partnered;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const partner = await startRudePartner(timeoutMs);
    const { address } = partner;
    const partners = { parts: address, dispatch: address, notification: address };
    const world = await startWorld({ partners });
    const services = chooseServices(world.sql, builtInServices(world.sql), partners);
    const door = await listenFor(world, services);
    const walker = createWalker({ base: door.base, patienceMs: 600_000 });
    Object.assign(held, { partner, world, walker });
    ends.push(door.close, world.close, partner.close);
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return held;
}

/** Every invariant of ours and of the partner's books, each effect once at either, and the bills those of the parts that the partner sold. */
export async function expectRightEffectsOnce({
  partner: { books },
  world,
  walker,
}: Partnered): Promise<void> {
  await untilQuiet(world, 600_000);
  expect(await checkRun({ ...world, calls: walker.calls })).toEqual([]);
  expect(await brokenAt(books)).toEqual([]);
  expect(await effectsOnce(books)).toEqual([]);
  process.stdout.write(`at the partner: ${figureLines(await deliveryFigures(books)).join('\n')}\n`);
  expect(await billed(world.sql)).toEqual(await sold(books));
}

const billed = (sql: Sql) => sql`
  select case_number, line->>'partNumber' as part_number, sum((line->>'quantity')::int)::int as quantity
  from invoices, jsonb_array_elements(lines) line where line->>'item' = 'part' and voided_at is null group by 1, 2 order by 1, 2`;
const sold = (theirs: Sql) => theirs`
  select case_number, part_number, sum(issued - returned)::int as quantity
  from part_sale_lines join part_sales using (reservation_key) where terms <> 'rework' group by 1, 2 order by 1, 2`;
