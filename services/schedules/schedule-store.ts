import type { Fragment, Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, type Page, pageOf } from '../../db/cursor.ts';
import { json } from '../../db/effects.ts';
import type { Actor } from '../../domain/case.ts';
import { flowDefinition } from '../../domain/catalogue.ts';
import { withoutPersonal } from '../../domain/fields.ts';
import type { ScheduleStatus, ScheduleTerms, Timing } from '../../domain/schedule.ts';
import { createOccurrences, type OccurrenceStore } from './occurrence-store.ts';

/** A schedule as the database remembers it. */
export interface ScheduleRow {
  scheduleNumber: string;
  terms: ScheduleTerms;
  status: ScheduleStatus;
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

export interface NewSchedule {
  /** Whose key it is: the same key of another caller is another key. */
  scope: string;
  key: string;
  /** SHA-256 of the request's canonical JSON. */
  bodyHash: string;
  terms: ScheduleTerms;
  by: Actor;
  /** ISO 8601 UTC. */
  at: string;
}

/** A new version of a schedule, out of the one that the change was decided on. */
export interface ScheduleEdit {
  scheduleNumber: string;
  /** The version that was read: another change in between leaves this one undone. */
  version: number;
  terms: ScheduleTerms;
  status: ScheduleStatus;
  /** What the audit log calls it. */
  kind: 'planChanged' | 'planPaused' | 'planResumed' | 'planArchived';
  reason: string;
  by: Actor;
  /** The id of the act, kept in the audit log; null without one. */
  actId: string | null;
  at: string;
}

/** A line of the audit log about a schedule. */
export interface ScheduleEvent {
  kind: string;
  at: string;
  actor: Actor;
  reason: string | null;
}

export interface ScheduleFilter {
  flow?: string | undefined;
  customerNumber?: string | undefined;
  status?: ScheduleStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface ScheduleStore extends OccurrenceStore {
  /** Writes it once per key, with its line in the audit log. */
  create(
    schedule: NewSchedule,
  ): Promise<{ kind: 'created' | 'same' | 'keyReused'; scheduleNumber: string }>;
  /** Writes the new version with its line in the audit log. False when the schedule was changed since it was read. */
  edit(edit: ScheduleEdit): Promise<boolean>;
  get(scheduleNumber: string): Promise<ScheduleRow | null>;
  /** Newest first. Fails `BadCursor`. */
  list(filter: ScheduleFilter): Promise<Page<ScheduleRow>>;
  /** Schedules whose Schedule does not follow them yet, the longest waiting first. */
  unsynced(limit: number): Promise<ScheduleRow[]>;
  markSynced(scheduleNumber: string, version: number): Promise<void>;
  /** True when the audit log holds this act as done. */
  wasSaid(scheduleNumber: string, actId: string): Promise<boolean>;
  /** What was done to it, the latest first. */
  changes(scheduleNumber: string, limit: number): Promise<ScheduleEvent[]>;
}

/** The store of schedules and of what became of their occurrences (N22). */
export function createScheduleStore(sql: Sql): ScheduleStore {
  return {
    ...createOccurrences(sql),
    create: (schedule) => create(sql, schedule),
    edit: (change) => edit(sql, change),
    async get(scheduleNumber) {
      const [row] = await schedulesWhere(sql, sql`schedule_number = ${scheduleNumber}`, 1);
      return row ?? null;
    },
    list: (filter) => list(sql, filter),
    unsynced: (limit) => sql<ScheduleRow[]>`${columns(sql)}
      where synced_version < version order by changed_at limit ${limit}`,
    async markSynced(scheduleNumber, version) {
      await sql`update schedules set synced_version = greatest(synced_version, ${version})
        where schedule_number = ${scheduleNumber}`;
    },
    async wasSaid(scheduleNumber, actId) {
      const [line] = await sql`select from case_events
        where case_number is null and subject = ${scheduleNumber} and update_id = ${actId}`;
      return line !== undefined;
    },
    changes: (scheduleNumber, limit) => sql<ScheduleEvent[]>`
      select kind, at, jsonb_build_object('id', actor_id, 'role', actor_role) as actor, reason from case_events
      where case_number is null and subject = ${scheduleNumber} order by seq desc limit ${limit}`,
  };
}

async function create(sql: Sql, schedule: NewSchedule): ReturnType<ScheduleStore['create']> {
  const { scope, key, bodyHash, terms, by, at } = schedule;
  const [created] = await sql<{ scheduleNumber: string }[]>`
    with fresh as (
      insert into schedules (schedule_number, scope, idempotency_key, body_hash, flow, request, customer_number, terms,
        created_by, created_at, changed_at)
      values (schedule_number_of(nextval('schedule_numbers')), ${scope}, ${key}, ${bodyHash},
        ${terms.flow}, ${json(sql, terms.request)}, ${customerOf(terms)}, ${json(sql, timingOf(terms))}, ${json(sql, by)}, ${at}, ${at})
      on conflict (scope, idempotency_key) do nothing returning schedule_number
    ), told as (
      insert into case_events (event_key, kind, at, actor_id, actor_role, subject, detail)
      select schedule_number || '/1', 'planCreated', ${at}, ${by.id}, ${by.role}, schedule_number, ${json(sql, { terms: told(terms) })}
      from fresh
    )
    select schedule_number as "scheduleNumber" from fresh`;
  if (created) return { kind: 'created', ...created };
  const [known] = await sql<{ scheduleNumber: string; same: boolean }[]>`
    select schedule_number as "scheduleNumber", body_hash = ${bodyHash} as same from schedules
    where scope = ${scope} and idempotency_key = ${key}`;
  return { kind: known?.same ? 'same' : 'keyReused', scheduleNumber: known?.scheduleNumber ?? '' };
}

/** What the audit log keeps of them: it is never cleared, so nothing of a person's. */
const told = ({ flow, request, ...timing }: ScheduleTerms) => {
  const input = flowDefinition(flow)?.input;
  return { flow, request: input ? withoutPersonal(input, request) : {}, ...timing };
};

const customerOf = ({ request: { customerNumber } }: ScheduleTerms): string | null =>
  typeof customerNumber === 'string' ? customerNumber : null;
const timingOf = ({ flow: _, request: __, ...timing }: ScheduleTerms): Timing => timing;

async function edit(sql: Sql, change: ScheduleEdit): Promise<boolean> {
  const { scheduleNumber, version, terms, status, kind, reason, by, actId, at } = change;
  const [done] = await sql`
    with changed as (
      update schedules set request = ${json(sql, terms.request)}, customer_number = ${customerOf(terms)},
        terms = ${json(sql, timingOf(terms))}, status = ${status}, reason = ${reason},
        version = version + 1, changed_at = ${at}
      where schedule_number = ${scheduleNumber} and version = ${version} and status <> 'archived'
      returning schedule_number, version, status
    ), dropped as (
      update schedule_occurrences o set result = 'skipped', detail = 'the schedule was archived' from changed
      where o.schedule_number = changed.schedule_number and result = 'buffered' and changed.status = 'archived'
    ), told as (
      insert into case_events (event_key, kind, at, actor_id, actor_role, reason, subject, update_id, detail)
      select schedule_number || '/' || version, ${kind}::text, ${at}, ${by.id}, ${by.role}, ${reason}, schedule_number,
        ${actId}::text, ${json(sql, { terms: told(terms), status })} from changed
    )
    select from changed`;
  return done !== undefined;
}

async function list(sql: Sql, filter: ScheduleFilter): Promise<Page<ScheduleRow>> {
  const { flow, customerNumber, status, cursor, limit } = filter;
  const before = decodeCursor('schedules', cursor, isNumber)?.[0];
  const condition = sql`true
    ${flow === undefined ? sql`` : sql`and flow = ${flow}`}
    ${customerNumber === undefined ? sql`` : sql`and customer_number = ${customerNumber}`}
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    ${before === undefined ? sql`` : sql`and ${seq(sql)} < ${before}`}`;
  const rows = await schedulesWhere(sql, condition, limit + 1);
  return pageOf(rows, limit, (last) =>
    encodeCursor('schedules', [Number(last.scheduleNumber.slice(3))]),
  );
}

const seq = (sql: Sql): Fragment => sql`substr(schedule_number, 4)::bigint`;

const columns = (sql: Sql): Fragment => sql`
  select schedule_number as "scheduleNumber",
    terms || jsonb_build_object('flow', flow, 'request', request) as terms, status, reason, version, synced_version as "syncedVersion",
    created_by as "createdBy", created_at as "createdAt", changed_at as "changedAt"
  from schedules`;

const schedulesWhere = (sql: Sql, condition: Fragment, limit: number) => sql<ScheduleRow[]>`
  ${columns(sql)} where ${condition} order by ${seq(sql)} desc limit ${limit}`;
