import type { Fragment, Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../../db/cursor.ts';
import type { OpenTask, Role } from '../../domain/case.ts';

/** An open task and the workflow that waits for it. */
export interface WorklistTask extends OpenTask {
  caseNumber: string;
  /** The case number, or a child's `<caseNumber>/loan1`. */
  workflowId: string;
}

export interface TaskFilter {
  role?: Role | undefined;
  assignee?: string | undefined;
  /** True: only tasks whose due time has passed; false: only the others. */
  overdue?: boolean | undefined;
  caseNumber?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** `unknown`: never heard of (404); `closed`: was open once (409). */
export type TaskLookup =
  | { kind: 'open'; task: WorklistTask }
  | { kind: 'closed' }
  | { kind: 'unknown' };

export interface TaskStore {
  /** Open tasks over all cases, most urgent first. Fails `BadCursor`. */
  list(filter: TaskFilter): Promise<Page<WorklistTask>>;
  get(caseNumber: string, taskId: string): Promise<TaskLookup>;
}

/** The worklist's store (API: `GET /v1/tasks`). */
export function createTaskStore(sql: Sql): TaskStore {
  return {
    async list(filter) {
      const after = decodeCursor('tasks', filter.cursor, isTaskPosition);
      const rows = await worklist(sql, filter, after);
      return pageOf(rows, filter.limit, (last) =>
        encodeCursor('tasks', [last.dueAt, last.openedAt, last.caseNumber, last.id]),
      );
    },
    async get(caseNumber, taskId) {
      const [row] = await sql<(WorklistTask & { closedAt: string | null })[]>`
        select ${taskColumns(sql)}, closed_at as "closedAt" from tasks
        where case_number = ${caseNumber} and task_id = ${taskId}`;
      if (!row) return { kind: 'unknown' };
      const { closedAt, ...task } = row;
      return closedAt === null ? { kind: 'open', task } : { kind: 'closed' };
    },
  };
}

/** The columns of a task in the words of the wire. */
export const taskColumns = (sql: Sql): Fragment => sql`
  task_id as id, name, role, assignee, iso(opened_at) as "openedAt", iso(due_at) as "dueAt", stage, context,
  case_number as "caseNumber", workflow_id as "workflowId"`;

type TaskPosition = [dueAt: string | null, openedAt: string, caseNumber: string, taskId: string];

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isTaskPosition = (position: unknown[]): position is TaskPosition =>
  position.length === 4 &&
  (position[0] === null || isInstant(position[0])) &&
  isInstant(position[1]) &&
  typeof position[2] === 'string' &&
  typeof position[3] === 'string';

// A task without a due time sorts last.
const order = (sql: Sql) =>
  sql`coalesce(due_at, 'infinity'::timestamptz), opened_at, case_number, task_id`;

const worklist = (sql: Sql, filter: TaskFilter, after: TaskPosition | undefined) => sql<
  WorklistTask[]
>`
  select ${taskColumns(sql)} from tasks where closed_at is null
  ${filter.role === undefined ? sql`` : sql`and role = ${filter.role}`}
  ${filter.assignee === undefined ? sql`` : sql`and assignee = ${filter.assignee}`}
  ${filter.caseNumber === undefined ? sql`` : sql`and case_number = ${filter.caseNumber}`}
  ${filter.overdue === undefined ? sql`` : sql`and coalesce(due_at < now(), false) = ${filter.overdue}`}
  ${
    after === undefined
      ? sql``
      : sql`and (${order(sql)}) > (
    coalesce(${after[0]}::timestamptz, 'infinity'::timestamptz), ${after[1]}::timestamptz, ${after[2]}, ${after[3]})`
  }
  order by ${order(sql)} limit ${filter.limit + 1}`;
