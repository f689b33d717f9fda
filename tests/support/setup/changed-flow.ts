/** A build whose in-warranty repair begins with a step that no open case of it has taken. */
import { condition, sleep } from '@temporalio/workflow';
import { inWarrantyRepair as asBefore } from '../../../workflows/index.ts';

export * from '../../../workflows/index.ts';

export async function inWarrantyRepair(...args: Parameters<typeof asBefore>) {
  await sleep(1000);
  return asBefore(...args);
}

/** A flow that the product does not have. */
export async function retired() {
  await condition(() => false);
}
