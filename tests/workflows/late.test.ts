/** An engine that was away moves no deadline: what fell due meanwhile is said when it is back, with its lag (N4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDesk, eventually } from '../support/workflows/desk.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { fixedByPhone } from '../support/workflows/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

test('rungs that fall due while no worker runs ring at once when one is back; late is late', async () => {
  const target = { critical: 'PT4S', high: 'PT4S', medium: 'PT4S', low: 'PT4S' };
  const rungs = [50, 75, 100].map((percent) => ({ percent, alertLevel: 0 as const }));
  const clock = { name: 'response' as const, target, rungs, pausedBy: [], source: 'R03' };
  const theCase = await createDesk(world).open({ policy: { clocks: [clock] } });
  await theCase.task('reportPhoneTriage');
  const [before] = (await theCase.view()).clocks;
  await world.workers.stop();
  const rangBefore = (await theCase.timeline()).filter((line) => line.kind === 'clockRung').length;
  await eventually(
    async () => Date.now(),
    (now) => now > Date.parse(before?.dueAt ?? '') + 500,
  );
  await world.workers.start();
  const rung = await eventually(
    async () => (await theCase.timeline()).filter((line) => line.kind === 'clockRung'),
    (lines) => lines.length === 3,
  );
  expect(rung.map(({ detail }) => detail.percent)).toEqual([50, 75, 100]);
  for (const { detail } of rung.slice(rangBefore)) {
    expect(Number(detail.lagMs)).toBeGreaterThanOrEqual(500);
    expect(detail.dueAt).toBe(before?.dueAt);
  }
  await theCase.answer('reportPhoneTriage', fixedByPhone);
  const [after] = (await theCase.view()).clocks;
  expect(after).toMatchObject({ state: 'missed', dueAt: before?.dueAt });
  await theCase.answer('recordCallback');
  await theCase.ended();
});
