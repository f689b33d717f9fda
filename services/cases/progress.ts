import type { Fragment, Sql } from '../../db/connect.ts';
import { gate, json, retrying } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import type { CaseProgress } from '../../domain/case.ts';

export interface ProgressStore {
  /** Claims `(case, cycle)` for a chain of runs (D5): true for its first claimant and for every repetition by the same one.
   *  False when another chain holds it, when the cycle has ended, or when the case has no row (I10, I12). */
  claimCycle(claim: {
    caseNumber: string;
    cycle: number;
    firstExecutionRunId: string;
  }): Promise<boolean>;
  /** Writes one step of the read model and its timeline lines by one statement, once per effect key, never backwards in revision. */
  record(progress: CaseProgress): Promise<void>;
}

/** Keeps the read model as the workflows tell it (I12, I13, I19). */
export function createProgressStore(sql: Sql): ProgressStore {
  return {
    async claimCycle({ caseNumber, cycle, firstExecutionRunId }) {
      await sql`
        insert into case_cycles (case_number, cycle, first_execution_run_id)
        select case_number, ${cycle}, ${firstExecutionRunId} from cases where case_number = ${caseNumber}
        on conflict do nothing`;
      // Read by a statement of its own: the insert's own snapshot lacks a row that it had to wait for.
      const [held] =
        await sql`select from case_cycles where case_number = ${caseNumber} and cycle = ${cycle}
        and first_execution_run_id = ${firstExecutionRunId} and ended_at is null`;
      return held !== undefined;
    },
    async record(progress) {
      await retrying(() => recordStep(sql, progress));
    },
  };
}

/** A reset run tells the same revisions anew, and may tell them differently: the key alone would lose what it says. */
function stepKey(progress: CaseProgress): { key: string; hash: string } {
  const { runId, ...told } = progress;
  const hash = hashOf(told);
  return { key: `${progress.effectKey}#${hash.slice(0, 16)}`, hash };
}

async function recordStep(sql: Sql, progress: CaseProgress): Promise<void> {
  const { key, hash } = stepKey(progress);
  await sql`
    with fresh as (${gate(sql, key, hash)}),
    newer as (${newer(sql, progress)}),
    shown as (${showView(sql, progress)}),
    ended as (${endCycle(sql, progress)}),
    closed as (${closeTasks(sql, progress)}),
    opened as (${openTasks(sql, progress)})
    insert into case_events (event_key, case_number, workflow_id, run_id, cycle, kind, at, actor_id,
      actor_role, reason, subject, update_id, detail)
    select ${eventKey(sql, progress)}, ${progress.caseNumber}, ${progress.workflowId}, ${progress.runId}, ${progress.cycle},
      e->>'kind', (e->>'at')::timestamptz, e->'actor'->>'id', e->'actor'->>'role', e->>'reason',
      e->>'subject', e->>'updateId', coalesce(e->'detail', '{}')
    from fresh, jsonb_array_elements(${json(sql, progress.events)}::jsonb) with ordinality as told (e, n)
    order by n on conflict (event_key) do nothing`;
}

// Told anew, an act is still the same act, and any other event the same when it comes in the same place.
const eventKey = (
  sql: Sql,
  { workflowId, cycle, revision, events }: CaseProgress,
): Fragment => sql`concat_ws('/', ${`${workflowId}/${cycle}/event`}::text,
      coalesce(e->>'updateId', (${revision - events.length}::int + n)::text), e->>'kind', e->>'subject')`;

// A lost step may be told anew otherwise under the same revision: what is told last stands.
// A run not heard of before speaks for the workflow from now on; one that it replaced is only written to the timeline.
const newer = (
  sql: Sql,
  { workflowId, caseNumber, cycle, revision, runId, partnerWaits = [], changes = {} }: CaseProgress,
): Fragment => sql`
  insert into case_workflows as known (workflow_id, case_number, cycle, revision, runs, partner_waits, changes)
  select ${workflowId}, ${caseNumber}, ${cycle}::int, ${revision}::int, array[${runId}], ${json(sql, partnerWaits)},
    ${json(sql, changes)} from fresh
  on conflict (workflow_id) do update
  set cycle = excluded.cycle, revision = excluded.revision, partner_waits = excluded.partner_waits,
    changes = excluded.changes, told_at = clock_timestamp(), checked_revision = null,
    runs = case when ${runId} = any(known.runs) then known.runs else known.runs || excluded.runs end
  where ${runId} <> all(known.runs) or (known.runs[cardinality(known.runs)] = ${runId}
    and (excluded.cycle, excluded.revision) >= (known.cycle, known.revision))
  returning workflow_id`;

const showView = (
  sql: Sql,
  { caseNumber, view, cycle, revision, runId }: CaseProgress,
): Fragment =>
  view === null
    ? sql`select`
    : sql`
  update cases set view = ${json(sql, view)}, cycle = ${cycle}, revision = ${revision}, status = ${view.status},
    stage = ${view.stage}, severity = ${view.severity}, alert_level = ${view.alertLevel},
    assignee = ${view.assignee}, next_due_at = ${view.nextDueAt}, closed_at = ${view.closedAt},
    run_id = ${runId}, started_at = coalesce(started_at, clock_timestamp())
  from newer where case_number = ${caseNumber} returning case_number`;

const terminal = ['closed', 'rejected', 'canceled'];
const endCycle = (sql: Sql, { caseNumber, view, cycle }: CaseProgress): Fragment =>
  view === null || !terminal.includes(view.status)
    ? sql`select`
    : sql`
  update case_cycles set ended_at = coalesce(ended_at, now())
  from shown where case_cycles.case_number = ${caseNumber} and case_cycles.cycle = ${cycle}`;

const closeTasks = (sql: Sql, { workflowId, openTasks: open }: CaseProgress): Fragment => sql`
  update tasks set closed_at = clock_timestamp() from newer
  where tasks.workflow_id = ${workflowId} and closed_at is null
    and task_id <> all(${open.map((task) => task.id)}::text[])`;

const openTasks = (
  sql: Sql,
  { caseNumber, workflowId, openTasks: open }: CaseProgress,
): Fragment => sql`
  insert into tasks (case_number, task_id, workflow_id, name, role, assignee, stage, context, opened_at, due_at)
  select ${caseNumber}, t.id, ${workflowId}, t.name, t.role, t.assignee, t.stage, coalesce(t.context, '{}'),
    t."openedAt", t."dueAt"
  from newer, jsonb_to_recordset(${json(sql, open)}::jsonb) as t (id text, name text, role text,
    assignee text, stage text, context jsonb, "openedAt" timestamptz, "dueAt" timestamptz)
  on conflict (case_number, task_id) do update
  set assignee = excluded.assignee, due_at = excluded.due_at, context = excluded.context, closed_at = null`;
