/** A partner that answers slowly, never, with 500, 429, garbage, an error inside a 200, 10 MB, half of it – before it did what it was asked,
 *  or after: every case ends with the right effects once. */
import { expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import { createChance } from '../support/chance.ts';
import { effectsOnce } from '../support/faults/checkers.ts';
import { expectRightEffectsOnce, partneredOfThisFile } from '../support/faults/partnered.ts';
import { walkMany } from '../support/faults/world-walk.ts';
import { type Fault, faults } from '../support/rude-partner.ts';

const cases = 4 * flows.length;
const chance = createChance('rude partner');
const passing = faults.filter((fault): fault is Fault => fault !== 'refused');
const partnered = partneredOfThisFile(1_000);

test('cases of every flow end closed, with each effect once, whatever the partner does to the first call of each kind, and to three of ten', async () => {
  const { partner, walker } = partnered;
  partner.behave(({ path }) => {
    const isFirst = partner.seen.every((call) => call.path !== path);
    if (!isFirst && !chance.happens(0.3)) return null;
    return { fault: chance.pick(passing), doneFirst: chance.happens(0.5) };
  });
  const ends = await walkMany(walker, cases);
  expect(ends).toEqual(Array.from({ length: cases }, () => 'closed'));
  partner.behave(null);

  const spoilt = partner.seen.filter(({ fault }) => fault !== null);
  process.stdout.write(`${partner.seen.length} calls to the partner, ${spoilt.length} spoilt\n`);
  expect(new Set(spoilt.map(({ fault }) => fault))).toEqual(new Set(passing));
  const asked = new Set(spoilt.filter(({ key }) => key === null).map(({ path }) => path));
  expect([...asked]).toEqual(
    expect.arrayContaining(['parts/soldTo', 'dispatch/rank', 'dispatch/onCall']),
  );
  await expectRightEffectsOnce(partnered);
});

test('without keys the same faults do things twice, and the checkers say so', async () => {
  const { partner, walker } = partnered;
  partner.forgetKeys('notification/send');
  partner.behave(({ path }) =>
    path === 'notification/send' && chance.happens(0.5) ? { fault: 'cut', doneFirst: true } : null,
  );
  await walker.finish(await walker.open({ flow: 'inWarrantyRepair', beside: 'without keys' }));
  expect(await effectsOnce(partner.books)).not.toEqual([]);
});
