import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
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

/** Replays a case and its loans as they stand. */
export async function replay(world: World, caseNumber: string): Promise<void> {
  const known = await world.sql<{ id: string }[]>`
    select workflow_id as id from case_workflows where case_number = ${caseNumber}`;
  for (const { id } of known) await replayHistory(await historyOf(world, id), id);
}
