/** How the database finds what lists ask for: at ten thousand cases none of them reads a whole table. */
import { beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../db/connect.ts';
import { createStores, type Stores } from '../../services/stores.ts';
import { databaseOfThisFile, openedCase, progress, task } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const tables = ['cases', 'tasks', 'case_workflows', 'case_events'];

/** One step of how the database went about it. */
interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Node[];
}
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** A client that notes what is asked through it. */
function noting(sql: Sql) {
  const asked: { text: string; params: Parameters<Sql['unsafe']>[1] }[] = [];
  const client = new Proxy(sql, {
    get(target, name) {
      if (name !== 'unsafe') return Reflect.get(target, name);
      return (...[text, params, options]: Parameters<Sql['unsafe']>) => {
        asked.push({ text, params });
        return target.unsafe(text, params, options);
      };
    },
  });
  return { client, asked };
}

/** What the database did for a list: tables that it read from end to end, and rows that it looked at. */
async function workOf(list: (stores: Stores) => Promise<{ items: unknown[] }>) {
  const { client, asked } = noting(database.sql);
  const { items } = await list(createStores(client));
  const nodes: Node[] = [];
  for (const { text, params } of asked) {
    const [found] = await database.sql.unsafe<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
      `explain (analyze, format json) ${text}`,
      params,
    );
    if (found) nodes.push(...nodesOf(found['QUERY PLAN'][0].Plan));
  }
  const read = nodes.filter((node) => tables.includes(node['Relation Name'] ?? ''));
  return {
    items: items.length,
    whole: read
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name']),
    looked: read.reduce((sum, node) => sum + rowsLookedAt(node), 0),
  };
}

const rowsLookedAt = (node: Node): number =>
  node['Actual Loops'] *
  (node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0));

/** Ten thousand cases like one: every fifth is open, and what is looked for is rare among them. */
async function fill(sql: Sql, like: string): Promise<void> {
  await sql`
    insert into cases (case_number, seq, scope, idempotency_key, body_hash, flow, plan, view, status, severity, alert_level,
      assignee, next_due_at, customer_number, serial_number, fault_code, opened_by, opened_at, run_id, started_at)
    select case_number_of(n), n, 'fill', n::text, body_hash, case when n % 1000 = 0 then 'defectReport' else flow end,
      plan, view || jsonb_build_object('caseNumber', case_number_of(n)), case when n % 5 = 0 then 'inProgress' else 'closed' end,
      case when n % 1000 = 0 then 'low' else 'high' end, case when n % 1000 = 0 then 3 else 0 end, 'ST-' || n % 500,
      case when n % 5 = 0 then now() + (n % 1000 - 5) * interval '1 hour' end,
      customer_number, serial_number, fault_code, opened_by, opened_at, 'run', now()
    from cases, generate_series(100001, 110000) as n where case_number = ${like}`;
  await sql`
    insert into case_workflows (workflow_id, case_number, cycle, revision, runs)
    select case_number, case_number, 1, 9, '{run}' from cases where scope = 'fill'`;
  await sql`
    insert into tasks (case_number, task_id, workflow_id, name, role, assignee, stage, context, opened_at, due_at, closed_at)
    select case_number, 'reportRepair-' || n, case_number, 'reportRepair', case when c.seq % 1000 = 0 then 'quality' else 'engineer' end,
      c.assignee, 'repairing', '{}', opened_at, next_due_at, case when n < 4 or not is_open then now() end
    from cases c, generate_series(1, 4) as n where scope = 'fill'`;
  await sql`
    insert into case_events (event_key, case_number, kind, at, actor_id, actor_role)
    select case_number || '/' || n, case_number, 'taskAnswered', opened_at, 'ST-02', 'engineer'
    from cases, generate_series(1, 3) as n where scope = 'fill'`;
  await sql`analyze`;
}

beforeAll(async () => {
  const like = await openedCase(database.stores);
  await database.stores.progress.record(progress(like, 1, { openTasks: [task('reportRepair-1')] }));
  await fill(database.sql, like);
});

const limit = 50;
test.each<[string, (stores: Stores) => Promise<{ items: unknown[] }>, number]>([
  ['all cases', ({ cases }) => cases.list({ limit }), limit],
  ['cases of a flow', ({ cases }) => cases.list({ flow: 'defectReport', limit }), 10],
  ['cases of a status', ({ cases }) => cases.list({ status: 'inProgress', limit }), limit],
  ['cases of a severity', ({ cases }) => cases.list({ severity: 'low', limit }), 10],
  ['cases of an alert level', ({ cases }) => cases.list({ alertLevel: 3, limit }), 10],
  ['cases of an assignee', ({ cases }) => cases.list({ assignee: 'ST-7', limit }), 20],
  ['cases past their due time', ({ cases }) => cases.list({ overdue: true, limit }), 9],
  ['a case by its number', ({ cases }) => cases.list({ q: 'c-100777', limit }), 1],
  ['a case that is not there', ({ cases }) => cases.list({ q: 'zzz-999', limit }), 0],
  ['open cases by what is due', ({ board }) => board.list({ limit }), limit],
  ['open cases of a severity', ({ board }) => board.list({ severity: 'low', limit }), 10],
  ['open cases of an assignee', ({ board }) => board.list({ assignee: 'ST-10', limit }), 20],
  ['open tasks of a role', ({ tasks }) => tasks.list({ role: 'quality', limit }), 10],
  ['open tasks of an assignee', ({ tasks }) => tasks.list({ assignee: 'ST-10', limit }), 20],
  ['open tasks past their due time', ({ tasks }) => tasks.list({ overdue: true, limit }), 9],
])('%s are found by an index', async (_, list, items) => {
  const work = await workOf(list);
  expect(work).toMatchObject({ whole: [] });
  expect(work.items).toBeGreaterThanOrEqual(items);
  expect(work.looked).toBeLessThan(600);
});
