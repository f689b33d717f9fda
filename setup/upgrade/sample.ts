import { createHash } from 'node:crypto';
import type { OpenRun } from './runs.ts';

const dayMs = 86_400_000;
const bands = [
  { name: 'day', underMs: dayMs },
  { name: 'week', underMs: 7 * dayMs },
  { name: 'month', underMs: 30 * dayMs },
  { name: 'older', underMs: Number.POSITIVE_INFINITY },
];

/** Up to `size` runs of each flow and age (under a day, a week, 30 days, older). The same runs are chosen each time, so that a
 *  check can go on where it stopped; no more than the chosen ones are kept in memory. */
export async function sampleRuns(
  runs: AsyncIterable<OpenRun>,
  size: number,
  now: Date,
): Promise<OpenRun[]> {
  const groups = new Map<string, Ranked[]>();
  for await (const run of runs) {
    const name = `${run.flow}/${bandOf(run, now)}`;
    const ranked = [...(groups.get(name) ?? []), { run, rank: rankOf(run) }];
    groups.set(name, ranked.sort((a, b) => a.rank.localeCompare(b.rank)).slice(0, size));
  }
  return [...groups.values()].flat().map(({ run }) => run);
}

interface Ranked {
  run: OpenRun;
  rank: string;
}

function bandOf({ startedAt }: OpenRun, now: Date): string {
  const ageMs = now.getTime() - startedAt.getTime();
  return bands.find(({ underMs }) => ageMs < underMs)?.name ?? 'older';
}

/** A fixed order that has nothing to do with age or number. */
const rankOf = ({ runId }: OpenRun) => createHash('sha256').update(runId).digest('hex');
