import type { Fragment, Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, type Page, pageOf } from '../../db/cursor.ts';
import { json } from '../../db/effects.ts';
import type { Actor } from '../../domain/case.ts';
import type { PlanStatus, PlanTerms } from '../../domain/inspection-plan.ts';
import { createOccurrences, type OccurrenceStore } from './occurrence-store.ts';

/** An inspection plan as the database remembers it. */
export interface PlanRow {
  planNumber: string;
  terms: PlanTerms;
  status: PlanStatus;
  /** Why it was changed, paused, resumed or archived last; null for a new one. */
  reason: string | null;
  /** Grows with each change. */
  version: number;
  /** The version that the engine's Schedule follows; less than `version` while that is still to be done. */
  syncedVersion: number;
  createdBy: Actor;
  createdAt: string;
  changedAt: string;
}

export interface NewPlan {
  /** Whose key it is: the same key of another caller is another key. */
  scope: string;
  key: string;
  /** SHA-256 of the request's canonical JSON. */
  bodyHash: string;
  terms: PlanTerms;
  by: Actor;
  /** ISO 8601 UTC. */
  at: string;
}

/** A new version of a plan, out of the one that the change was decided on. */
export interface PlanEdit {
  planNumber: string;
  /** The version that was read: another change in between leaves this one undone. */
  version: number;
  terms: PlanTerms;
  status: PlanStatus;
  /** What the audit log calls it. */
  kind: 'planChanged' | 'planPaused' | 'planResumed' | 'planArchived';
  reason: string;
  by: Actor;
  /** The id of the act, kept in the audit log; null without one. */
  actId: string | null;
  at: string;
}

/** A line of the audit log about a plan. */
export interface PlanEvent {
  kind: string;
  at: string;
  actor: Actor;
  reason: string | null;
}

export interface PlanFilter {
  customerNumber?: string | undefined;
  status?: PlanStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface PlanStore extends OccurrenceStore {
  /** Writes it once per key, with its line in the audit log. */
  create(plan: NewPlan): Promise<{ kind: 'created' | 'same' | 'keyReused'; planNumber: string }>;
  /** Writes the new version with its line in the audit log. False when the plan was changed since it was read. */
  edit(edit: PlanEdit): Promise<boolean>;
  get(planNumber: string): Promise<PlanRow | null>;
  /** Newest first. Fails `BadCursor`. */
  list(filter: PlanFilter): Promise<Page<PlanRow>>;
  /** Plans whose Schedule does not follow them yet, the longest waiting first. */
  unsynced(limit: number): Promise<PlanRow[]>;
  markSynced(planNumber: string, version: number): Promise<void>;
  /** True when the audit log holds this act as done. */
  wasSaid(planNumber: string, actId: string): Promise<boolean>;
  /** What was done to it, the latest first. */
  changes(planNumber: string, limit: number): Promise<PlanEvent[]>;
}

/** The store of inspection plans and of what became of their occurrences (FLOW-INSP). */
export function createPlanStore(sql: Sql): PlanStore {
  return {
    ...createOccurrences(sql),
    create: (plan) => create(sql, plan),
    edit: (change) => edit(sql, change),
    async get(planNumber) {
      const [row] = await plansWhere(sql, sql`plan_number = ${planNumber}`, 1);
      return row ?? null;
    },
    list: (filter) => list(sql, filter),
    unsynced: (limit) => sql<PlanRow[]>`${columns(sql)}
      where synced_version < version order by changed_at limit ${limit}`,
    async markSynced(planNumber, version) {
      await sql`update inspection_plans set synced_version = greatest(synced_version, ${version})
        where plan_number = ${planNumber}`;
    },
    async wasSaid(planNumber, actId) {
      const [line] = await sql`select from case_events
        where case_number is null and subject = ${planNumber} and update_id = ${actId}`;
      return line !== undefined;
    },
    changes: (planNumber, limit) => sql<PlanEvent[]>`
      select kind, at, jsonb_build_object('id', actor_id, 'role', actor_role) as actor, reason from case_events
      where case_number is null and subject = ${planNumber} order by seq desc limit ${limit}`,
  };
}

async function create(sql: Sql, plan: NewPlan): ReturnType<PlanStore['create']> {
  const { scope, key, bodyHash, terms, by, at } = plan;
  const [created] = await sql<{ planNumber: string }[]>`
    with fresh as (
      insert into inspection_plans (plan_number, scope, idempotency_key, body_hash, customer_number, terms,
        created_by, created_at, changed_at)
      values (inspection_plan_number_of(nextval('inspection_plan_numbers')), ${scope}, ${key}, ${bodyHash},
        ${terms.customerNumber}, ${json(sql, terms)}, ${json(sql, by)}, ${at}, ${at})
      on conflict (scope, idempotency_key) do nothing returning plan_number
    ), told as (
      insert into case_events (event_key, kind, at, actor_id, actor_role, subject, detail)
      select plan_number || '/1', 'planCreated', ${at}, ${by.id}, ${by.role}, plan_number, ${json(sql, { terms })}
      from fresh
    )
    select plan_number as "planNumber" from fresh`;
  if (created) return { kind: 'created', ...created };
  const [known] = await sql<{ planNumber: string; same: boolean }[]>`
    select plan_number as "planNumber", body_hash = ${bodyHash} as same from inspection_plans
    where scope = ${scope} and idempotency_key = ${key}`;
  return { kind: known?.same ? 'same' : 'keyReused', planNumber: known?.planNumber ?? '' };
}

async function edit(sql: Sql, change: PlanEdit): Promise<boolean> {
  const { planNumber, version, terms, status, kind, reason, by, actId, at } = change;
  const [done] = await sql`
    with changed as (
      update inspection_plans set terms = ${json(sql, terms)}, status = ${status}, reason = ${reason},
        version = version + 1, changed_at = ${at}
      where plan_number = ${planNumber} and version = ${version} and status <> 'archived'
      returning plan_number, version, status
    ), dropped as (
      update inspection_occurrences o set result = 'skipped', detail = 'the plan was archived' from changed
      where o.plan_number = changed.plan_number and result = 'buffered' and changed.status = 'archived'
    ), told as (
      insert into case_events (event_key, kind, at, actor_id, actor_role, reason, subject, update_id, detail)
      select plan_number || '/' || version, ${kind}::text, ${at}, ${by.id}, ${by.role}, ${reason}, plan_number,
        ${actId}::text, ${json(sql, { terms, status })} from changed
    )
    select from changed`;
  return done !== undefined;
}

async function list(sql: Sql, filter: PlanFilter): Promise<Page<PlanRow>> {
  const { customerNumber, status, cursor, limit } = filter;
  const before = decodeCursor('inspection-plans', cursor, isNumber)?.[0];
  const condition = sql`true
    ${customerNumber === undefined ? sql`` : sql`and customer_number = ${customerNumber}`}
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    ${before === undefined ? sql`` : sql`and ${seq(sql)} < ${before}`}`;
  const rows = await plansWhere(sql, condition, limit + 1);
  return pageOf(rows, limit, (last) =>
    encodeCursor('inspection-plans', [Number(last.planNumber.slice(3))]),
  );
}

const seq = (sql: Sql): Fragment => sql`substr(plan_number, 4)::bigint`;

const columns = (sql: Sql): Fragment => sql`
  select plan_number as "planNumber", terms, status, reason, version, synced_version as "syncedVersion",
    created_by as "createdBy", created_at as "createdAt", changed_at as "changedAt"
  from inspection_plans`;

const plansWhere = (sql: Sql, condition: Fragment, limit: number) => sql<PlanRow[]>`
  ${columns(sql)} where ${condition} order by ${seq(sql)} desc limit ${limit}`;
