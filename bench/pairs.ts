import { readHistory } from './case-history.ts';
import { cpuWhile } from './cost.ts';
import type { CpuSeconds, Pids } from './cpu.ts';
import { percentile } from './numbers.ts';
import type { Stack } from './stack.ts';

/** One round: what a case cost while so many were walked at once. */
export interface Round {
  /** Median of the cases. */
  events: number;
  /** Mean of the cases; the part of a process that has nothing to do with them is what it uses when idle. */
  cpu: CpuSeconds;
  /** Cases a second, from the first call to the last end. */
  throughput: number;
}

/** Who walks cases, one a call, and in which process they run. */
export interface Walker {
  worker: number;
  /** Gives the workflow's id. */
  walkOne(): Promise<string>;
}

export interface Pair {
  product: Round;
  twin: Round;
}

/** Product to twin. */
export interface Ratios {
  events: number;
  /** Of all processes: engine, worker and, of the product, API. The twin's caller is the bench itself and isn't counted. */
  cpu: number;
  workerCpu: number;
  throughput: number;
}

/** Rounds in pairs, so that both have the same neighbours; who comes first changes. */
export async function walkInPairs(
  stack: Stack,
  walkers: Record<keyof Pair, Walker>,
  { atOnce, cases, rounds }: { atOnce: number; cases: number; rounds: number },
): Promise<Pair[]> {
  const round = (who: keyof Pair) => roundOf(stack, walkers[who], atOnce, cases);
  const pairs: Pair[] = [];
  while (pairs.length < rounds) {
    if (pairs.length % 2 === 0) {
      const product = await round('product');
      pairs.push({ product, twin: await round('twin') });
    } else {
      const twin = await round('twin');
      pairs.push({ product: await round('product'), twin });
    }
  }
  return pairs;
}

async function roundOf(
  stack: Stack,
  { worker, walkOne }: Walker,
  atOnce: number,
  cases: number,
): Promise<Round> {
  const pids: Pids = { ...stack.pids, worker };
  const ids: string[] = [];
  let toWalk = cases;
  const slot = async () => {
    while (toWalk > 0) {
      toWalk -= 1;
      ids.push(await walkOne());
    }
  };
  const began = performance.now();
  let seconds = 0;
  const cpu = await cpuWhile({ pids }, cases, async () => {
    await Promise.all(Array.from({ length: atOnce }, slot));
    seconds = (performance.now() - began) / 1000;
  });
  const histories = await Promise.all(ids.map((id) => readHistory(stack.client, id)));
  return {
    events: percentile(
      histories.map(({ events }) => events.length),
      50,
    ),
    cpu,
    throughput: cases / seconds,
  };
}

/** Median of the pairs' ratios: what disturbs one pair disturbs both of its rounds. NaN where CPU is not told. */
export function ratiosOf(pairs: readonly Pair[]): Ratios {
  const median = (of: (round: Round) => number) =>
    percentile(
      pairs.map(({ product, twin }) => of(product) / of(twin)),
      50,
    );
  return {
    events: median(({ events }) => events),
    cpu: median(({ cpu }) => sum(Object.values(cpu))),
    workerCpu: median(({ cpu }) => cpu.worker ?? Number.NaN),
    throughput: median(({ throughput }) => throughput),
  };
}

const sum = (seconds: (number | null)[]) =>
  seconds.reduce<number>((all, one) => all + (one ?? Number.NaN), 0);

/** The bench's last line, for programs. */
export function lineOf(
  atOnce: number,
  { events, cpu, throughput }: Omit<Ratios, 'workerCpu'>,
): string {
  const text = (ratio: number) => ratio.toFixed(2);
  return `twin at ${atOnce}: events ${text(events)}, cpu ${text(cpu)}, throughput ${text(throughput)}`;
}
