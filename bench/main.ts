/** `npm run bench [-- --json]`: what a case costs, beside what it would cost on the bare SDK, and how long opening one takes. Starts a
 *  product of its own, prints one table, and takes everything down again, on Ctrl-C too. Its last line is for programs: product to twin. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { runMain } from '../config/run.ts';
import { readHistory } from './case-history.ts';
import { type Cost, costOf, idleCpuOf } from './cost.ts';
import { createDoor, type Door } from './door.ts';
import { drift } from './drift.ts';
import { compare } from './latency.ts';
import { describeMachine, minuteLoad } from './machine.ts';
import { buyMachines, type NextBody } from './machines.ts';
import { walkInPairs } from './pairs.ts';
import { bringUpStack, type Stack, type Undo } from './stack.ts';
import { type Beside, type Report, tableOf } from './table.ts';
import { startTwin, type Twin } from './twin.ts';
import { walk } from './walk.ts';

/** The flow that has a twin; its request also has the most to look up. */
const twinned = 'inWarrantyRepair';
const walks = 3;
const openings = [
  { atOnce: 20, rounds: 2 }, // to warm up
  { atOnce: 1, rounds: 60 },
  { atOnce: 20, rounds: 10 },
];
const besides = [
  { atOnce: 20, cases: 20, rounds: 1 }, // to warm up
  { atOnce: 1, cases: 4, rounds: 3 },
  { atOnce: 20, cases: 40, rounds: 3 },
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
  const machine = await describeMachine(stack, new Date().toISOString());
  const door = createDoor(stack.base);
  const costs = [];
  for (const flow of await door.flows()) {
    say(`Walking ${flow} ${walks + 1} times`);
    costs.push({ flow, cost: await costOf(stack, door, flow, walks) });
  }
  const idleCpu = await idleCpuOf(stack);
  const cost = costs.find(({ flow }) => flow === twinned)?.cost;
  if (!cost) throw new Error(`nobody opens ${twinned}`);
  const twin = await startTwin(stack, await door.exampleOf(twinned), undo);
  await requireTwin(stack, twin, cost);
  const nextBody = await buyMachines(stack, door, twinned, casesToOpen());
  const beside = await walkBeside(stack, door, twin, cost, nextBody);
  const latencies = [];
  const openOne = async () => (await door.open(twinned, nextBody())).caseNumber;
  for (const plan of openings) {
    say(`Opening ${plan.atOnce} at once, ${plan.rounds} times`);
    latencies.push(await compare(stack, twin, openOne, plan));
  }
  machine.load.push(minuteLoad());
  const { repeated } = door.tally();
  return { machine, costs, idleCpu, twinned, latencies: latencies.slice(1), beside, repeated };
}

function casesToOpen(): number {
  const opened = openings.map(({ atOnce, rounds }) => atOnce * rounds);
  const walked = besides.map(({ cases, rounds }) => cases * rounds);
  return [...opened, ...walked].reduce((sum, cases) => sum + cases, 0);
}

/** Fails when the flow has changed and its twin has not. */
async function requireTwin(
  { client }: Stack,
  twin: Twin,
  { answered, history }: Cost,
): Promise<void> {
  const found = drift(history, await readHistory(client, await twin.walk(answered)));
  if (found.length > 0) throw new Error(`The twin is none any more: ${found.join('; ')}`);
}

async function walkBeside(
  stack: Stack,
  door: Door,
  twin: Twin,
  { answered }: Cost,
  nextBody: NextBody,
): Promise<Beside[]> {
  const walkers = {
    product: {
      worker: stack.pids.worker,
      walkOne: async () => (await walk(door, stack, twinned, nextBody())).caseNumber,
    },
    twin: { worker: twin.pid, walkOne: () => twin.walk(answered) },
  };
  const beside: Beside[] = [];
  for (const plan of besides) {
    say(`Walking ${plan.rounds} × ${plan.cases} cases and twins, ${plan.atOnce} at once`);
    const before = door.tally().repeated;
    const pairs = await walkInPairs(stack, walkers, plan);
    beside.push({ ...plan, repeated: door.tally().repeated - before, pairs });
  }
  return beside.slice(1);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function stopped(): Promise<never> {
  await once(stopping.signal, 'abort');
  throw stopping.signal.reason;
}

async function takeDown(undo: Undo): Promise<void> {
  for (const down of undo.reverse())
    await down().catch((error: Error) => process.stderr.write(`${error.message}\n`));
}
