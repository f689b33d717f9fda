/** The invariants that compare what clients were answered with what is there. */
import type { Violation } from '../../../checks/index.ts';
import type { Call } from '../walker.ts';
import type { Chain } from './histories.ts';
import { type Run, violation } from './judged.ts';

/** I9: a 2xx answer to opening means that the workflow exists; asked by describe, never by list. */
export async function openedExist({ client, calls }: Run): Promise<Violation[]> {
  const numbers = new Set(openings(calls).flatMap(({ caseNumber }) => caseNumber ?? []));
  const found: Violation[] = [];
  for (const number of numbers) {
    const known = await client.workflow
      .getHandle(number)
      .describe()
      .catch(() => null);
    if (!known) found.push(violation('I9', number, '2xx, yet no workflow'));
  }
  return found;
}

const openings = (calls: Call[]) =>
  calls.filter(
    ({ method, path, status }) => method === 'POST' && path === '/v1/cases' && status < 300,
  );

/** I11: one key, one body: one case. */
export function sameKeySameAnswer(calls: Call[]): Violation[] {
  const first = new Map<string, Call>();
  return openings(calls).flatMap((call) => {
    const before = first.get(call.key ?? '') ?? call;
    first.set(call.key ?? '', before);
    if (JSON.stringify(before.body) !== JSON.stringify(call.body))
      return [violation('I11', call.key ?? '', 'another body was accepted')];
    if (before.caseNumber === call.caseNumber) return [];
    return [violation('I11', call.key ?? '', `${before.caseNumber}, then ${call.caseNumber}`)];
  });
}

/** I11, in the database: of each opening that was answered there is one row, however often it was sent. */
export async function oneCasePerKey({
  sql,
  calls,
}: Pick<Run, 'sql' | 'calls'>): Promise<Violation[]> {
  const rows = await sql<{ count: number }[]>`
    select count(*) from cases where opened_by->>'role' <> 'system'`;
  const [{ count } = { count: 0 }] = rows;
  const answered = new Set(openings(calls).map(({ key }) => key)).size;
  return count === answered
    ? []
    : [violation('I11', 'cases', `${answered} openings answered, ${count} rows`)];
}

/** I11 and I13, from the clients' side: what was answered 200 is in the history, once per key. */
export function oneActPerKey(calls: Call[], chains: Chain[]): Violation[] {
  const answered = new Set<string>();
  for (const { method, path, status, key } of calls) {
    const [, caseNumber, kind, subject = ''] =
      /^\/v1\/cases\/([^/]+)\/(tasks|actions)\/([^/]+)$/.exec(path) ?? [];
    const name = kind === 'tasks' ? /([A-Za-z]+)-\d+$/.exec(subject)?.[1] : subject;
    if (method === 'POST' && status === 200 && name)
      answered.add(`${caseNumber} ${name} ${key ?? path}`);
  }
  const ofCalls = Map.groupBy(answered, (one) => one.split(' ').slice(0, 2).join(' '));
  const ofHistory = Map.groupBy(
    chains.flatMap(({ workflowId, acts }) =>
      acts.map(({ name }) => `${workflowId.split('/')[0]} ${name}`),
    ),
    (one) => one,
  );
  return [...new Set([...ofCalls.keys(), ...ofHistory.keys()])].flatMap((act) => {
    const [said, taken] = [ofCalls.get(act)?.length ?? 0, ofHistory.get(act)?.length ?? 0];
    return said === taken
      ? []
      : [violation('I11', act, `${said} answered 200, ${taken} in the history`)];
  });
}
