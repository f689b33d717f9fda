import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import { createChance } from '../support/chance.ts';
import { checkRun } from '../support/faults/checkers.ts';
import { whatHappened } from '../support/faults/what-happened.ts';
import { createProduct, type Product } from '../support/product.ts';
import { createWalker, type Walker } from '../support/walker.ts';

let product: Product;
let walker: Walker; // one for all: its calls are compared with the whole database
beforeAll(async () => {
  product = await createProduct();
  product.start();
  await product.started();
  walker = createWalker({ base: product.base, patienceMs: 180_000 });
});
afterAll(() => product.end());

test.each(flows)(
  '$name: everything is killed and started again after each answer, and the case ends the same, with the same effects',
  async ({ name: flow }) => {
    const chance = createChance(`kill everything: ${flow}`);
    const calm = await walker.finish(await walker.open({ flow }));

    let kills = 0;
    const stormy = await walker.finish(await walker.open({ flow }), {
      async afterAnswer() {
        await delay(chance.next() * 400); // into the midst of what follows from the answer
        await product.killAll();
        kills += 1;
        product.start();
      },
    });
    await product.started();

    expect(stormy.status).toBe('closed');
    expect(kills).toBeGreaterThanOrEqual(5);
    const sql = product.sql();
    expect(await whatHappened(sql, stormy.caseNumber)).toEqual(
      await whatHappened(sql, calm.caseNumber),
    );
    const client = await product.client();
    expect(await checkRun({ sql, client, calls: walker.calls })).toEqual([]);
  },
);
