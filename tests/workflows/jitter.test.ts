/** What a history holds does not depend on how many promise turns a wait takes. Fifty seeds are tried in `tests/faults/jitter.test.ts`. */
import { beforeAll, expect, test } from 'vitest';
import { brokenUnder, jitteredBundle, replaced } from '../support/workflows/jitter.ts';

let bundle: string;
beforeAll(async () => {
  bundle = await jitteredBundle();
});

test('every recorded history replays, however many promise turns a wait takes', async () => {
  for (const seed of [1, 2, 3]) expect(await brokenUnder(seed, bundle)).toEqual([]);
}, 300_000);

test('a house that does not wait until the flow stands still does not replay them', async () => {
  const hasty = replaced(bundle, 'return !isAmid && look(!isApplying);', 'return look(true);');
  expect(await brokenUnder(1, hasty)).not.toEqual([]);
}, 120_000);
