/** One step of a workflow as the read model keeps it, each by one statement (I12, I13). */
import { type SQL, sql } from 'drizzle-orm';
import { gate } from '../../db/gate.ts';
import { caseCycles, caseEvents, cases, caseWorkflows, tasks } from '../../db/schema.ts';
import { excluded, names, param, row, set, statement } from '../../db/statement.ts';
import type { CaseProgress, CaseView } from '../../domain/case.ts';

/** What a step is kept under, once. */
export interface StepKey {
  key: string;
  hash: string;
}

/** Writes one step of a case's child: its open tasks and its lines; once. */
export const recordOfChild = statement((db, progress: CaseProgress, { key, hash }: StepKey) =>
  db.execute(sql`
    with fresh as (${gate(key, hash)}),
    newer as (${newer(progress)}),
    closed as (${closeTasks(progress)}),
    opened as (${openTasks(progress)})
    ${addEvents(progress)}`),
);

/** Writes one step of a case: what it shows, its open tasks and its lines; once. The step that ends the case ends its cycle. */
export const recordOfCase = statement(
  (db, progress: CaseProgress, { key, hash }: StepKey, view: CaseView) =>
    db.execute(sql`
    with fresh as (${gate(key, hash)}),
    newer as (${newer(progress)}),
    shown as (${showView(progress, view)}),
    ended as (${endCycle(progress, view)}),
    closed as (${closeTasks(progress)}),
    opened as (${openTasks(progress)})
    ${addEvents(progress)}`),
);

function addEvents(progress: CaseProgress): SQL {
  const { caseNumber, workflowId, runId, cycle, events } = progress;
  return sql`insert into ${caseEvents} ${row(caseEvents, {
    eventKey: eventKey(progress),
    caseNumber,
    workflowId,
    runId,
    cycle,
    kind: sql`e->>'kind'`,
    at: sql`(e->>'at')::timestamptz`,
    actorId: sql`e->'actor'->>'id'`,
    actorRole: sql`e->'actor'->>'role'`,
    reason: sql`e->>'reason'`,
    subject: sql`e->>'subject'`,
    updateId: sql`e->>'updateId'`,
    detail: sql`coalesce(e->'detail', '{}')`,
  })} from fresh, jsonb_array_elements(${param(events)}::jsonb) with ordinality as event (e, n)
    order by n on conflict (${names(caseEvents.eventKey)}) do nothing`;
}

// Reported anew, an act is still the same act, and any other event the same when it comes in the same place.
const eventKey = ({ workflowId, cycle, revision, events }: CaseProgress): SQL =>
  sql`concat_ws('/', ${`${workflowId}/${cycle}/event`}::text,
      coalesce(e->>'updateId', (${revision - events.length}::int + n)::text), e->>'kind', e->>'subject')`;

// A lost step may be reported anew otherwise under the same revision: what is reported last stands.
// A run not heard of before speaks for the workflow from now on; one that it replaced is only written to the timeline.
function newer(progress: CaseProgress): SQL {
  const { workflowId, caseNumber, runId, partnerWaits = [], changes = {} } = progress;
  const { cycle, revision, runs } = caseWorkflows;
  return sql`
    insert into ${caseWorkflows} ${row(caseWorkflows, {
      workflowId,
      caseNumber,
      cycle: progress.cycle,
      revision: progress.revision,
      runs: [runId],
      partnerWaits,
      changes,
    })} from fresh
    on conflict (${names(caseWorkflows.workflowId)}) do update set ${set(caseWorkflows, {
      cycle: excluded(cycle),
      revision: excluded(revision),
      partnerWaits: excluded(caseWorkflows.partnerWaits),
      changes: excluded(caseWorkflows.changes),
      reportedAt: sql`clock_timestamp()`,
      checkedRevision: null,
      runs: sql`case when ${runId} = any(${runs}) then ${runs} else ${runs} || ${excluded(runs)} end`,
    })}
    where ${runId} <> all(${runs}) or (${runs}[cardinality(${runs})] = ${runId}
      and (${excluded(cycle)}, ${excluded(revision)}) >= (${cycle}, ${revision}))
    returning ${caseWorkflows.workflowId}`;
}

const showView = ({ caseNumber, cycle, revision, runId }: CaseProgress, view: CaseView): SQL => sql`
  update ${cases} set ${set(cases, {
    view,
    cycle,
    revision,
    status: view.status,
    stage: view.stage,
    severity: view.severity,
    alertLevel: view.alertLevel,
    assignee: view.assignee,
    nextDueAt: view.nextDueAt,
    closedAt: view.closedAt,
    runId,
    startedAt: sql`coalesce(${cases.startedAt}, clock_timestamp())`,
  })} from newer where ${cases.caseNumber} = ${caseNumber} returning ${cases.caseNumber}`;

const terminal = ['closed', 'rejected', 'canceled'];
const endCycle = ({ caseNumber, cycle }: CaseProgress, { status }: CaseView): SQL => sql`
  update ${caseCycles} set ${set(caseCycles, { endedAt: sql`coalesce(${caseCycles.endedAt}, now())` })}
  from shown where ${terminal.includes(status)}
    and ${caseCycles.caseNumber} = ${caseNumber} and ${caseCycles.cycle} = ${cycle}`;

const closeTasks = ({ workflowId, openTasks: open }: CaseProgress): SQL => sql`
  update ${tasks} set ${set(tasks, { closedAt: sql`clock_timestamp()` })} from newer
  where ${tasks.workflowId} = ${workflowId} and ${tasks.closedAt} is null
    and ${tasks.taskId} <> all(${param(open.map(({ id }) => id))}::text[])`;

const openTasks = ({ caseNumber, workflowId, openTasks: open }: CaseProgress): SQL => sql`
  insert into ${tasks} ${row(tasks, {
    caseNumber,
    taskId: sql`t.id`,
    workflowId,
    name: sql`t.name`,
    role: sql`t.role`,
    assignee: sql`t.assignee`,
    stage: sql`t.stage`,
    context: sql`coalesce(t.context, '{}')`,
    openedAt: sql`t."openedAt"`,
    dueAt: sql`t."dueAt"`,
  })} from newer, jsonb_to_recordset(${param(open)}::jsonb) as t (id text, name text, role text,
    assignee text, stage text, context jsonb, "openedAt" timestamptz, "dueAt" timestamptz)
  on conflict (${names(tasks.caseNumber, tasks.taskId)}) do update set ${set(tasks, {
    assignee: excluded(tasks.assignee),
    dueAt: excluded(tasks.dueAt),
    context: excluded(tasks.context),
    closedAt: null,
  })}`;
