import { and, eq, lt, ne, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { caseEvents, caseWorkflows } from '../../db/schema.ts';
import { param, set, statement } from '../../db/statement.ts';

/** How far a workflow has reported. */
export interface Reported {
  workflowId: string;
  revision: number;
}

export interface ActStore {
  /** True when the case's timeline holds this act as done, so that a repetition long after it can be answered. */
  wasApplied(caseNumber: string, updateId: string): Promise<boolean>;
  /** Workflows that reported since they were last checked, and have been quiet for so long. */
  unchecked(quietMs: number, limit: number): Promise<Reported[]>;
  /** Notes that the engine stands where the rows do; nothing of those that reported more meanwhile. */
  markChecked(workflows: Reported[]): Promise<void>;
}

/** The store that says what of the workflows has reached the read model. */
export function createActStore(client: Sql): ActStore {
  const db = drizzle(client);
  return {
    wasApplied: async (caseNumber, updateId) =>
      (await appliedAct(db, caseNumber, updateId)).length > 0,
    unchecked: (quietMs, limit) => unchecked(db, quietMs, limit),
    async markChecked(workflows) {
      if (workflows.length > 0) await markChecked(db, workflows);
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

const markChecked = statement((db, workflows: Reported[]) =>
  db.execute(sql`
    update ${caseWorkflows} set ${set(caseWorkflows, { checkedRevision: sql`checked.revision` })}
    from jsonb_to_recordset(${param(workflows)}::jsonb) as checked ("workflowId" text, revision integer)
    where ${id} = checked."workflowId" and ${reported} = checked.revision`),
);
