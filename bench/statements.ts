import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../db/connect.ts';

/** SQL statements by the process that sent them. */
export type Statements = Record<'worker' | 'api', number>;

const senders: Record<string, keyof Statements> = { afterloop: 'worker', 'afterloop-api': 'api' };

const executed = /^(?<application>[^|\n]*)\|LOG: {2}(?:execute [^:\n]*|statement): (?<text>.*)$/gm;

/** Counts the executed statements in a server log whose lines begin with `application|`. What the client library asks for itself
 *  (type names, at connecting) is no case's cost; nor is what the API looks for every two seconds, or the bench's own looking. */
export function countStatements(log: string): Statements {
  const counts: Statements = { worker: 0, api: 0 };
  const entries = log.replaceAll('\n\t', ' ');
  for (const { groups } of entries.matchAll(executed)) {
    const { application = '', text = '' } = groups ?? {};
    const sender = senders[application];
    if (sender && !/pg_catalog\.pg_type/.test(text)) counts[sender] += 1;
  }
  return counts;
}

/** Counts what everybody executes while `work` runs, by the server's own log. The embedded build has no pg_stat_statements. */
export async function countingStatements<T>(
  sql: Sql,
  work: () => Promise<T>,
): Promise<[T, Statements]> {
  await setLogging(sql, 'all');
  const from = await logLength(sql);
  const result = await work();
  const until = await logLength(sql);
  await setLogging(sql, 'none');
  const [read] = await sql<{ log: string }[]>`
    select pg_read_file('server.log', ${from}, ${until - from}) as log`;
  return [result, countStatements(read?.log ?? '')];
}

async function setLogging(sql: Sql, which: 'all' | 'none'): Promise<void> {
  await sql.unsafe(`alter system set log_statement = '${which}'`);
  await sql.unsafe(`alter system set log_line_prefix = '%a|'`);
  await sql.unsafe('alter system set log_parameter_max_length = 0');
  await sql`select pg_reload_conf()`;
  while (
    (await sql<{ now: string }[]>`select current_setting('log_statement') as now`)[0]?.now !== which
  )
    await delay(20);
  await delay(200); // every other connection was told at the same moment
}

async function logLength(sql: Sql): Promise<number> {
  const [file] = await sql<{ size: number }[]>`select size from pg_stat_file('server.log')`;
  return file?.size ?? 0;
}
