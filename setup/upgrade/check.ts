import { type ReplayDeps, replayRuns, type Verdict } from './replay.ts';
import { countOpenRuns, listOpenRuns, type OpenRun, type Wanted } from './runs.ts';
import { sampleRuns } from './sample.ts';

/** How many runs got which verdict. */
export type ReplayTally = Record<Verdict['kind'], number>;

/** What is to be replayed, and who hears of it. */
export interface Check extends Omit<ReplayDeps, 'tell'> {
  wanted: Wanted;
  /** Runs of each flow and age; all when undefined. */
  sample?: number | undefined;
  /** Hears how far it has come, about every two seconds. */
  progress?(line: string): void;
  /** Hears of each run that doesn't replay. */
  broken(run: OpenRun, reason: string): void;
}

const everyMs = 2000;

/** Replays open runs on a build, all or a sample. Fails when the engine can't be asked. */
export async function checkUpgrade(check: Check): Promise<ReplayTally> {
  const tally: ReplayTally = { replayed: 0, unchanged: 0, closed: 0, broken: 0 };
  const { total, runs } = await choose(check);
  let last = Date.now();
  const tell = (run: OpenRun, verdict: Verdict) => {
    tally[verdict.kind] += 1;
    if (verdict.kind === 'broken') check.broken(run, verdict.reason);
    if (Date.now() - last < everyMs) return;
    last = Date.now();
    check.progress?.(`${sumOf(tally)} of ${total}: ${summaryOf(tally)}`);
  };
  await replayRuns(runs, { ...check, tell });
  return tally;
}

/** A tally in words. */
export function summaryOf({ replayed, unchanged, closed, broken }: ReplayTally): string {
  const skipped = unchanged > 0 ? [`${unchanged} replayed earlier and have not moved`] : [];
  const ended = closed > 0 ? [`${closed} closed meanwhile`] : [];
  return [`${replayed} replayed`, ...skipped, ...ended, `${broken} do not replay`].join(', ');
}

const sumOf = (tally: ReplayTally) => Object.values(tally).reduce((sum, count) => sum + count, 0);

async function choose({ client, wanted, sample }: Check) {
  if (sample === undefined)
    return { total: await countOpenRuns(client, wanted), runs: listOpenRuns(client, wanted) };
  const chosen = await sampleRuns(listOpenRuns(client, wanted), sample, new Date());
  return { total: chosen.length, runs: each(chosen) };
}

async function* each(runs: OpenRun[]): AsyncGenerator<OpenRun> {
  yield* runs;
}
