/** A partner that takes six seconds for each answer, of the eight that it has: a case of each flow ends with the right effects once. */
import { expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import { expectRightEffectsOnce, partneredOfThisFile } from '../support/faults/partnered.ts';
import { walkMany } from '../support/faults/world-walk.ts';

const partnered = partneredOfThisFile(8_000);

test('a case of every flow ends closed, with each effect once, and hardly a call is made twice', async () => {
  const { partner, walker } = partnered;
  partner.behave(() => ({ fault: 'slow', doneFirst: false }));
  expect(await walkMany(walker, flows.length)).toEqual(flows.map(() => 'closed'));
  await expectRightEffectsOnce(partnered);
  const keys = partner.seen.flatMap(({ key, path }) => (key ? [`${path} ${key}`] : []));
  process.stdout.write(`${keys.length} calls, ${new Set(keys).size} keys\n`);
  expect(keys.length / new Set(keys).size).toBeLessThan(1.5);
});
