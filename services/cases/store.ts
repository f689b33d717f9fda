import type { Fragment, Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, type Page, pageOf } from '../../db/cursor.ts';
import type {
  Actor,
  AlertLevel,
  CaseStatus,
  CaseView,
  Severity,
  WaitingOn,
} from '../../domain/case.ts';
import type { CasePlan } from '../../domain/plan.ts';
import { type Contact, type NewCase, type Opened, openRow, sameKey } from './open-row.ts';
import { taskColumns, type WorklistTask } from './tasks.ts';

/** A case as the database remembers it. */
export interface CaseRow {
  view: CaseView;
  plan: CasePlan;
  flow: string;
  customerNumber: string | null;
  serialNumber: string | null;
  faultCode: string | null;
  /** Why the opener asks that parts are free; null or left out: nobody asks. */
  specialUserReason?: string | null;
  openedBy: Actor;
  openedAt: string;
  /** Of all the case's workflows, oldest first. */
  openTasks: WorklistTask[];
  /** Services that workflows of the case have waited for at least five seconds, longest first; left out: none (N25). */
  partnerWaits?: PartnerWait[];
  /** 0 until the workflow has published. Grows with every step of it and of its children. */
  revision: number;
  /** Null until the workflow was started. */
  runId: string | null;
  started: boolean;
}

/** `workflowId`: the case number, or a child's `<caseNumber>/loan1`. */
export interface PartnerWait extends WaitingOn {
  workflowId: string;
}

export interface CaseFilter {
  flow?: string | undefined;
  status?: CaseStatus | undefined;
  severity?: Severity | undefined;
  alertLevel?: AlertLevel | undefined;
  customerNumber?: string | undefined;
  serialNumber?: string | undefined;
  assignee?: string | undefined;
  /** True: something of an open case is past its due time; false: the others. */
  overdue?: boolean | undefined;
  /** A part of the case number, serial number, customer number or fault code; upper and lower case are the same. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface CaseStore {
  open(request: NewCase): Promise<Opened>;
  /** What this key opened before; undefined for a new one. */
  openedBy(
    request: Pick<NewCase, 'scope' | 'key' | 'bodyHash'>,
  ): Promise<Extract<Opened, { kind: 'same' | 'keyReused' }> | undefined>;
  /** The workflow exists and is durable. Harmless when repeated. */
  markStarted(caseNumber: string, runId: string): Promise<void>;
  /** Rows whose workflow was never seen started, oldest first, at least `olderThanMs` old (D5). */
  pendingStarts(olderThanMs: number, limit: number): Promise<PendingStart[]>;
  get(caseNumber: string): Promise<CaseRow | null>;
  /** How far these cases have come; unknown ones are left out. */
  revisions(caseNumbers: string[]): Promise<{ caseNumber: string; revision: number }[]>;
  /** Newest first. Fails `BadCursor`. */
  list(filter: CaseFilter): Promise<Page<CaseRow>>;
  /** Who called; null when nobody did. */
  contactOf(caseNumber: string): Promise<Contact | null>;
  openForAsset(serialNumber: string): Promise<CaseRow[]>;
  openForCustomer(customerNumber: string): Promise<CaseRow[]>;
}

export interface PendingStart {
  caseNumber: string;
  flow: string;
  cycle: number;
  plan: CasePlan;
  openedAt: string;
  openedBy: Actor;
}

/** The cases' store. */
export function createCaseStore(sql: Sql): CaseStore {
  return {
    open: (request) => openRow(sql, request),
    openedBy: (request) => sameKey(sql, request),
    async markStarted(caseNumber, runId) {
      await sql`update cases set run_id = ${runId}, started_at = coalesce(started_at, clock_timestamp())
        where case_number = ${caseNumber}`;
    },
    pendingStarts: (olderThanMs, limit) => pendingStarts(sql, olderThanMs, limit),
    async get(caseNumber) {
      const [row] = await casesWhere(sql, sql`case_number = ${caseNumber}`, 1);
      return row ?? null;
    },
    revisions: (caseNumbers) => sql<{ caseNumber: string; revision: number }[]>`
      select case_number as "caseNumber", ${revision(sql)} from cases where case_number = any(${caseNumbers})`,
    async list(filter) {
      const after = decodeCursor('cases', filter.cursor, isNumber);
      const rows = await casesWhere(sql, listCondition(sql, filter, after?.[0]), filter.limit + 1);
      return pageOf(rows, filter.limit, (last) => encodeCursor('cases', [seqOf(last)]));
    },
    async contactOf(caseNumber) {
      const [contact] = await sql<Contact[]>`select name, phone from cases
        join persons on person_id = contact_id where case_number = ${caseNumber} and name is not null`;
      return contact ?? null;
    },
    openForAsset: (serialNumber) =>
      casesWhere(sql, sql`is_open and serial_number = ${serialNumber}`, 100),
    openForCustomer: (number) => casesWhere(sql, sql`is_open and customer_number = ${number}`, 100),
  };
}

const seqOf = (row: CaseRow): number => Number(row.view.caseNumber.slice(2));

const pendingStarts = (sql: Sql, olderThanMs: number, limit: number) => sql<PendingStart[]>`
  select case_number as "caseNumber", flow, cycle, plan, opened_at as "openedAt", opened_by as "openedBy"
  from cases where started_at is null and is_open
    and recorded_at <= clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
  order by seq limit ${limit}`;

// Of all its workflows: a sum, so that it grows whichever of them told last. Each counts from one again in a new cycle.
const revision = (sql: Sql): Fragment => sql`(
    select coalesce(sum((told.cycle - 1) * 1000000 + told.revision), 0)::integer
    from case_workflows told where told.case_number = cases.case_number) as revision`;

const casesWhere = (sql: Sql, condition: Fragment, limit: number) => sql<CaseRow[]>`
  select view, plan, flow, customer_number as "customerNumber", serial_number as "serialNumber",
    fault_code as "faultCode", special_user_reason as "specialUserReason", opened_by as "openedBy", opened_at as "openedAt", ${revision(sql)},
    run_id as "runId", started_at is not null as started, coalesce(open.tasks, '[]') as "openTasks",
    coalesce(partner.waits, '[]') as "partnerWaits"
  from cases
  left join lateral (
    select jsonb_agg(task order by task."openedAt", task.id) as tasks from (
      select ${taskColumns(sql)} from tasks where tasks.case_number = cases.case_number and closed_at is null
    ) task
  ) open on true
  left join lateral (
    select jsonb_agg(wait || jsonb_build_object('workflowId', workflow_id) order by wait->>'since') as waits
    from case_workflows told, jsonb_array_elements(partner_waits) as wait
    where told.case_number = cases.case_number
      and (wait->>'since')::timestamptz <= clock_timestamp() - interval '5 seconds'
  ) partner on true
  where ${condition} order by seq desc limit ${limit}`;

function listCondition(sql: Sql, filter: CaseFilter, before: number | undefined): Fragment {
  const is = (column: string, value: string | number | undefined) =>
    value === undefined ? sql`` : sql`and ${sql(column)} = ${value}`;
  return sql`true ${is('flow', filter.flow)} ${is('status', filter.status)} ${is('severity', filter.severity)}
    ${is('alert_level', filter.alertLevel)} ${is('customer_number', filter.customerNumber)}
    ${is('serial_number', filter.serialNumber)} ${is('assignee', filter.assignee)}
    ${filter.overdue === undefined ? sql`` : sql`and (is_open and coalesce(next_due_at < now(), false)) = ${filter.overdue}`}
    ${filter.q === undefined ? sql`` : sql`and strpos(lower(concat_ws(' ', case_number, serial_number, customer_number, fault_code)), lower(${filter.q})) > 0`}
    ${before === undefined ? sql`` : sql`and seq < ${before}`}`;
}
