import type { Sql } from '../db/connect.ts';
import { createBilling } from './billing/built-in.ts';
import type { BillingService } from './billing/index.ts';
import type { CallerStore } from './callers/index.ts';
import { createCallerStore } from './callers/store.ts';
import { createActStore } from './cases/acts.ts';
import { createBoardStore } from './cases/board.ts';
import type {
  ActStore,
  BoardStore,
  CaseStore,
  ProgressStore,
  RequestStore,
  TaskStore,
  TimelineStore,
} from './cases/index.ts';
import { createProgressStore } from './cases/progress.ts';
import { createRequestStore } from './cases/requests.ts';
import { createCaseStore } from './cases/store.ts';
import { createTaskStore } from './cases/tasks.ts';
import { createTimelineStore } from './cases/timeline.ts';
import { createDefects } from './defects/built-in.ts';
import type { DefectsService } from './defects/index.ts';
import { createDirectory } from './directory/built-in.ts';
import { createHolidays } from './directory/holidays.ts';
import type { DirectoryStore, HolidayStore } from './directory/index.ts';
import { createImports } from './imports/built-in.ts';
import type { ImportStore } from './imports/index.ts';
import { createRecords } from './records/built-in.ts';
import type { RecordsService } from './records/index.ts';
import type { ScheduleStore } from './schedules/index.ts';
import { createScheduleStore } from './schedules/schedule-rows.ts';

/** Everything that our own database remembers, one subject each. */
export interface Stores {
  acts: ActStore;
  board: BoardStore;
  callers: CallerStore;
  cases: CaseStore;
  schedules: ScheduleStore;
  progress: ProgressStore;
  tasks: TaskStore;
  timeline: TimelineStore;
  requests: RequestStore;
  records: RecordsService;
  defects: DefectsService;
  billing: BillingService;
  directory: DirectoryStore;
  holidays: HolidayStore;
  imports: ImportStore;
}

/** All of them on one pool; imports, whose statements are long, on another one when it is given. */
export const createStores = (sql: Sql, patient: Sql = sql): Stores => ({
  acts: createActStore(sql),
  board: createBoardStore(sql),
  callers: createCallerStore(sql),
  cases: createCaseStore(sql),
  schedules: createScheduleStore(sql),
  progress: createProgressStore(sql),
  tasks: createTaskStore(sql),
  timeline: createTimelineStore(sql),
  requests: createRequestStore(sql),
  records: createRecords(sql),
  defects: createDefects(sql),
  billing: createBilling(sql),
  directory: createDirectory(sql),
  holidays: createHolidays(sql),
  imports: createImports(patient),
});
