import type { Cost } from './cost.ts';
import type { CpuSeconds } from './cpu.ts';
import { type Cause, causes, countBy, eventBudget, type Kind, kinds } from './history.ts';
import type { Latency } from './latency.ts';
import type { Machine } from './machine.ts';
import { percentile } from './numbers.ts';
import { lineOf, type Pair, type Round, ratiosOf } from './pairs.ts';

/** Everything that was measured. */
export interface Report {
  machine: Machine;
  /** One for each flow that the door opens. */
  costs: { flow: string; cost: Cost }[];
  /** Per second with nothing to do. */
  idleCpu: CpuSeconds;
  /** The flow that was walked, and opened, beside its twin. */
  twinned: string;
  latencies: Latency[];
  /** Cases of that flow beside its twin. */
  beside: Beside[];
  /** Calls that were answered 503 and made again. */
  repeated: number;
}

/** Pairs of rounds, walked so many at once. */
export interface Beside {
  atOnce: number;
  cases: number;
  /** Calls that were answered 503 and made again in all of its rounds. */
  repeated: number;
  pairs: Pair[];
}

/** A measure, a value for each flow or one for all, and what it should be. */
type Row = [name: string, values: string[], aim?: string];
const single = (name: string, value: string, aim?: string): Row => [
  name,
  [value],
  ...(aim ? ([aim] as [string]) : ([] as [])),
];
const blank: Row = ['', []];

/** One table for people, a column for each flow, and at its end one line for programs. */
export function tableOf(report: Report): string {
  const { machine, costs, idleCpu, twinned, latencies, beside, repeated } = report;
  const wide: Row[] = [
    ...machineRows(machine),
    single('CPU seconds an idle second', cpuText(idleCpu)),
    blank,
    ...latencies.flatMap((one) => latencyRows(twinned, one)),
    ...beside.flatMap((one) => besideRows(twinned, one)),
    single('calls repeated after a 503, in all', String(repeated)),
    blank,
  ];
  const perFlow: Row[] = [
    ['longest path', costs.map(({ flow }) => flow)],
    ...measures.map(
      ([name, of, aim]): Row => [
        name,
        costs.map(({ cost }) => of(cost)),
        ...(aim ? ([aim] as [string]) : ([] as [])),
      ],
    ),
  ];
  return [
    ...wide.map((row) => line(row, 52)),
    ...perFlow.map((row) => line(row, 21)),
    '',
    ...beside.slice(-1).map(({ atOnce, pairs }) => lineOf(atOnce, ratiosOf(pairs))),
  ].join('\n');
}

const line = ([name, values, aim = '']: Row, width: number) =>
  `${name.padEnd(34)} ${values.map((value) => value.padEnd(width)).join(' ')} ${aim}`.trimEnd();

const machineRows = (machine: Machine): Row[] => [
  single('measured', `${machine.at}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB`),
  single('', `${machine.system}, Node ${machine.node}`),
  single('', `Temporal ${machine.temporalServer}, PostgreSQL ${machine.postgres}`),
  single('load at the start, at the end', machine.load.map((load) => load.toFixed(1)).join(', ')),
];

const ofType = ({ history }: Cost, type: string) =>
  String(history.events.filter((event) => event.type === type).length);
const ofKind = ({ history }: Cost, kind: Kind) =>
  String(countBy(kinds, history.events, (event) => event.kind)[kind]);
const ofCause = ({ history }: Cost, cause: Cause) =>
  countBy(causes, history.events, (event) => event.cause)[cause];

const measures: [name: string, of: (cost: Cost) => string, aim?: string][] = [
  ['ms from call to close, median', ({ walkMs }) => String(Math.round(walkMs))],
  ['answered tasks', ({ answered }) => String(answered.length)],
  ['business effects', ({ effects }) => String(effects)],
  [
    'history events (least to most)',
    ({ history, fewest, most }) => `${history.events.length} (${fewest} to ${most})`,
  ],
  ['workflows', ({ history }) => String(history.workflows.length)],
  ['history bytes', ({ history }) => String(history.bytes)],
  ['workflow tasks', (cost) => ofType(cost, 'WORKFLOW_TASK_COMPLETED')],
  ['activities', (cost) => ofType(cost, 'ACTIVITY_TASK_SCHEDULED')],
  ['local activities', (cost) => ofType(cost, 'MARKER_RECORDED')],
  ['SQL statements, worker', ({ statements }) => round(statements.worker)],
  ['SQL statements, API', ({ statements }) => round(statements.api)],
  ['calls of the API', ({ calls }) => round(calls)],
  [
    'SQL statements a call of the API',
    ({ statements, calls }) => round(statements.api / calls),
    'aim ≤ 5',
  ],
  ['CPU seconds, engine', ({ cpu }) => seconds(cpu.engine)],
  ['CPU seconds, worker', ({ cpu }) => seconds(cpu.worker)],
  ['', () => ''],
  ...kinds.map((kind): [string, (cost: Cost) => string] => [
    `  events of ${kind}`,
    (cost) => ofKind(cost, kind),
  ]),
  ...causes.map((cause): [string, (cost: Cost) => string] => [
    `  events by ${cause}`,
    (cost) => String(ofCause(cost, cause)),
  ]),
  ['', () => ''],
  [
    'events an answered task',
    (cost) => (ofCause(cost, 'answers') / cost.answered.length).toFixed(1),
    'aim ≤ 8',
  ],
  [
    'events a business effect',
    (cost) => (ofCause(cost, 'effects') / cost.effects).toFixed(1),
    'aim ≤ 6',
  ],
  [
    'share of 8 × answers + 6 × effects',
    ({ history, answered, effects }) =>
      (history.events.length / eventBudget(answered.length, effects)).toFixed(2),
    'aim ≤ 1',
  ],
];

const round = (value: number) => String(Math.round(value * 10) / 10);
const seconds = (used: number | null | undefined) => (used == null ? 'n/a' : used.toFixed(2));
const cpuText = (cpu: CpuSeconds) =>
  Object.entries(cpu)
    .map(([name, used]) => `${name} ${seconds(used)}`)
    .join(', ');

function latencyRows(flow: string, latency: Latency): Row[] {
  const { atOnce, samples, open, twin, start, ratio, ratioToStart } = latency;
  const text = ({ p50, p99 }: Latency['open']) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return [
    single(`open to first task, ${atOnce} at once`, `${text(open)} (${samples} cases of ${flow})`),
    single('  bare SDK to first task', text(twin)),
    single('  ratio at the median', ratio.toFixed(2), 'aim ≤ 2.5'),
    single('  bare SDK, started only', text(start)),
    single('  ratio at the median', ratioToStart.toFixed(2)),
    blank,
  ];
}

function besideRows(flow: string, { atOnce, cases, repeated, pairs }: Beside): Row[] {
  const { events, cpu, workerCpu, throughput } = ratiosOf(pairs);
  const row = (name: string, digits: number, of: (round: Round) => number | null) =>
    single(`  ${name}`, bothText(pairs, digits, of));
  return [
    single(`${flow} : twin, ${atOnce} at once`, `${pairs.length} pairs of ${cases} cases`),
    row('history events a case', 0, (round) => round.events),
    row('CPU seconds, worker', 3, (round) => round.cpu.worker),
    row('CPU seconds, engine', 3, (round) => round.cpu.engine),
    row('CPU seconds, API', 3, (round) => round.cpu.api),
    row('cases a second', 2, (round) => round.throughput),
    single('  ratio of events', events.toFixed(2), 'aim ≤ 1.25'),
    single('  ratio of CPU, all', cpu.toFixed(2), 'aim ≤ 1.5'),
    single('  ratio of worker CPU', workerCpu.toFixed(2)),
    single('  ratio of cases a second', throughput.toFixed(2), atOnce > 1 ? 'aim ≥ 0.6' : ''),
    single('  calls repeated after a 503', String(repeated), 'aim 0'),
    blank,
  ];
}

/** Medians of the rounds. */
function bothText(pairs: Pair[], digits: number, of: (round: Round) => number | null): string {
  const medians = (['product', 'twin'] as const).map((who) =>
    percentile(
      pairs.map((pair) => of(pair[who]) ?? Number.NaN),
      50,
    ),
  );
  return medians.map((one) => (Number.isNaN(one) ? 'n/a' : one.toFixed(digits))).join(' : ');
}
