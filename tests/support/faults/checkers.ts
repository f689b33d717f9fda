/** The invariants that only the engine can answer for, and those that compare it with the database. */
import { setTimeout as delay } from 'node:timers/promises';
import { checkAll, type Violation } from '../../../checks/index.ts';
import type { Sql } from '../../../db/connect.ts';
import { deliveryFigures, figureLines } from '../../../services/delivery/figures.ts';
import { oneActPerKey, oneCasePerKey, openedExist, sameKeySameAnswer } from './checkers-calls.ts';
import { bounded, replays } from './checkers-histories.ts';
import { type Chain, readChains } from './histories.ts';
import { type Run, violation } from './judged.ts';

/** Runs the checkers of database and engine, one after another: I1–I16 and I18. Prints what became of the messages. */
export async function checkRun(run: Run): Promise<Violation[]> {
  await untilQuiet(run);
  process.stdout.write(`${figureLines(await deliveryFigures(run.sql)).join('\n')}\n`);
  const chains = await readChains(run.client, run.sql);
  return [
    ...(await checkAll(run.sql)),
    ...(await effectsOnce(run.sql)),
    ...(await openedExist(run)),
    ...sameKeySameAnswer(run.calls),
    ...(await oneCasePerKey(run)),
    ...(await workflowsHaveRows(run, chains)),
    ...(await finishedOnce(run, chains)),
    ...(await actsInHistory(run, chains)),
    ...oneActPerKey(run.calls, chains),
    ...(await nothingHangs(run, chains)),
    ...(await replays(chains)),
    ...chains.flatMap(bounded),
  ];
}

/** A closed case is readable as closed a moment before its workflow has ended, its messages sent: waits for that, no longer than told. */
export async function untilQuiet(
  { client, sql }: Omit<Run, 'calls'>,
  patienceMs = 15_000,
): Promise<void> {
  const end = Date.now() + patienceMs;
  const rows = await endedWorkflows(sql);
  for (const { id } of rows) {
    const handle = client.workflow.getHandle(id);
    const isRunning = async () => (await handle.describe()).status.name === 'RUNNING';
    while ((await isRunning().catch(() => false)) && Date.now() < end) await delay(100);
  }
}

/** Of cases that have ended, all but the loans that are still out and the watches over corrective actions, which outlive them. */
const endedWorkflows = (sql: Sql) => sql<{ id: string }[]>`
  select case_number as id from cases where not is_open
  union
  select workflow_id from case_workflows join cases using (case_number) where not is_open
  except
  select loan_number from part_loan_lines where outstanding > 0
  except
  select workflow_id from case_workflows where workflow_id like '%/effectCheck%'`;

/** I10: whatever runs in the engine is about a case that has a row. */
async function workflowsHaveRows({ client, sql }: Run, chains: Chain[]): Promise<Violation[]> {
  const ids = new Set(chains.map(({ workflowId }) => workflowId));
  for await (const { workflowId } of client.workflow.list()) ids.add(workflowId);
  const rows = await sql<{ number: string }[]>`select case_number as number from cases`;
  const known = new Set(rows.map(({ number }) => number));
  return [...ids]
    .filter((id) => !known.has(id.split('/')[0] ?? ''))
    .map((id) => violation('I10', id, 'workflow without a row'));
}

/** I12: a cycle is one chain of runs, and an ended cycle one that completed, whatever the case's row says now. */
async function finishedOnce({ sql }: Run, chains: Chain[]): Promise<Violation[]> {
  const claims = await sql<{ number: string; cycles: number; ended: number }[]>`
    select case_number as number, count(*) as cycles, count(ended_at) as ended from case_cycles group by 1`;
  return claims.flatMap(({ number, cycles, ended }) => {
    const own = chains.filter(({ workflowId, claimed }) => workflowId === number && claimed);
    const completed = own.filter((one) => one.completed).length;
    if (own.length === cycles && completed === ended) return [];
    const detail = `${own.length} chains, ${completed} completed; ${cycles} cycles, ${ended} ended`;
    return [violation('I12', number, detail)];
  });
}

/** I13: the acts that the histories accepted are those of the timeline, each once in both. */
async function actsInHistory({ sql }: Run, chains: Chain[]): Promise<Violation[]> {
  const told = await sql<{ workflowId: string; act: string }[]>`
    select distinct workflow_id as "workflowId", update_id as act from case_events
    where update_id is not null and workflow_id is not null and kind <> 'refused'`;
  const inTimeline = new Set(told.map(({ workflowId, act }) => `${workflowId} ${act}`));
  const accepted = chains.flatMap(({ workflowId, acts }) =>
    acts.map(({ id }) => `${workflowId} ${id}`),
  );
  const inHistory = new Set(accepted);
  return [
    ...accepted
      .filter((act, index) => accepted.indexOf(act) !== index)
      .map((act) => violation('I13', act, 'accepted twice in the history')),
    ...[...inHistory]
      .filter((act) => !inTimeline.has(act))
      .map((act) => violation('I13', act, 'in the history, not in the timeline')),
    ...[...inTimeline]
      .filter((act) => !inHistory.has(act))
      .map((act) => violation('I13', act, 'in the timeline, not in the history')),
  ];
}

/** I15: no workflow failed or was left behind by its worker; one whose case has ended runs only for an issued loan. */
async function nothingHangs({ client, sql }: Run, chains: Chain[]): Promise<Violation[]> {
  const ended = new Set((await endedWorkflows(sql)).map(({ id }) => id));
  const found = chains
    .filter(({ completed, running }) => !completed && !running)
    .map(({ workflowId, last }) => violation('I15', workflowId, `ended by ${last}`));
  for (const { workflowId } of chains.filter(({ running }) => running)) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
    if (attempt > 3)
      found.push(violation('I15', workflowId, `workflow task fails, attempt ${attempt}`));
    if (ended.has(workflowId)) found.push(violation('I15', workflowId, 'runs on after its case'));
  }
  return found;
}

/** I6 and D2: whatever its key says, no message, record, visit or archive of a case is there twice. */
export async function effectsOnce(sql: Sql): Promise<Violation[]> {
  const rows = await sql<{ subject: string; detail: string }[]>`
    select case_number as subject, 'message ' || sequence || ' ' || template || ': ' || count(*) as detail
    from notifications group by case_number, split_part(effect_key, '/message/', 1), sequence, template having count(*) > 1
    union all
    select case_number, 'record of round ' || round || ': ' || count(*) from service_records
    group by case_number, split_part(effect_key, '/', 2), round, body ? 'incident' having count(*) > 1
    union all
    select case_number, 'signature of version ' || version || ': ' || count(*) from signatures
    group by case_number, version having count(*) > 1
    union all
    select case_number, 'claim against ' || slip_number || ': ' || count(*) from warranty_claims
    where withdrawn_at is null group by case_number, slip_number, lines having count(*) > 1
    union all
    select case_number, 'knowledge entries: ' || count(*) from knowledge_articles
    group by case_number, split_part(effect_key, '/', 2) having count(*) > 1
    union all
    select case_number, 'archive codes: ' || count(*) from archives
    group by case_number, split_part(effect_key, '/', 2) having count(*) > 1
    union all
    select loan_number, part_number || ' came back ' || count(*) || ' times' from part_returns
    group by loan_number, part_number, slip_number, used_with_core, returned_unused having count(*) > 1`;
  return rows.map(({ subject, detail }) => violation('once', subject, detail));
}
