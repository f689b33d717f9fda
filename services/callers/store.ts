import { sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { callCounts } from '../../db/schema.ts';
import { names, param, rows, statement } from '../../db/statement.ts';
import type { CallerStore, Calls } from './index.ts';

/** Counts in our own database, those of the last two minutes. */
export const createCallerStore = (client: Sql): CallerStore => {
  const db = drizzle(client);
  return { addCalls: (minute, made) => addCalls(db, minute, made) };
};

// in one order, so that two processes never wait for each other
const addCalls = statement((db, minute: number, made: Calls[]) => {
  const { caller, calls } = callCounts;
  return rows(
    db,
    { caller, calls },
    (answer) => sql`
    with old as (delete from ${callCounts} where ${callCounts.minute} < ${minute}::integer - 1)
    insert into ${callCounts} (${names(caller, callCounts.minute, calls)})
    select made.caller, ${minute}::integer, made.calls
    from jsonb_to_recordset(${param(made)}::jsonb) as made (caller text, calls integer) order by made.caller
    on conflict (${names(caller, callCounts.minute)}) do update set calls = ${calls} + excluded.calls
    returning ${answer}`,
  );
});
