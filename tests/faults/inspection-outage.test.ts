/** N22 on the product itself: everything is killed, the engine too, while rounds fall due; not one is lost, not one is doubled. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkAll } from '../../checks/index.ts';
import { occurrencesBetween } from '../../domain/schedule.ts';
import { createProduct, type Product } from '../support/product.ts';
import { createWalker, type Walker } from '../support/walker.ts';

let product: Product;
let walker: Walker;
beforeAll(async () => {
  product = await createProduct();
  walker = createWalker({ base: product.base });
  product.start();
  await product.started();
});
afterAll(() => product.end());

const plans = '/v1/inspection-plans';
const reason = { reason: 'A test.' };
const everyTwoSeconds = { calendar: null, interval: { every: 'PT2S' }, timeZone: 'UTC' };
const planned = z.object({ planNumber: z.string() });
const occurrences = z.object({
  occurrences: z.array(z.object({ nominalAt: z.string(), result: z.string() })),
});

async function firedOf(planNumber: string): Promise<string[]> {
  const { body } = await walker.call('GET', `${plans}/${planNumber}`, 'supervisor');
  const made = occurrences.parse(body).occurrences;
  expect(new Set(made.map(({ result }) => result))).toEqual(new Set(['opened']));
  return made.map(({ nominalAt }) => nominalAt).reverse();
}

test('an outage of everything over three nominal times: exactly one round for each once it is up again', async () => {
  const body = {
    customerNumber: 'CU-1003',
    phase: 'early',
    serialNumbers: ['NET-SCH-0001'],
    interval: { every: 'P7D' },
    timeZone: 'UTC',
  };
  const made = await walker.call('POST', plans, 'supervisor', body, 'outage');
  const { planNumber } = planned.parse(made.body);
  // the API allows no such haste; the sweeper makes the Schedule follow the row
  await product.sql()`update schedules set version = version + 1, terms = terms || ${product.sql().json(everyTwoSeconds)}
    where schedule_number = ${planNumber}`;
  await expect.poll(() => firedOf(planNumber), { timeout: 30_000, interval: 500 }).not.toEqual([]);

  await product.killAll();
  await delay(6_500);
  product.start();
  await product.started();
  const up = new Date().toISOString();
  await expect
    .poll(async () => (await firedOf(planNumber)).at(-1) ?? '', { timeout: 60_000, interval: 500 })
    .toSatisfy((last: string) => last > up);
  await walker.call('POST', `${plans}/${planNumber}/pause`, 'supervisor', reason, 'pause');

  const fired = await firedOf(planNumber);
  const [from = '', to = ''] = [fired[0], fired.at(-1)];
  expect(fired).toEqual(occurrencesBetween(everyTwoSeconds, { from, to, limit: 100 }));
  expect(fired.length).toBeGreaterThan(4);
  const broken = await checkAll(product.sql());
  expect(broken.filter(({ invariant }) => invariant !== 'schedulesLogged')).toEqual([]);
});
