/** `npm run bench [-- --json]`: what a case costs, and how long opening one takes beside the bare engine. Starts a product of its own,
 *  prints one table, and takes everything down again, on Ctrl-C too. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { runMain } from '../config/run.ts';
import { startBareWorker } from './bare.ts';
import { costOf, idleCpuOf } from './cost.ts';
import { createDoor } from './door.ts';
import { compare, machinesFor } from './latency.ts';
import { describeMachine, minuteLoad } from './machine.ts';
import { bringUpStack, type Stack, type Undo } from './stack.ts';
import { type Report, tableOf } from './table.ts';

/** Whose opening is timed beside the bare engine: the request has the most to look up. */
const opened = 'inWarrantyRepair';
const walks = 3;
const warmUp = { atOnce: 20, rounds: 2 };
const measured = [
  { atOnce: 1, rounds: 120 },
  { atOnce: 20, rounds: 15 },
];

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new Error('Stopped.')));

await runMain(async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const undo: Undo = [];
  try {
    const stack = await bringUpStack(undo, stopping.signal);
    stopping.signal.throwIfAborted();
    const report = await Promise.race([measure(stack, undo), stopped()]);
    process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : tableOf(report)}\n`);
  } finally {
    await takeDown(undo);
  }
});
process.exit();

async function measure(stack: Stack, undo: Undo): Promise<Report> {
  await startBareWorker(stack, undo);
  const machine = await describeMachine(stack, new Date().toISOString());
  const door = createDoor(stack.base);
  const costs = [];
  for (const flow of await door.flows()) {
    process.stderr.write(`Walking ${flow} ${walks + 1} times\n`);
    costs.push({ flow, cost: await costOf(stack, door, flow, walks) });
  }
  const idleCpu = await idleCpuOf(stack);
  const cases = [warmUp, ...measured].reduce((sum, one) => sum + one.atOnce * one.rounds, 0);
  const openOne = await machinesFor(stack, door, opened, cases);
  const latencies = [];
  for (const plan of [warmUp, ...measured]) {
    process.stderr.write(`Opening ${plan.atOnce} at once, ${plan.rounds} times\n`);
    latencies.push(await compare(stack, openOne, plan));
  }
  machine.load.push(minuteLoad());
  return {
    machine,
    costs,
    idleCpu,
    opened,
    latencies: latencies.slice(1),
    repeated: door.repeated(),
  };
}

async function stopped(): Promise<never> {
  await once(stopping.signal, 'abort');
  throw stopping.signal.reason;
}

async function takeDown(undo: Undo): Promise<void> {
  for (const down of undo.reverse())
    await down().catch((error: Error) => process.stderr.write(`${error.message}\n`));
}
