import { randomInt } from 'node:crypto';
import { processEnvironment } from '../../config/index.ts';

/** Chance that can be repeated: everything random in a run comes from one seed. */
export interface Chance {
  seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  /** One of them. Fails on an empty list. */
  pick<T>(from: readonly T[]): T;
}

/** Prints its seed; FAULT_SEED repeats a run. */
export function createChance(what: string): Chance {
  const seed = Number(processEnvironment().FAULT_SEED ?? randomInt(2 ** 31));
  process.stdout.write(`${what}: FAULT_SEED=${seed}\n`);
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(next() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  return { seed, next, happens: (probability) => next() < probability, pick };
}
