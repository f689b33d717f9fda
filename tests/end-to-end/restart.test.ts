/** What a new user does: `npm start`, a case, Ctrl-C, `npm start`, the rest of the case. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProduct, type Product, victims } from '../support/product.ts';
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

test('stopping and starting everything keeps a case where it was, and its page in the Temporal UI', async () => {
  const opened = await walker.open();
  const [task] = (await untilWaiting(opened.caseNumber)).openTasks;
  if (task) await walker.answer(opened.caseNumber, task);
  const before = await untilWaiting(opened.caseNumber);

  await product.stop();
  expect(await Promise.all(victims.map(product.pid))).toEqual(victims.map(() => null));
  product.start();
  await product.started();

  expect(await walker.read(opened.caseNumber)).toEqual(before);
  const { status, links } = await walker.finish(before);
  expect(status).toBe('closed');
  await expectPage(links.temporalUi, opened.caseNumber);
});

async function untilWaiting(caseNumber: string) {
  for (;;) {
    const found = await walker.read(caseNumber);
    if (found.openTasks.length > 0) return found;
  }
}

/** The link is the UI's address of this very run; the UI asks its own API for what it shows there. */
async function expectPage(link: string, caseNumber: string): Promise<void> {
  expect((await fetch(link)).status).toBe(200);
  const [, base, namespace, id, runId] =
    /^(http:\/\/[^/]+)\/namespaces\/([^/]+)\/workflows\/([^/]+)\/([^/]+)\/history$/.exec(link) ??
    [];
  expect(id).toBe(caseNumber);
  const api = `${base}/api/v1/namespaces/${namespace}/workflows/${id}?execution.runId=${runId}`;
  const shown = async () => (await fetch(api)).text();
  await expect.poll(shown, { timeout: 10_000 }).toContain('WORKFLOW_EXECUTION_STATUS_COMPLETED');
}
