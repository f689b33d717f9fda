import type { Sql } from './connect.ts';

export interface ActStore {
  /** How far a workflow has told us; −1 before its first word. */
  revisionOf(workflowId: string): Promise<number>;
  /** True when the case's timeline holds this act as done, so that a repetition long after it can be answered. */
  wasApplied(caseNumber: string, updateId: string): Promise<boolean>;
}

/** The store that tells whether an act of a person has reached the read model. */
export function createActStore(sql: Sql): ActStore {
  return {
    async revisionOf(workflowId) {
      const [row] = await sql<{ revision: number }[]>`
        select revision from case_workflows where workflow_id = ${workflowId}`;
      return row?.revision ?? -1;
    },
    async wasApplied(caseNumber, updateId) {
      const [row] = await sql`select from case_events
        where case_number = ${caseNumber} and update_id = ${updateId} and kind <> 'refused' limit 1`;
      return row !== undefined;
    },
  };
}
