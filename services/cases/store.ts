import { and, desc, eq, isNotNull, isNull, lt, lte, not, type SQL, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, listPage, type Page } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { cases, caseWorkflows, persons, searched, tasks } from '../../db/schema.ts';
import { list, param, set, statement, value } from '../../db/statement.ts';
import type { Actor, AlertLevel, CaseStatus, CaseView, Severity } from '../../domain/case.ts';
import type { CasePlan } from '../../domain/plan.ts';
import { type Contact, type NewCase, type Opened, openRow, sameKey } from './open-row.ts';
import { taskFields, type WorklistTask } from './tasks.ts';
import { type PartnerWait, waits, waitWithin } from './waits.ts';

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
  /** 0 until the workflow has reported. Grows with every step of it and of its children. */
  revision: number;
  /** Null until the workflow has spoken. */
  runId: string | null;
  started: boolean;
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
  markStarted(caseNumber: string): Promise<void>;
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
export function createCaseStore(client: Sql): CaseStore {
  const db = drizzle(client);
  return {
    open: (request) => openRow(db, request),
    openedBy: (request) => sameKey(db, request),
    async markStarted(caseNumber) {
      await markStarted(db, caseNumber);
    },
    pendingStarts: (olderThanMs, limit) => pendingStarts(db, olderThanMs, limit),
    get: async (caseNumber) => (await caseOf(db, caseNumber))[0] ?? null,
    revisions: (caseNumbers) => revisionsOf(db, caseNumbers),
    async list(filter) {
      const before = decodeCursor('cases', filter.cursor, isNumber)?.[0];
      const rows = await casesBefore(db, filter, before);
      return listPage(rows, filter.limit, (last) => encodeCursor('cases', [seqOf(last)]));
    },
    contactOf: async (caseNumber) => (await contactOf(db, caseNumber))[0] ?? null,
    openForAsset: (serialNumber) => openForAsset(db, serialNumber),
    openForCustomer: (customerNumber) => openForCustomer(db, customerNumber),
  };
}

const seqOf = (row: CaseRow): number => Number(row.view.caseNumber.slice(2));

const markStarted = statement((db, caseNumber: string) =>
  db.execute(sql`
    update ${cases} set ${set(cases, {
      startedAt: sql`coalesce(${cases.startedAt}, clock_timestamp())`,
    })} where ${cases.caseNumber} = ${caseNumber}`),
);

const pendingStarts = statement((db, olderThanMs: number, limit: number) =>
  db
    .select({
      caseNumber: cases.caseNumber,
      flow: cases.flow,
      cycle: cases.cycle,
      plan: cases.plan,
      openedAt: cases.openedAt,
      openedBy: cases.openedBy,
    })
    .from(cases)
    .where(
      and(
        isNull(cases.startedAt),
        cases.isOpen,
        lte(
          cases.recordedAt,
          sql`clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'`,
        ),
      ),
    )
    .orderBy(cases.seq)
    .limit(limit),
);

const contactOf = statement((db, caseNumber: string) =>
  db
    .select({ name: sql<string>`${persons.name}`, phone: sql<string>`${persons.phone}` })
    .from(cases)
    .innerJoin(persons, eq(persons.personId, cases.contactId))
    .where(and(eq(cases.caseNumber, caseNumber), isNotNull(persons.name))),
);

const revisionsOf = statement((db, caseNumbers: string[]) =>
  db
    .select({ caseNumber: cases.caseNumber, revision: value(revision(db)) })
    .from(cases)
    .where(sql`${cases.caseNumber} = any(${param(caseNumbers)}::text[])`),
);

// Of all its workflows: a sum, so that it grows whichever of them reported last. Each counts from one again in a new cycle.
function revision(db: Db) {
  const { caseNumber, cycle, revision: reported } = caseWorkflows;
  return db
    .select({
      value: sql<number>`coalesce(sum((${cycle} - 1) * 1000000 + ${reported}), 0)::integer`,
    })
    .from(caseWorkflows)
    .where(eq(caseNumber, cases.caseNumber));
}

const caseOf = statement((db, caseNumber: string) =>
  casesWhere(db, eq(cases.caseNumber, caseNumber), 1),
);
const openForAsset = statement((db, serialNumber: string) =>
  casesWhere(db, and(cases.isOpen, eq(cases.serialNumber, serialNumber)), 100),
);
const openForCustomer = statement((db, customerNumber: string) =>
  casesWhere(db, and(cases.isOpen, eq(cases.customerNumber, customerNumber)), 100),
);
const casesBefore = statement((db, filter: CaseFilter, before: number | undefined) =>
  casesWhere(db, listCondition(filter, before), filter.limit + 1),
);

const casesWhere = (db: Db, condition: SQL | undefined, limit: number) =>
  db
    .select({
      view: cases.view,
      plan: cases.plan,
      flow: cases.flow,
      customerNumber: cases.customerNumber,
      serialNumber: cases.serialNumber,
      faultCode: cases.faultCode,
      specialUserReason: cases.specialUserReason,
      openedBy: cases.openedBy,
      openedAt: cases.openedAt,
      revision: value(revision(db)),
      runId: cases.runId,
      started: sql<boolean>`${cases.startedAt} is not null`,
      openTasks: value(openTasksOf(db)),
      partnerWaits: value(waitsOf(db)),
    })
    .from(cases)
    .where(condition)
    .orderBy(desc(cases.seq))
    .limit(limit);

const openTasksOf = (db: Db) =>
  db
    .select({ value: list(taskFields, tasks.openedAt, tasks.taskId) })
    .from(tasks)
    .where(and(eq(tasks.caseNumber, cases.caseNumber), isNull(tasks.closedAt)));

const waitsOf = (db: Db) =>
  waits(
    db,
    sql<PartnerWait[]>`coalesce(jsonb_agg(${waitWithin} order by wait->>'since'), '[]')`,
  ).where(eq(caseWorkflows.caseNumber, cases.caseNumber));

/** Of open cases only; all others are the rest. The due time itself tells the database how few they are, and the other form, that
 *  of the index, where they stand. */
function isOverdue(overdue: boolean): SQL {
  const { isOpen, nextDueAt } = cases;
  const is = sql`(${isOpen} and ${nextDueAt} < now() and coalesce(${nextDueAt}, 'infinity'::timestamptz) < now())`;
  return overdue ? is : not(is);
}

/** A pattern that a text fits when it holds `q`. */
const within = (q: string) => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

function listCondition(filter: CaseFilter, before: number | undefined): SQL | undefined {
  const { flow, status, severity, alertLevel, customerNumber, serialNumber, assignee } = filter;
  const { overdue, q } = filter;
  return and(
    flow === undefined ? undefined : eq(cases.flow, flow),
    status === undefined ? undefined : eq(cases.status, status),
    severity === undefined ? undefined : eq(cases.severity, severity),
    alertLevel === undefined ? undefined : eq(cases.alertLevel, alertLevel),
    customerNumber === undefined ? undefined : eq(cases.customerNumber, customerNumber),
    serialNumber === undefined ? undefined : eq(cases.serialNumber, serialNumber),
    assignee === undefined ? undefined : eq(cases.assignee, assignee),
    overdue === undefined ? undefined : isOverdue(overdue),
    q === undefined ? undefined : sql`${searched} like lower(${within(q)})`,
    before === undefined ? undefined : lt(cases.seq, before),
  );
}
