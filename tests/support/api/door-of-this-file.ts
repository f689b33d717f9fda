import { afterAll, beforeAll } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../world.ts';
import { type Door, engineOf, openDoor } from './door.ts';

/** A door to a world, both of one test file. */
export interface WorldDoor extends Door {
  readonly world: World;
}

/** One world and its door per test file; `open` makes another door to it than the product's plain one. */
export function doorOfThisFile(
  options: WorldOptions = {},
  open = (world: World): Promise<Door> => openDoor(world.sql, engineOf(world)),
): WorldDoor {
  const held: { world?: World } = {};
  beforeAll(async () => {
    held.world = await startWorld(options);
  });
  afterAll(() => held.world?.close());
  const ready = () => up(held.world);
  const door = doorFrom(() => open(ready()));
  return {
    get world() {
      return ready();
    },
    get app() {
      return door.app;
    },
    get deps() {
      return door.deps;
    },
    call: door.call,
  };
}

/** A door that is opened before the first test and closed after the last, before what was set up earlier is. */
export function doorFrom(open: () => Promise<Door>): Door {
  const held: { door?: Door } = {};
  beforeAll(async () => {
    held.door = await open();
  });
  afterAll(() => held.door?.app.close());
  const ready = () => up(held.door);
  return {
    get app() {
      return ready().app;
    },
    get deps() {
      return ready().deps;
    },
    call: (...asked) => ready().call(...asked),
  };
}

function up<T>(held: T | undefined): T {
  if (held === undefined) throw new Error('the door is not open yet');
  return held;
}
