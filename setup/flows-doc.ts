/** Writes `docs/flows.md`: every flow as it is defined, with what its folder says of it. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { flows, taskDefinition } from '../domain/catalogue.ts';
import { chartOf, transitionsOf } from '../domain/chart.ts';
import * as children from '../domain/flows/children.ts';
import type { Flow, Stage, Title } from '../domain/flows/define.ts';

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

if (import.meta.main) {
  await writeFile(new URL('../docs/flows.md', import.meta.url), flowsText());
}
