import type { Sql } from '../../db/connect.ts';

export interface ActStore {
  /** True when the case's timeline holds this act as done, so that a repetition long after it can be answered. */
  wasApplied(caseNumber: string, updateId: string): Promise<boolean>;
  /** Workflows that told us something since they were last checked, and have been quiet for so long. */
  unchecked(quietMs: number, limit: number): Promise<{ workflowId: string; revision: number }[]>;
  /** Notes that the engine stands where the rows do; nothing when more was told meanwhile. */
  markChecked(workflowId: string, revision: number): Promise<void>;
}

/** The store that tells what of the workflows has reached the read model. */
export function createActStore(sql: Sql): ActStore {
  return {
    async wasApplied(caseNumber, updateId) {
      const [row] = await sql`select from case_events
        where case_number = ${caseNumber} and update_id = ${updateId} and kind <> 'refused' limit 1`;
      return row !== undefined;
    },
    unchecked: (quietMs, limit) => sql<{ workflowId: string; revision: number }[]>`
      select workflow_id as "workflowId", revision from case_workflows
      where checked_revision is distinct from revision and told_at < clock_timestamp() - ${quietMs} * interval '1 millisecond'
      order by told_at limit ${limit}`,
    async markChecked(workflowId, revision) {
      await sql`update case_workflows set checked_revision = ${revision}
        where workflow_id = ${workflowId} and revision = ${revision}`;
    },
  };
}
