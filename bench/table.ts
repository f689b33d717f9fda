import type { Cost } from './cost.ts';
import type { CpuSeconds } from './cpu.ts';
import { type Cause, causes, countBy, eventBudget, type Kind, kinds } from './history.ts';
import type { Latency } from './latency.ts';
import type { Machine } from './machine.ts';

/** Everything that was measured. */
export interface Report {
  machine: Machine;
  /** One for each flow that the door opens. */
  costs: { flow: string; cost: Cost }[];
  /** Per second with nothing to do. */
  idleCpu: CpuSeconds;
  /** The flow whose opening was timed. */
  opened: string;
  latencies: Latency[];
  /** Calls that were answered 503 and made again. */
  repeated: number;
}

/** A measure, a value for each flow or one for all, and what it should be. */
type Row = [name: string, values: string[], aim?: string];
const single = (name: string, value: string, aim?: string): Row => [
  name,
  [value],
  ...(aim ? ([aim] as [string]) : ([] as [])),
];
const blank: Row = ['', []];

/** One table for people: a column for each flow. */
export function tableOf(report: Report): string {
  const { machine, costs, idleCpu, opened, latencies, repeated } = report;
  const wide: Row[] = [
    ...machineRows(machine),
    single('CPU seconds an idle second', cpuText(idleCpu)),
    blank,
    ...latencies.flatMap((one) => latencyRows(opened, one)),
    single('calls repeated after a 503', String(repeated)),
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
  return [...wide.map((row) => line(row, 52)), ...perFlow.map((row) => line(row, 21))].join('\n');
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

function latencyRows(flow: string, { atOnce, samples, open, bare, ratio }: Latency): Row[] {
  const text = ({ p50, p99 }: Latency['open']) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return [
    single(`open to durable, ${atOnce} at once`, `${text(open)} (${samples} cases of ${flow})`),
    single('  bare SDK, empty workflow', text(bare)),
    single('  ratio at the median', ratio.toFixed(2), 'aim ≤ 2.5'),
  ];
}
