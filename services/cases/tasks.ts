import { and, eq, isNull, not, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, listPage, type Page } from '../../db/cursor.ts';
import { drizzle } from '../../db/drizzle.ts';
import { tasks } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';
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
export function createTaskStore(client: Sql): TaskStore {
  const db = drizzle(client);
  return {
    async list(filter) {
      const after = decodeCursor('tasks', filter.cursor, isTaskPosition);
      const rows = await worklist(db, filter, after);
      return listPage(rows, filter.limit, (last) =>
        encodeCursor('tasks', [last.dueAt, last.openedAt, last.caseNumber, last.id]),
      );
    },
    async get(caseNumber, taskId) {
      const [row] = await taskOf(db, caseNumber, taskId);
      if (!row) return { kind: 'unknown' };
      const { closedAt, ...task } = row;
      return closedAt === null ? { kind: 'open', task } : { kind: 'closed' };
    },
  };
}

/** The columns of a task in the words of the wire. */
export const taskFields = {
  id: tasks.taskId,
  name: tasks.name,
  role: tasks.role,
  assignee: tasks.assignee,
  openedAt: tasks.openedAt,
  dueAt: tasks.dueAt,
  stage: tasks.stage,
  context: tasks.context,
  caseNumber: tasks.caseNumber,
  workflowId: tasks.workflowId,
};

const taskOf = statement((db, caseNumber: string, taskId: string) =>
  db
    .select({ ...taskFields, closedAt: tasks.closedAt })
    .from(tasks)
    .where(and(eq(tasks.caseNumber, caseNumber), eq(tasks.taskId, taskId))),
);

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
const dueOrNever = sql`coalesce(${tasks.dueAt}, 'infinity'::timestamptz)`;
const order = sql`${dueOrNever}, ${tasks.openedAt}, ${tasks.caseNumber}, ${tasks.taskId}`;

const isOverdue = sql`${dueOrNever} < now()`;

const worklist = statement((db, filter: TaskFilter, after: TaskPosition | undefined) => {
  const { role, assignee, caseNumber, overdue, limit } = filter;
  return db
    .select(taskFields)
    .from(tasks)
    .where(
      and(
        isNull(tasks.closedAt),
        role === undefined ? undefined : eq(tasks.role, role),
        assignee === undefined ? undefined : eq(tasks.assignee, assignee),
        caseNumber === undefined ? undefined : eq(tasks.caseNumber, caseNumber),
        overdue === undefined ? undefined : overdue ? isOverdue : not(isOverdue),
        after === undefined
          ? undefined
          : sql`(${order}) > (coalesce(${after[0]}::timestamptz, 'infinity'::timestamptz),
              ${after[1]}::timestamptz, ${after[2]}, ${after[3]})`,
      ),
    )
    .orderBy(order)
    .limit(limit + 1);
});
