/** The errand in a newer build: a photo is taken before the visit. */
import { patched, sleep } from '@temporalio/workflow';
import { run } from './errand.ts';

export const errand = (): Promise<string[]> =>
  run(async (steps) => {
    if (!patched('photo')) return;
    await sleep(1);
    steps.push('photo');
  });
