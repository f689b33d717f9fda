import type { Cost } from './cost.ts';
import type { CpuSeconds } from './cpu.ts';
import { causes, countBy, eventBudget, kinds } from './history.ts';
import type { Latency } from './latency.ts';
import type { Machine } from './machine.ts';
import { total } from './numbers.ts';

/** Everything that was measured. */
export interface Report {
  flow: string;
  machine: Machine;
  cost: Cost;
  latencies: Latency[];
  /** Calls that were answered 503 and made again. */
  repeated: number;
}

type Row = [name: string, value: string, aim?: string];

/** One table for people. */
export function tableOf(report: Report): string {
  const rows: Row[] = [
    ...machineRows(report.machine),
    ['', ''],
    ...costRows(report.flow, report.cost),
    ['', ''],
    ...eventRows(report.cost),
    ['', ''],
    ...report.latencies.flatMap(latencyRows),
    ['calls repeated after a 503', String(report.repeated)],
  ];
  const lines = rows.map(
    ([name, value, aim = '']) => `${name.padEnd(34)} ${value.padEnd(52)} ${aim}`,
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}

const machineRows = (machine: Machine): Row[] => [
  ['measured', `${machine.at}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB`],
  ['', `${machine.system}, Node ${machine.node}`],
  ['', `Temporal ${machine.temporalServer}, PostgreSQL ${machine.postgres}`],
  ['load at the start, at the end', machine.load.map((load) => load.toFixed(1)).join(', ')],
];

function costRows(flow: string, cost: Cost): Row[] {
  const { history, statements } = cost;
  const count = (type: string) => history.events.filter((event) => event.type === type).length;
  const all = total(Object.values(statements), (one) => one);
  return [
    [
      `${flow}, longest path`,
      `${Math.round(cost.walkMs)} ms from call to close, ${cost.walks} walks`,
    ],
    ['answered tasks', `${cost.answered.length}`],
    ['business effects', `${cost.effects} keys that left something behind`],
    [
      'history events',
      `${history.events.length} (${cost.fewest} to ${cost.most}) in ${history.workflows.length} workflows`,
    ],
    ['history bytes', `${history.bytes}`],
    ['workflow tasks', `${count('WORKFLOW_TASK_COMPLETED')}`],
    ['activities', `${count('ACTIVITY_TASK_SCHEDULED')} and ${count('MARKER_RECORDED')} local`],
    ['SQL statements', `${round(all)}: ${named(statements)}`],
    ['CPU seconds a case', cpuText(cost.cpu)],
    ['CPU seconds an idle second', cpuText(cost.idleCpu)],
  ];
}

const round = (value: number) => String(Math.round(value * 10) / 10);
const named = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${round(count)}`)
    .join(', ');
const cpuText = (cpu: CpuSeconds) =>
  Object.entries(cpu)
    .map(([name, used]) => `${name} ${used === null ? 'n/a' : used.toFixed(2)}`)
    .join(', ');

function eventRows({ history: { events }, answered, effects }: Cost): Row[] {
  const byKind = countBy(kinds, events, (event) => event.kind);
  const byCause = countBy(causes, events, (event) => event.cause);
  const budget = eventBudget(answered.length, effects);
  const share = `${events.length} of ${budget} (${(events.length / budget).toFixed(2)})`;
  return [
    ...counted('of them', byKind),
    ['', ''],
    ...counted('caused by', byCause),
    ['', ''],
    ['caused by answers, each', (byCause.answers / answered.length).toFixed(1), 'aim ≤ 8'],
    ['caused by effects, each', (byCause.effects / effects).toFixed(1), 'aim ≤ 6'],
    ['of 8 × answers + 6 × effects', share, 'aim ≤ 1'],
    ['all events, an answered task', (events.length / answered.length).toFixed(1)],
    ['all events, a business effect', (events.length / effects).toFixed(1)],
  ];
}

const counted = (title: string, counts: Record<string, number>): Row[] =>
  Object.entries(counts).map(([name, count]) => [`  ${title} ${name}`, String(count)]);

function latencyRows({ atOnce, samples, open, bare, ratio }: Latency): Row[] {
  const text = ({ p50, p99 }: Latency['open']) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return [
    [`open to durable, ${atOnce} at once`, `${text(open)} (${samples} cases)`],
    ['  bare SDK, empty workflow', text(bare)],
    ['  ratio at the median', ratio.toFixed(2), 'aim ≤ 2.5'],
  ];
}
