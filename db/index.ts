import type { ProgressStore } from '../activities/ports.ts';
import { type ActStore, createActStore } from './acts.ts';
import { type Billing, createBillingStore } from './billing.ts';
import { type BoardStore, createBoardStore } from './board.ts';
import { type CaseStore, createCaseStore } from './cases.ts';
import type { Sql } from './connect.ts';
import { createDirectory, type DirectoryStore } from './directory.ts';
import { createFailureStore, type FailureStore } from './failure-records.ts';
import { createHolidays, type HolidayStore } from './holidays.ts';
import { createImports, type ImportStore } from './imports.ts';
import { createPlanStore, type PlanStore } from './inspection-plans.ts';
import { createProgressStore } from './progress.ts';
import { createRecordsStore, type Records } from './records.ts';
import { createRequestStore, type RequestStore } from './requests.ts';
import { createTaskStore, type TaskStore } from './tasks.ts';
import { createTimelineStore, type TimelineStore } from './timeline.ts';

export type { ActStore } from './acts.ts';
export type { Billing } from './billing.ts';
export type { Charges, PublishedTariff } from './billing-reads.ts';
export type { BoardFilter, BoardLine, BoardStore } from './board.ts';
export type { CaseFilter, CaseRow, CaseStore, PartnerWait, PendingStart } from './cases.ts';
export type { Contact, NewCase, Opened } from './cases-open.ts';
export { type ConnectOptions, connect, type Sql } from './connect.ts';
export type { Page } from './cursor.ts';
export type {
  Asset,
  Customer,
  DirectoryStore,
  FaultCode,
  Policy,
  ReferenceKind,
  References,
  StaffMember,
} from './directory.ts';
export { hashOf } from './effects.ts';
export type { FailureRecord, FailureStore } from './failure-records.ts';
export { type FailureType, ServiceFailure, toServiceFailure } from './failures.ts';
export type { Holiday, HolidayCalendar, HolidayStore } from './holidays.ts';
export type { FileRows, ImportRow, ImportStore, NewImport, Tally } from './imports.ts';
export type { Occurrence, OccurrenceResult } from './inspection-occurrences.ts';
export type { NewPlan, PlanEdit, PlanFilter, PlanRow, PlanStore } from './inspection-plans.ts';
export type { AnswerDocument, Records } from './records.ts';
export type { Archive } from './records-filing.ts';
export type { ServiceRecord, SignatureLine } from './records-signing.ts';
export type { RequestStore } from './requests.ts';
export type { TaskFilter, TaskLookup, TaskStore, WorklistTask } from './tasks.ts';
export type { RecordedEvent, TimelineStore } from './timeline.ts';

/** Everything we remember, one store per subject. */
export interface Stores {
  acts: ActStore;
  board: BoardStore;
  cases: CaseStore;
  plans: PlanStore;
  progress: ProgressStore;
  tasks: TaskStore;
  timeline: TimelineStore;
  requests: RequestStore;
  records: Records;
  failures: FailureStore;
  billing: Billing;
  directory: DirectoryStore;
  holidays: HolidayStore;
  imports: ImportStore;
}

/** All stores on one pool; imports, whose statements are long, on another one when it is given. */
export const createStores = (sql: Sql, patient: Sql = sql): Stores => ({
  acts: createActStore(sql),
  board: createBoardStore(sql),
  cases: createCaseStore(sql),
  plans: createPlanStore(sql),
  progress: createProgressStore(sql),
  tasks: createTaskStore(sql),
  timeline: createTimelineStore(sql),
  requests: createRequestStore(sql),
  records: createRecordsStore(sql),
  failures: createFailureStore(sql),
  billing: createBillingStore(sql),
  directory: createDirectory(sql),
  holidays: createHolidays(sql),
  imports: createImports(patient),
});
