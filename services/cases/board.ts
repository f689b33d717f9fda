import { and, eq, not, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, listPage, type Page } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { cases, caseWorkflows } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';
import type { AlertLevel, CaseStatus, Severity, WaitingOn } from '../../domain/case.ts';
import { waits, waitWithin } from './waits.ts';

/** An open case as the board shows it. */
export interface BoardLine {
  caseNumber: string;
  flow: string;
  status: CaseStatus;
  stage: string;
  severity: Severity;
  alertLevel: AlertLevel;
  customerNumber: string | null;
  serialNumber: string | null;
  assignee: string | null;
  /** The earliest running due time of any clock or task; null when nothing is due. */
  nextDueAt: string | null;
  overdue: boolean;
  waitingOn: WaitingOn | null;
}

export interface BoardFilter {
  flow?: string | undefined;
  severity?: Severity | undefined;
  assignee?: string | undefined;
  /** True: only what is past its due time; false: only the rest. */
  overdue?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface BoardStore {
  /** Open cases, what is due first on top; what has no due time last. Fails `BadCursor`. */
  list(filter: BoardFilter): Promise<Page<BoardLine>>;
}

/** The board's store (API: `GET /v1/board`). */
export function createBoardStore(client: Sql): BoardStore {
  const db = drizzle(client);
  return {
    async list(filter) {
      const after = decodeCursor('board', filter.cursor, isPlace);
      const lines = await board(db, filter, after);
      return listPage(lines, filter.limit, ({ nextDueAt, caseNumber }) =>
        encodeCursor('board', [nextDueAt, caseNumber]),
      );
    },
  };
}

type Place = [nextDueAt: string | null, caseNumber: string];
const isPlace = (position: unknown[]): position is Place =>
  position.length === 2 &&
  (position[0] === null ||
    (typeof position[0] === 'string' && !Number.isNaN(Date.parse(position[0])))) &&
  typeof position[1] === 'string';

const dueOrNever = sql`coalesce(${cases.nextDueAt}, 'infinity'::timestamptz)`;
const dueFirst = sql`${dueOrNever}, ${cases.caseNumber}`;
const isOverdue = sql<boolean>`${dueOrNever} < now()`;

const board = statement((db, filter: BoardFilter, after: Place | undefined) => {
  const { flow, severity, assignee, overdue, limit } = filter;
  return db
    .select({
      caseNumber: cases.caseNumber,
      flow: cases.flow,
      status: cases.status,
      stage: cases.stage,
      severity: cases.severity,
      alertLevel: cases.alertLevel,
      customerNumber: cases.customerNumber,
      serialNumber: cases.serialNumber,
      assignee: cases.assignee,
      nextDueAt: cases.nextDueAt,
      overdue: isOverdue,
      waitingOn: sql<WaitingOn | null>`coalesce(${waitOfChild(db)}, ${cases.view}->'waitingOn')`,
    })
    .from(cases)
    .where(
      and(
        cases.isOpen,
        flow === undefined ? undefined : eq(cases.flow, flow),
        severity === undefined ? undefined : eq(cases.severity, severity),
        assignee === undefined ? undefined : eq(cases.assignee, assignee),
        overdue === undefined ? undefined : overdue ? isOverdue : not(isOverdue),
        after === undefined
          ? undefined
          : sql`(${dueFirst}) > (coalesce(${after[0]}::timestamptz, 'infinity'::timestamptz), ${after[1]})`,
      ),
    )
    .orderBy(dueFirst)
    .limit(limit + 1);
});

// What a loan waits for, when the case waits for the loan.
const waitOfChild = (db: Db) =>
  waits(db, waitWithin)
    .where(
      sql`${caseWorkflows.workflowId} = ${cases.caseNumber} || '/' || (${cases.view}->'waitingOn'->>'what')`,
    )
    .limit(1);
