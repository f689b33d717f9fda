import { expect, test } from 'vitest';
import type { OpenRun } from '../../setup/upgrade/runs.ts';
import { sampleRuns } from '../../setup/upgrade/sample.ts';

const now = new Date('2026-11-25T12:00:00Z');
const agesInDays = [0.5, 2, 20, 200];

/** Runs of one flow, `count` of each age. */
function runsOf(flow: string, count: number): OpenRun[] {
  return agesInDays.flatMap((days) =>
    Array.from({ length: count }, (_, number) => ({
      workflowId: `${flow}-${days}-${number}`,
      runId: `${flow}-${days}-${number}`,
      flow,
      startedAt: new Date(now.getTime() - days * 86_400_000),
    })),
  );
}

async function* each(runs: OpenRun[]) {
  yield* runs;
}

const all = [...runsOf('inWarrantyRepair', 30), ...runsOf('partsLoan', 2)];
const sample = (runs: OpenRun[], size: number) => sampleRuns(each(runs), size, now);

test('a sample has as many of each flow and age as were asked for, or all there are', async () => {
  const chosen = await sample(all, 3);
  const counts = Object.groupBy(chosen, ({ workflowId }) => workflowId.replace(/-\d+$/, ''));
  expect(Object.values(counts).map((group) => group?.length)).toEqual([3, 3, 3, 3, 2, 2, 2, 2]);
});

test('the same runs are chosen in whatever order they are listed', async () => {
  const ids = (runs: OpenRun[]) => runs.map(({ runId }) => runId).sort();
  expect(ids(await sample(all.toReversed(), 3))).toEqual(ids(await sample(all, 3)));
});
