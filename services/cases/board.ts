import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../../db/cursor.ts';
import type { AlertLevel, CaseStatus, Severity, WaitingOn } from '../../domain/case.ts';

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
export const createBoardStore = (sql: Sql): BoardStore => ({
  async list(filter) {
    const after = decodeCursor('board', filter.cursor, isPlace);
    const lines = await board(sql, filter, after);
    return pageOf(lines, filter.limit, ({ nextDueAt, caseNumber }) =>
      encodeCursor('board', [nextDueAt, caseNumber]),
    );
  },
});

type Place = [nextDueAt: string | null, caseNumber: string];
const isPlace = (position: unknown[]): position is Place =>
  position.length === 2 &&
  (position[0] === null ||
    (typeof position[0] === 'string' && !Number.isNaN(Date.parse(position[0])))) &&
  typeof position[1] === 'string';

const dueFirst = (sql: Sql) => sql`coalesce(next_due_at, 'infinity'::timestamptz), case_number`;

const board = (sql: Sql, filter: BoardFilter, after: Place | undefined) => sql<BoardLine[]>`
  select case_number as "caseNumber", flow, status, stage, severity, alert_level as "alertLevel",
    customer_number as "customerNumber", serial_number as "serialNumber", assignee,
    iso(next_due_at) as "nextDueAt", coalesce(next_due_at < now(), false) as overdue,
    coalesce((select wait || jsonb_build_object('workflowId', workflow_id)
      from case_workflows told, jsonb_array_elements(partner_waits) as wait
      where told.workflow_id = cases.case_number || '/' || (view->'waitingOn'->>'what') limit 1), view->'waitingOn') as "waitingOn"
  from cases where is_open
  ${filter.flow === undefined ? sql`` : sql`and flow = ${filter.flow}`}
  ${filter.severity === undefined ? sql`` : sql`and severity = ${filter.severity}`}
  ${filter.assignee === undefined ? sql`` : sql`and assignee = ${filter.assignee}`}
  ${filter.overdue === undefined ? sql`` : sql`and coalesce(next_due_at < now(), false) = ${filter.overdue}`}
  ${
    after === undefined
      ? sql``
      : sql`and (${dueFirst(sql)}) > (coalesce(${after[0]}::timestamptz, 'infinity'::timestamptz), ${after[1]})`
  }
  order by ${dueFirst(sql)} limit ${filter.limit + 1}`;
