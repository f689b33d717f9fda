/** A client that knows only the contract closes a case of each flow three times in a row on one database, over real HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roles } from '../../domain/case.ts';
import { flows } from '../../domain/catalogue.ts';
import { checkRun, untilQuiet } from '../support/faults/checkers.ts';
import { whatHappened } from '../support/faults/what-happened.ts';
import { listenFor } from '../support/faults/world-walk.ts';
import { createWalker, type WalkedTask, type Walker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let walker: Walker;
let close: () => Promise<unknown>;
beforeAll(async () => {
  world = await startWorld();
  const door = await listenFor(world);
  close = door.close;
  walker = createWalker({ base: door.base });
});
afterAll(async () => {
  await close();
  await world.close();
});

const walked = new Map<string, string[]>();

/** Every role but the task's own tries first; how many were refused. */
async function refuseOthers(caseNumber: string, { id, role, answerSchema }: WalkedTask) {
  const others = roles.filter((other) => other !== role);
  for (const other of others) {
    const path = `/v1/cases/${caseNumber}/tasks/${id}`;
    const refused = await walker.call(
      'POST',
      path,
      other,
      answerSchema.examples[0],
      `${id}-${other}`,
    );
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  }
  return others.length;
}

test.each(flows)(
  '$name: no task is open to a wrong role: each is refused, which stands in the timeline and changes nothing',
  async ({ name: flow }) => {
    let refusals = 0;
    const opened = await walker.open({ flow });
    const ended = await walker.finish(opened, {
      async beforeAnswer(task, { caseNumber }) {
        refusals += await refuseOthers(caseNumber, task);
        const { openTasks } = await walker.read(caseNumber);
        expect(openTasks).toContainEqual(task);
      },
    });
    walked.set(flow, [ended.caseNumber]);
    expect(ended.status).toBe('closed');
    const [{ count } = { count: 0 }] = await world.sql<{ count: number }[]>`
    select count(*) from case_events where case_number = ${ended.caseNumber} and kind = 'refused'`;
    expect(count).toBe(refusals);
    expect(refusals).toBeGreaterThan(30);
  },
);

test.each(flows)(
  '$name: the walk closes the case again and again, each time with the same effects',
  async ({ name: flow }) => {
    const numbers = walked.get(flow) ?? [];
    for (const _ of [2, 3]) {
      const ended = await walker.finish(await walker.open({ flow }));
      numbers.push(ended.caseNumber);
      expect(ended.status).toBe('closed');
    }
    await untilQuiet(world); // closed is told before the last message is sent
    const [first, ...others] = await Promise.all(
      numbers.map((one) => whatHappened(world.sql, one)),
    );
    expect(others).toEqual([first, first]);
  },
);

test('stock, loans and reservations add up, and no other invariant is broken', async () => {
  const calls = walker.calls.filter(({ status }) => status !== 403);
  expect(await checkRun({ ...world, calls })).toEqual([]);
  const [stock] = await world.sql<{ reserved: number; onLoan: number }[]>`
    select sum(reserved) as reserved, sum(on_loan) as "onLoan" from stock`;
  expect(stock).toEqual({ reserved: 0, onLoan: 0 });
});
