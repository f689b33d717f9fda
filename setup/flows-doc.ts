/** Writes `docs/flows.md`, every flow as it is defined with what its folder says of it, and the chart in the README. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { flows, taskDefinition } from '../domain/catalogue.ts';
import { chartOf, transitionsOf } from '../domain/chart.ts';
import * as children from '../domain/flows/children.ts';
import type { Flow, Stage, Title } from '../domain/flows/define.ts';
import { inWarrantyRepairFlow } from '../domain/flows/in-warranty-repair/flow.ts';

const coded = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ') || '–';
const named = ({ en, zh }: Title) => `${en}, ${zh}`;

/** The folder of a flow: `in-warranty-repair`. */
const folderOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function aboutOf({ name }: Flow): string[] {
  const place = new URL(`../domain/flows/${folderOf(name)}/about.md`, import.meta.url);
  return existsSync(place) ? [readFileSync(place, 'utf8').trim(), ''] : [];
}

const askedIn = ({ tasks }: Stage) =>
  tasks.map((name) => `\`${name}\` (${taskDefinition(name)?.role})`).join(', ') || '–';

function sectionOf(flow: Flow): string[] {
  const ways = transitionsOf(flow);
  return [
    `## \`${flow.name}\`: ${named(flow.title)}`,
    '',
    ...aboutOf(flow),
    `Ends as ${coded(flow.outcomes)}.`,
    '',
    '| stage | | asks | then |',
    '| --- | --- | --- | --- |',
    ...flow.stages.map(
      (stage) =>
        `| \`${stage.name}\` | ${named(stage.title)} | ${askedIn(stage)} | ${coded(ways[stage.name] ?? [])} |`,
    ),
    '',
    '```mermaid',
    chartOf(flow),
    '```',
    '',
  ];
}

/** The whole document. */
export const flowsText = (): string =>
  [
    '# The flows',
    '',
    '<!-- Made by `npm run docs:flows` from domain/flows/. Edit the flows, not this file. -->',
    '',
    'Every case may also end as `canceled`, `rejected` or `closedBySupervisor`. In any stage a supervisor may be asked `resolveFailure`.',
    '',
    ...flows.flatMap(sectionOf),
    '# What a case opens',
    '',
    'Workflows whose life differs from the case’s. Their tasks stand among those of the case.',
    '',
    ...Object.values(children).flatMap(sectionOf),
  ].join('\n');

/** A chart of keys only, a line a stage, drawn close together. */
function smallChartOf(flow: Flow): string {
  const ways = Object.entries(transitionsOf(flow)).filter(([, to]) => to.length > 0);
  return [
    '---',
    'config: { flowchart: { rankSpacing: 16, nodeSpacing: 16, padding: 6 } }',
    '---',
    'flowchart TD',
    ...ways.map(([from, to]) => `  ${from} --> ${to.join(' & ')}`),
  ].join('\n');
}

/** The README with the chart of in-warranty repair as the flow is today. */
export const withChart = (readme: string): string =>
  readme.replace(/(?<=```mermaid\n)[^`]*(?=\n```)/, () => smallChartOf(inWarrantyRepairFlow));

if (import.meta.main) {
  const readme = new URL('../README.md', import.meta.url);
  await writeFile(new URL('../docs/flows.md', import.meta.url), flowsText());
  await writeFile(readme, withChart(readFileSync(readme, 'utf8')));
}
