/** Cases close while their loans end and others still write to them: no workflow task is lost, and with it nobody's act. */
import { setTimeout as delay } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChance } from '../support/chance.ts';
import { checkRun } from '../support/faults/checkers.ts';
import { type Chain, readChains } from '../support/faults/histories.ts';
import { listenFor } from '../support/faults/world-walk.ts';
import { createWalker, type Walker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';

const chance = createChance('closing');
let world: World;
let door: Awaited<ReturnType<typeof listenFor>>;
let walker: Walker;
beforeAll(async () => {
  world = await startWorld();
  door = await listenFor(world);
  walker = createWalker({ base: door.base });
});
afterAll(async () => {
  await door.close();
  await world.close();
});

/** Repairs with loans, so many at once, until there were enough; how they ended. */
async function walkRepairs(count: number, atOnce: number): Promise<string[]> {
  const ends: string[] = [];
  let opened = 0;
  const lane = async () => {
    while (opened < count) {
      opened += 1;
      const beside = `walk ${opened}`;
      ends.push(
        (await walker.finish(await walker.open({ flow: 'inWarrantyRepair', beside }))).status,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return ends;
}

/** Writes to every open case again and again, as a partner does; how often it was heard. */
async function writeToCases(isOver: () => boolean): Promise<number> {
  let heard = 0;
  const write = (id: string) =>
    world.client.workflow
      .getHandle(id)
      .signal('partnerSays', { text: 'on its way' })
      .then(
        () => (heard += 1),
        () => undefined, // it has ended
      );
  while (!isOver()) {
    const open = await world.sql<{ id: string }[]>`
      select case_number as id from cases where is_open and started_at is not null`;
    await Promise.all(open.map(({ id }) => write(id)));
    await delay(chance.next() * 600);
  }
  return heard;
}

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

/** Why workflow tasks failed. */
const lostTasks = (chains: Chain[]): string[] =>
  chains
    .flatMap(({ runs }) => runs)
    .flatMap(({ history }) => history.events ?? [])
    .flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
      failed ? [WorkflowTaskFailedCause[failed.cause ?? 0] ?? 'unknown'] : [],
    );

test('thirty repairs, twenty at once, close while they are written to: no task fails, and every act is answered', async () => {
  let over = false;
  const writing = writeToCases(() => over);
  const ends = await walkRepairs(30, 20).finally(() => {
    over = true;
  });
  expect(ends).toEqual(Array.from({ length: 30 }, () => 'closed'));
  expect(await writing).toBeGreaterThan(300);
  const acts = walker.calls.filter(({ method }) => method === 'POST');
  expect(acts.filter(({ status }) => status >= 300)).toEqual([]);
  expect(lostTasks(await readChains(world.client, world.sql))).toEqual([]);
  expect(await checkRun({ ...world, calls: walker.calls })).toEqual([]);
});
