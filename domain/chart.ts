import type { Flow, Stage } from './flows/define.ts';

/** The stages that may follow each stage, by name; the last one leads nowhere. */
export function transitionsOf({ stages }: Flow): Record<string, readonly string[]> {
  const next = (stage: Stage, index: number) =>
    stage.leadsTo ?? stages.slice(index + 1, index + 2).map(({ name }) => name);
  return Object.fromEntries(stages.map((stage, index) => [stage.name, next(stage, index)]));
}

/** A Mermaid flowchart of a flow's stages, made of the list that the flow itself is written in. */
export function chartOf(flow: Flow): string {
  const boxes = flow.stages.map(({ name, title }) => `  ${name}["${title.en}<br/>${title.zh}"]`);
  const arrows = Object.entries(transitionsOf(flow)).flatMap(([from, to]) =>
    to.map((name) => `  ${from} --> ${name}`),
  );
  return ['flowchart TD', ...boxes, ...arrows].join('\n');
}
