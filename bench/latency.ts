import { waitUntil } from '../setup/processes.ts';
import { startBare } from './bare.ts';
import type { Body, Door } from './door.ts';
import { percentile, type Spread, spreadOf } from './numbers.ts';
import type { Stack } from './stack.ts';

/** Opening cases beside starting empty workflows, so many at once. */
export interface Latency {
  atOnce: number;
  /** Calls of each. */
  samples: number;
  /** Milliseconds until a case is open and durable, over HTTP. */
  open: Spread;
  /** Milliseconds until an empty workflow is durable, by the SDK alone. */
  bare: Spread;
  /** Of the medians. */
  ratio: number;
}

/** Opens one case of its own kind: an asset that has no open case yet. */
export type OpenOne = () => Promise<string>;

/** Gives the flow's first example with one machine after another, each a copy of the example's. */
export async function machinesFor(
  { sql }: Stack,
  door: Door,
  flow: string,
  count: number,
): Promise<OpenOne> {
  const example = await door.exampleOf(flow);
  const serials = Array.from({ length: count }, (_, index) => `BENCH-${index + 1}`);
  await sql`
    insert into assets (serial_number, product_model, customer_number, territory, installed_on, purchased_on, manufactured_on)
    select unnest(${serials}::text[]), product_model, customer_number, territory, installed_on, purchased_on, manufactured_on
    from assets where serial_number = ${String(example.serialNumber)}`;
  return async () => {
    const body: Body = { ...example, serialNumber: serials.pop() };
    return (await door.open(flow, body)).caseNumber;
  };
}

/** Rounds of both kinds by turns, each first every other time; no round begins before the last one's work has come to rest. */
export async function compare(
  stack: Stack,
  openOne: OpenOne,
  { atOnce, rounds }: { atOnce: number; rounds: number },
): Promise<Latency> {
  const taken: Record<'open' | 'bare', number[]> = { open: [], bare: [] };
  const kinds = {
    open: async () => quiet(stack, await timed(taken.open, atOnce, openOne)),
    bare: async () => ended(stack, await timed(taken.bare, atOnce, () => startBare(stack))),
  };
  for (let round = 0; round < rounds; round += 1) {
    const turn = [kinds.open, kinds.bare];
    for (const kind of round % 2 === 0 ? turn : turn.reverse()) await kind();
  }
  const ratio = percentile(taken.open, 50) / percentile(taken.bare, 50);
  return {
    atOnce,
    samples: taken.open.length,
    open: spreadOf(taken.open),
    bare: spreadOf(taken.bare),
    ratio,
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

async function ended({ client }: Stack, ids: string[]): Promise<void> {
  await Promise.all(ids.map((id) => client.workflow.getHandle(id).result()));
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
