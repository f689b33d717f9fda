import type { Client } from '@temporalio/client';

/** A run of ours that is open: the case, loan or check that it belongs to, and what it runs. */
export interface OpenRun {
  workflowId: string;
  runId: string;
  /** Name of the workflow, such as `inWarrantyRepair` or `partsLoan`. */
  flow: string;
  /** When this run began. A case that continued as new began earlier. */
  startedAt: Date;
}

/** Which runs are meant: everything open on a task queue, or one flow of it. */
export interface Wanted {
  taskQueue: string;
  flow?: string | undefined;
}

/** Lists open runs page by page. The list lags a moment behind: a run begun just now may be missing. */
export async function* listOpenRuns(client: Client, wanted: Wanted): AsyncGenerator<OpenRun> {
  for await (const found of client.workflow.list({ query: queryOf(wanted), pageSize: 500 })) {
    const { workflowId, runId, type: flow, startTime: startedAt } = found;
    yield { workflowId, runId, flow, startedAt };
  }
}

/** How many runs `listOpenRuns` would list. */
export async function countOpenRuns(client: Client, wanted: Wanted): Promise<number> {
  return (await client.workflow.count(queryOf(wanted))).count;
}

/** By queue and not by name: a flow that this build no longer has must be found too. */
function queryOf({ taskQueue, flow }: Wanted): string {
  const ours = `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  return flow ? `${ours} AND WorkflowType = '${flow}'` : ours;
}
