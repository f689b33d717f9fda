import { setTimeout as delay } from 'node:timers/promises';
import { type CaseHistory, countEffects, readHistory } from './case-history.ts';
import { type CpuSeconds, cpuBetween, cpuOf } from './cpu.ts';
import type { Door } from './door.ts';
import { percentile } from './numbers.ts';
import type { Stack } from './stack.ts';
import { countingStatements, type Statements } from './statements.ts';
import { type Answered, type Walked, walk } from './walk.ts';

/** What one case costs from call to close. */
export interface Cost {
  walks: number;
  /** Median wall time of a walk whose answers come at once. */
  walkMs: number;
  answered: Answered[];
  /** Of the walk with the median number of events. */
  history: CaseHistory;
  /** Events of the shortest and the longest: a message sent while an answer arrives shares its task, or has one of its own. */
  fewest: number;
  most: number;
  /** Distinct effect keys that left something behind. */
  effects: number;
  /** Mean of a walk. */
  statements: Statements;
  /** Calls of the API, mean of a walk. */
  calls: number;
  /** Mean of a walk, what the processes use when idle included. */
  cpu: CpuSeconds;
}

/** Walks the flow's longest path so many times, one after another, and once before to warm up. */
export async function costOf(stack: Stack, door: Door, flow: string, walks: number): Promise<Cost> {
  const example = await door.exampleOf(flow);
  await walk(door, stack, flow, example);
  const before = door.tally().calls;
  let cpu: CpuSeconds | undefined;
  const [done, counted] = await countingStatements(stack.sql, async () => {
    const all: Walked[] = [];
    cpu = await cpuWhile(stack, walks, async () => {
      while (all.length < walks) all.push(await walk(door, stack, flow, example));
    });
    return all;
  });
  const [last] = done.slice(-1);
  const ordered = await historiesOf(stack, done);
  const history = ordered[Math.floor(ordered.length / 2)];
  if (!last || !history || !cpu) throw new Error('a walk at least must be measured');
  return {
    walks,
    walkMs: percentile(
      done.map(({ ms }) => ms),
      50,
    ),
    answered: last.answered,
    history,
    fewest: ordered[0]?.events.length ?? 0,
    most: ordered.at(-1)?.events.length ?? 0,
    effects: await countEffects(stack.sql, last.caseNumber),
    statements: perWalk(counted, walks),
    calls: (door.tally().calls - before) / walks,
    cpu,
  };
}

/** What the processes use in a second with nothing to do. */
export const idleCpuOf = (stack: Stack): Promise<CpuSeconds> =>
  cpuWhile(stack, 3, () => delay(3_000));

/** Shortest first. */
async function historiesOf({ client }: Stack, walked: Walked[]): Promise<CaseHistory[]> {
  const all = await Promise.all(walked.map(({ caseNumber }) => readHistory(client, caseNumber)));
  return all.sort((a, b) => a.events.length - b.events.length);
}

/** Mean of so many units. */
export async function cpuWhile(
  { pids }: Pick<Stack, 'pids'>,
  units: number,
  work: () => Promise<void>,
): Promise<CpuSeconds> {
  const before = await cpuOf(pids);
  await work();
  return cpuBetween(before, await cpuOf(pids), units);
}

const perWalk = ({ worker, api }: Statements, walks: number): Statements => ({
  worker: worker / walks,
  api: api / walks,
});
