import { and, eq, lt, ne, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { caseEvents, caseWorkflows } from '../../db/schema.ts';
import { set, statement } from '../../db/statement.ts';

export interface ActStore {
  /** True when the case's timeline holds this act as done, so that a repetition long after it can be answered. */
  wasApplied(caseNumber: string, updateId: string): Promise<boolean>;
  /** Workflows that reported since they were last checked, and have been quiet for so long. */
  unchecked(quietMs: number, limit: number): Promise<{ workflowId: string; revision: number }[]>;
  /** Notes that the engine stands where the rows do; nothing when more was reported meanwhile. */
  markChecked(workflowId: string, revision: number): Promise<void>;
}

/** The store that says what of the workflows has reached the read model. */
export function createActStore(client: Sql): ActStore {
  const db = drizzle(client);
  return {
    wasApplied: async (caseNumber, updateId) =>
      (await appliedAct(db, caseNumber, updateId)).length > 0,
    unchecked: (quietMs, limit) => unchecked(db, quietMs, limit),
    async markChecked(workflowId, revision) {
      await markChecked(db, workflowId, revision);
    },
  };
}

const { workflowId: id, revision: reported, checkedRevision, reportedAt } = caseWorkflows;

const appliedAct = statement((db, caseNumber: string, updateId: string) =>
  db
    .select({ seq: caseEvents.seq })
    .from(caseEvents)
    .where(
      and(
        eq(caseEvents.caseNumber, caseNumber),
        eq(caseEvents.updateId, updateId),
        ne(caseEvents.kind, 'refused'),
      ),
    )
    .limit(1),
);

const unchecked = statement((db, quietMs: number, limit: number) =>
  db
    .select({ workflowId: id, revision: reported })
    .from(caseWorkflows)
    .where(
      and(
        sql`${checkedRevision} is distinct from ${reported}`,
        lt(reportedAt, sql`clock_timestamp() - ${quietMs} * interval '1 millisecond'`),
      ),
    )
    .orderBy(reportedAt)
    .limit(limit),
);

const markChecked = statement((db, workflowId: string, revision: number) =>
  db.execute(sql`
    update ${caseWorkflows} set ${set(caseWorkflows, { checkedRevision: revision })}
    where ${id} = ${workflowId} and ${reported} = ${revision}`),
);
