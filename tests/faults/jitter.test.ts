/** What a history holds does not depend on how many promise turns a wait takes: fifty seeds. */
import { beforeAll, expect, test } from 'vitest';
import { brokenUnder, jitteredBundle } from '../support/workflows/jitter.ts';

let bundle: string;
beforeAll(async () => {
  bundle = await jitteredBundle();
});

test('every recorded history replays with fifty seeds', async () => {
  for (let seed = 1; seed <= 50; seed += 1) expect(await brokenUnder(seed, bundle)).toEqual([]);
});
