import { waitUntil } from '../setup/processes.ts';
import { percentile, type Spread, spreadOf } from './numbers.ts';
import type { Stack } from './stack.ts';
import type { Twin } from './twin.ts';

/** Opening cases beside opening the twin's, so many at once. */
export interface Latency {
  atOnce: number;
  /** Calls of each. */
  samples: number;
  /** Milliseconds until a case is durable and its first task stands open, over HTTP. */
  open: Spread;
  /** The same of the twin, by the SDK alone. */
  twin: Spread;
  /** Milliseconds until the twin is durable, whatever it does then. */
  start: Spread;
  /** Medians, opening to the twin's opening. */
  ratio: number;
  /** Medians, opening to the twin's start. */
  ratioToStart: number;
}

/** Rounds of each kind by turns, first and last every other time; no round begins before the last one's work has come to rest. */
export async function compare(
  stack: Stack,
  twin: Twin,
  openOne: () => Promise<string>,
  { atOnce, rounds }: { atOnce: number; rounds: number },
): Promise<Latency> {
  const taken: Record<'open' | 'twin' | 'start', number[]> = { open: [], twin: [], start: [] };
  const turn = [
    async () => quiet(stack, await timed(taken.open, atOnce, openOne)),
    async () => twin.end(await timed(taken.twin, atOnce, twin.open)),
    async () => twin.end(await timed(taken.start, atOnce, twin.start)),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of turn) await kind();
    turn.reverse();
  }
  const median = (kind: keyof typeof taken) => percentile(taken[kind], 50);
  return {
    atOnce,
    samples: taken.open.length,
    open: spreadOf(taken.open),
    twin: spreadOf(taken.twin),
    start: spreadOf(taken.start),
    ratio: median('open') / median('twin'),
    ratioToStart: median('open') / median('start'),
  };
}

function timed(taken: number[], atOnce: number, call: () => Promise<string>): Promise<string[]> {
  const one = async () => {
    const began = performance.now();
    const id = await call();
    taken.push(performance.now() - began);
    return id;
  };
  return Promise.all(Array.from({ length: atOnce }, one));
}

/** A new case is at rest once its first steps are behind it and it waits for a person. */
async function quiet(stack: Stack, caseNumbers: string[]): Promise<void> {
  for (const caseNumber of caseNumbers) {
    if (await waitUntil(() => isAtRest(stack, caseNumber), 60_000, 20)) continue;
    throw new Error(`${caseNumber} does not come to rest`);
  }
}

async function isAtRest({ client, sql }: Stack, caseNumber: string): Promise<boolean> {
  const [waits] =
    await sql`select from tasks where case_number = ${caseNumber} and closed_at is null`;
  if (!waits) return false;
  const { raw } = await client.workflow.getHandle(caseNumber).describe();
  return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask;
}
