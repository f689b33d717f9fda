import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { caseWorkflows } from '../../db/schema.ts';
import type { WaitingOn } from '../../domain/case.ts';

/** `workflowId`: the case number, or a child's `<caseNumber>/loan1`. */
export interface PartnerWait extends WaitingOn {
  workflowId: string;
}

/** A service that a workflow waits for, as one object. */
export const waitWithin = sql<PartnerWait>`wait || jsonb_build_object('workflowId', ${caseWorkflows.workflowId})`;

/** Asks for a `value` of the services that workflows wait for; each is a `wait`. */
export const waits = <T>(db: Db, value: SQL<T>) =>
  db
    .select({ value })
    .from(caseWorkflows)
    .innerJoin(sql`jsonb_array_elements(${caseWorkflows.partnerWaits}) as wait`, sql`true`);
