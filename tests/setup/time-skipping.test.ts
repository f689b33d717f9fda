import { expect, test } from 'vitest';
import { startTimeSkipping } from '../support/time-skipping.ts';

test('the time-skipping server starts and lets two days pass at once', async () => {
  const environment = await startTimeSkipping();
  try {
    const before = await environment.currentTimeMs();
    await environment.sleep('48h');
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(48 * 3_600_000);
  } finally {
    await environment.teardown();
  }
});
