import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import type { PartsEffects } from '../../services/parts/index.ts';
import { checkRun } from '../support/faults/checkers.ts';
import { aroundAll } from '../support/faults/lossy.ts';
import { listenFor } from '../support/faults/world-walk.ts';
import { createWalker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';

// A worker that is paused in the middle of a reservation: its attempt times out, the case is canceled, and then it goes on.

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** Cancels a case while its first `reserve` is stuck, and lets that go on when the release is done. How the late one ended. */
async function lateReserve(afterRelease: (world: World, key: string) => Promise<unknown>) {
  const stuck = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<string>();
  const late = Promise.withResolvers<unknown>();
  const released = Promise.withResolvers<void>();
  const world = await startWorld({
    wrap: (deps) =>
      aroundAll(deps, async (effect, request, call) => {
        if (effect === 'release') return call(request).finally(released.resolve);
        if (effect !== 'reserve') return call(request);
        reached.resolve(String(request.effectKey));
        await stuck.promise;
        const end = call(request);
        late.resolve(end.catch((error: Error) => error.name));
        return end;
      }),
  });
  closing.push(world.close);
  const door = await listenFor(world);
  closing.push(door.close);
  const walker = createWalker({ base: door.base });
  const opened = await walker.open();
  const walking = walker.finish(opened);
  const key = await reached.promise;
  const cancel = `/v1/cases/${opened.caseNumber}/actions/cancel`;
  const canceled = await walker.call(
    'POST',
    cancel,
    'supervisor',
    { reason: 'sold' },
    randomUUID(),
  );
  expect(canceled.status).toBe(200);
  await released.promise;
  await afterRelease(world, key);
  stuck.resolve();
  const end = await late.promise;
  expect((await walking).status).toBe('canceled');
  return { end, found: await checkRun({ ...world, calls: walker.calls }) };
}

test('a reserve that comes after its release meets the tombstone', async () => {
  const { end, found } = await lateReserve(async () => undefined);
  expect(end).toBe('ReservationGone');
  expect(found).toEqual([]);
});

test('without the tombstone it would hold parts for a canceled case, and I3 says so', async () => {
  const { end, found } = await lateReserve(
    ({ sql }, key) => sql`delete from part_reservations where reservation_key = ${key}`,
  );
  expect(end).toMatchObject({ reserved: true } satisfies Partial<
    Awaited<ReturnType<PartsEffects['reserve']>>
  >);
  expect(found.map(({ invariant }) => invariant)).toContain('I3');
});
