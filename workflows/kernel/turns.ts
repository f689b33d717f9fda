/** When those who wait are woken, and when the house looks: only while every promise that could run has run. */
import { condition } from '@temporalio/workflow';

/** A wait of the flow. */
export interface Sleeper {
  isFree: () => boolean;
  wake: () => void;
}

/** Waits until the house finds it free. `failure`: what it then fails with instead, if anything. */
export const asleep = (
  sleepers: Sleeper[],
  isFree: Sleeper['isFree'],
  failure: () => Error | null = () => null,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const wake = () => {
      const error = failure();
      return error ? reject(error) : resolve();
    };
    if (isFree()) wake();
    else sleepers.push({ isFree, wake });
  });

/** Wakes those who waited for what now holds; false when the flow stands still. */
export function wakeSleepers(sleepers: Sleeper[]): boolean {
  const free = sleepers.filter(({ isFree }) => isFree());
  for (const one of free) {
    sleepers.splice(sleepers.indexOf(one), 1);
    one.wake();
  }
  return free.length > 0;
}

let isApplying = false;

/** Notes while the engine's jobs are applied: it asks conditions after each, before the promises that a job woke have run. */
export function applyJobs(apply: () => void): void {
  isApplying = true;
  try {
    apply();
  } finally {
    isApplying = false;
  }
}

/** Waits until `look` says so, which is asked in each pass of the engine, and after each job that is applied. `condition` asks at once too,
 *  amid other promises: that does not count. */
export function untilSeen(look: (isStill: boolean) => boolean): Promise<void> {
  let isNew = true;
  return condition(() => {
    const isAmid = isNew;
    isNew = false;
    return !isAmid && look(!isApplying);
  });
}
