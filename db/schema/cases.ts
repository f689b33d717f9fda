import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  pgSequence,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type {
  Actor,
  AlertLevel,
  CaseStatus,
  CaseView,
  Role,
  Severity,
  TimelineEvent,
  WaitingOn,
} from '../../domain/case.ts';
import type { CasePlan } from '../../domain/plan.ts';
import { instant, json, key, once, references, texts, wholeNumber } from './columns.ts';
import { assets, customers, faultCodes, persons } from './reference.ts';

export const caseNumbers = pgSequence('case_numbers');

/** What `q` looks in: the codes of a case, in small letters. They are ASCII, so that any locale knows their trigrams. */
export const searched = sql`(lower(case_number || ' ' || coalesce(serial_number, '') || ' ' || coalesce(customer_number, '') || ' ' || coalesce(fault_code, '')))`;

export const cases = pgTable(
  'cases',
  {
    caseNumber: text('case_number').primaryKey(),
    seq: wholeNumber('seq').notNull(),
    scope: text('scope').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    bodyHash: text('body_hash').notNull(),
    flow: text('flow').notNull(),
    plan: json<CasePlan>('plan').notNull(),
    view: json<CaseView>('view').notNull(),
    cycle: integer('cycle').default(1).notNull(),
    revision: integer('revision').default(-1).notNull(),
    status: text('status').$type<CaseStatus>().default('new').notNull(),
    stage: text('stage').default('').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    alertLevel: integer('alert_level').$type<AlertLevel>().default(0).notNull(),
    assignee: text('assignee'),
    nextDueAt: instant('next_due_at'),
    closedAt: instant('closed_at'),
    customerNumber: text('customer_number'),
    serialNumber: text('serial_number'),
    faultCode: text('fault_code'),
    faultText: text('fault_text'),
    contactId: text('contact_id'),
    allowDuplicate: boolean('allow_duplicate').default(false).notNull(),
    duplicateReason: text('duplicate_reason'),
    openedBy: json<Actor>('opened_by').notNull(),
    openedAt: instant('opened_at').notNull(),
    recordedAt: instant('recorded_at').default(sql`clock_timestamp()`).notNull(),
    runId: text('run_id'),
    startedAt: instant('started_at'),
    isOpen: boolean('is_open')
      .generatedAlwaysAs(sql`status not in ('closed', 'rejected', 'canceled')`)
      .notNull(),
    /** What makes two open cases of one flow the same one: a machine and its fault, a model and its fault, a schedule's occurrence. */
    twinKey: text('twin_key'),
    /** Why a case asks for free parts, in the caller's words: it stays here (FLOW-SPEC, D9). */
    specialUserReason: text('special_user_reason'),
  },
  (t) => [
    once(t.seq),
    unique('cases_idempotency').on(t.scope, t.idempotencyKey),
    references(t.customerNumber, customers.customerNumber),
    references(t.serialNumber, assets.serialNumber),
    references(t.faultCode, faultCodes.faultCode),
    references(t.contactId, persons.personId),
    check('cases_case_number_check', sql`case_number ~ '^C-\\d{6,}$'`),
    check('cases_alert_level_check', sql`alert_level between 0 and 3`),
    index('cases_alert_level').on(t.alertLevel, t.seq.desc().nullsFirst()),
    index('cases_assignee').on(t.assignee, t.seq.desc().nullsFirst()),
    index('cases_customer').on(t.customerNumber, t.seq.desc().nullsFirst()),
    index('cases_defect_reports').on(t.twinKey, t.closedAt).where(sql`flow = 'defectReport'`),
    uniqueIndex('cases_duplicate')
      .on(t.flow, t.twinKey)
      .where(sql`is_open and not allow_duplicate`),
    index('cases_open_due')
      .on(sql`coalesce(next_due_at, 'infinity'::timestamptz)`, t.seq)
      .where(sql`is_open`),
    index('cases_pending').on(t.seq).where(sql`started_at is null`),
    index('cases_searched').using('gin', sql`${searched} gin_trgm_ops`),
    index('cases_serial').on(t.serialNumber, t.seq.desc().nullsFirst()),
    index('cases_severity').on(t.severity, t.seq.desc().nullsFirst()),
    index('cases_standing').on(t.seq).where(sql`run_id is null`),
    index('cases_status').on(t.status, t.seq.desc().nullsFirst()),
  ],
);

export const caseCycles = pgTable(
  'case_cycles',
  {
    caseNumber: text('case_number').notNull(),
    cycle: integer('cycle').notNull(),
    firstExecutionRunId: text('first_execution_run_id').notNull(),
    claimedAt: instant('claimed_at').default(sql`clock_timestamp()`).notNull(),
    endedAt: instant('ended_at'),
    /** What a case showed when its cycle ended: kept when the next one begins (N6). */
    closingView: json<CaseView>('closing_view'),
  },
  (t) => [
    key(t.caseNumber, t.cycle),
    references(t.caseNumber, cases.caseNumber),
    check('case_cycles_cycle_check', sql`cycle > 0`),
  ],
);

/** How far each workflow of a case has reported; `runs` in the order in which they first did. */
export const caseWorkflows = pgTable(
  'case_workflows',
  {
    workflowId: text('workflow_id').primaryKey(),
    caseNumber: text('case_number').notNull(),
    cycle: integer('cycle').notNull(),
    revision: integer('revision').notNull(),
    runs: texts('runs').notNull(),
    reportedAt: instant('reported_at').default(sql`clock_timestamp()`).notNull(),
    checkedRevision: integer('checked_revision'),
    /** Calls to services under way when a workflow last reported, with since when: a partner that is down shows by them (N25). */
    partnerWaits: json<WaitingOn[]>('partner_waits').default([]).notNull(),
    /** Whether the workflow takes a changed way of its flow, by the change's name: no key before it has decided. */
    changes: json<Record<string, boolean>>('changes').default({}).notNull(),
  },
  (t) => [
    references(t.caseNumber, cases.caseNumber),
    index('case_workflows_case').on(t.caseNumber),
    index('case_workflows_unchecked')
      .on(t.reportedAt)
      .where(sql`checked_revision is distinct from revision`),
  ],
);

const dueOrNever = sql`coalesce(due_at, 'infinity'::timestamptz)`;

/** A task stays when it is no longer open, so that a late answer is told 409 and not 404. */
export const tasks = pgTable(
  'tasks',
  {
    caseNumber: text('case_number').notNull(),
    taskId: text('task_id').notNull(),
    workflowId: text('workflow_id').notNull(),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    assignee: text('assignee'),
    stage: text('stage').notNull(),
    context: json<Record<string, unknown>>('context').notNull(),
    openedAt: instant('opened_at').notNull(),
    dueAt: instant('due_at'),
    closedAt: instant('closed_at'),
  },
  (t) => [
    key(t.caseNumber, t.taskId),
    references(t.caseNumber, cases.caseNumber),
    index('tasks_assignee')
      .on(t.assignee, dueOrNever, t.openedAt, t.caseNumber, t.taskId)
      .where(sql`closed_at is null`),
    index('tasks_open')
      .on(dueOrNever, t.openedAt, t.caseNumber, t.taskId)
      .where(sql`closed_at is null`),
    index('tasks_role')
      .on(t.role, dueOrNever, t.openedAt, t.caseNumber, t.taskId)
      .where(sql`closed_at is null`),
    index('tasks_workflow').on(t.workflowId).where(sql`closed_at is null`),
  ],
);

export const caseEvents = pgTable(
  'case_events',
  {
    seq: wholeNumber('seq').generatedAlwaysAsIdentity().primaryKey(),
    eventKey: text('event_key').notNull(),
    caseNumber: text('case_number'),
    workflowId: text('workflow_id'),
    runId: text('run_id'),
    cycle: integer('cycle'),
    kind: text('kind').$type<TimelineEvent['kind']>().notNull(),
    at: instant('at').notNull(),
    actorId: text('actor_id').notNull(),
    actorRole: text('actor_role').$type<Actor['role']>().notNull(),
    reason: text('reason'),
    subject: text('subject'),
    updateId: text('update_id'),
    detail: json<TimelineEvent['detail']>('detail').default({}).notNull(),
    /** One moment for the whole statement: what it wrote together reads as one. */
    recordedAt: instant('recorded_at').default(sql`now()`).notNull(),
  },
  (t) => [
    once(t.eventKey),
    index('case_events_case').on(t.caseNumber, t.seq),
    index('case_events_linked').on(sql`(detail->>'caseNumber')`).where(sql`kind = 'caseLinked'`),
    index('case_events_of_no_case').on(t.subject, t.seq).where(sql`case_number is null`),
  ],
);
