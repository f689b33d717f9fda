import { afterAll, beforeAll } from 'vitest';
import { startWorld } from '../world.ts';
import { createDesk, type Desk } from './desk.ts';
import { allIsWell } from './replay.ts';

/** One world and its staff per test file. After the last test no invariant may be broken, and every history must replay. */
export function deskOfThisFile(): Desk {
  const held: { desk?: Desk } = {};
  beforeAll(async () => {
    held.desk = createDesk(await startWorld());
  });
  afterAll(async () => {
    const { world } = ready();
    await allIsWell(world);
    await world.close();
  });
  const ready = (): Desk => {
    if (!held.desk) throw new Error('the world is not up yet');
    return held.desk;
  };
  return {
    get world() {
      return ready().world;
    },
    get stores() {
      return ready().stores;
    },
    open: (opening) => ready().open(opening),
    caseOf: (caseNumber) => ready().caseOf(caseNumber),
  };
}
