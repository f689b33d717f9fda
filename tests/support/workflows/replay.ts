import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import { checkAll } from '../../../checks/index.ts';
import { flowDefinition } from '../../../domain/catalogue.ts';
import { transitionsOf } from '../../../domain/chart.ts';
import type { World } from '../world.ts';

export type History = temporal.api.history.v1.IHistory;

/** The history of the latest run of a workflow, as an export would give it. */
export async function historyOf(world: World, workflowId: string): Promise<History> {
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  return historyFromJSON(JSON.parse(historyToJSON(history)));
}

export interface Told {
  workflowId: string;
  history: History;
}

/** Runs histories on the build; the workflows and errors of those in which the build would have done something else (I16). */
export async function brokenReplays(
  histories: Iterable<Told> | AsyncIterable<Told>,
  workflowBundle: { code: string } | { codePath: string } = { codePath: inject('workflowBundle') },
): Promise<string[]> {
  const broken: string[] = [];
  const replays = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId, error } of replays)
    if (error) broken.push(`${workflowId}: ${error}`);
  return broken;
}

/** Every case and every loan of a world as they stand: ended or not, each history must lead where it led. */
async function* historiesOf(world: World): AsyncIterable<Told> {
  const known = await world.sql<{ id: string }[]>`select workflow_id as id from case_workflows`;
  for (const { id } of known) yield { workflowId: id, history: await historyOf(world, id) };
}

/** Stages that followed one another in a case and that the flow's chart has no arrow for. */
async function undrawnWays(world: World): Promise<string[]> {
  const ways = await world.sql<{ flow: string; from: string; to: string }[]>`
    select distinct flow, "from", "to" from (
      select flow, e.subject as "to",
        lag(e.subject) over (partition by e.case_number, e.cycle order by e.seq) as "from"
      from case_events e join cases using (case_number)
      where e.kind = 'stageEntered' and e.workflow_id = e.case_number
    ) as walked where "from" is not null`;
  return ways
    .filter(({ flow, from, to }) => {
      const shape = flowDefinition(flow);
      return from !== to && !(shape && transitionsOf(shape)[from]?.includes(to));
    })
    .map(({ flow, from, to }) => `${flow}: ${from} to ${to}`);
}

/** What must be true of a world whatever was done in it: no invariant broken, and every history replays. */
export async function allIsWell(world: World): Promise<void> {
  expect(await checkAll(world.sql)).toEqual([]);
  expect(await undrawnWays(world)).toEqual([]);
  expect(await brokenReplays(historiesOf(world))).toEqual([]);
}
