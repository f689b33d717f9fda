import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import { checkAll } from '../../db/checkers.ts';
import type { World } from '../support/world.ts';

export type History = temporal.api.history.v1.IHistory;

/** The history of the latest run of a workflow, as an export would give it. */
export async function historyOf(world: World, workflowId: string): Promise<History> {
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  return historyFromJSON(JSON.parse(historyToJSON(history)));
}

/** Runs a history on the build; fails when the build would have done something else (I16). */
export const replayHistory = (
  history: History,
  workflowId: string,
  codePath = inject('workflowBundle'),
): Promise<void> => Worker.runReplayHistory({ workflowBundle: { codePath } }, history, workflowId);

/** Replays every case and every loan of a world as they stand: ended or not, each history must lead where it led. */
async function replayAll(world: World): Promise<void> {
  const known = await world.sql<{ id: string }[]>`select workflow_id as id from case_workflows`;
  async function* histories() {
    for (const { id } of known) yield { workflowId: id, history: await historyOf(world, id) };
  }
  const replays = Worker.runReplayHistories(
    { workflowBundle: { codePath: inject('workflowBundle') } },
    histories(),
  );
  const broken: string[] = [];
  for await (const { workflowId, error } of replays)
    if (error) broken.push(`${workflowId}: ${error}`);
  expect(broken).toEqual([]);
}

/** What must be true of a world whatever was done in it: no invariant broken, and every history replays. */
export async function allIsWell(world: World): Promise<void> {
  expect(await checkAll(world.sql)).toEqual([]);
  await replayAll(world);
}
