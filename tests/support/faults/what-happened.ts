import type { Sql } from '../../../db/connect.ts';

/** Everything a case did to the world, without what differs from one case to the next: numbers, instants, who was free. */
export interface WhatHappened {
  /** `kind subject` of each line that a workflow told, in its order, per workflow; effects apart, since some are done side by side. */
  timeline: Record<string, string[]>;
  effects: Record<string, string[]>;
  messages: string[];
  movements: string[];
  reservations: string[];
  loans: string[];
  appointments: string[];
  records: string[];
}

/** Reads it from the database, with the case's own number left out. A line counts where it came first: of a step that was lost and
 *  told anew the timeline keeps both; that no act is taken twice is for the checkers to say. */
export async function whatHappened(sql: Sql, caseNumber: string): Promise<WhatHappened> {
  const list = async (rows: PromiseLike<{ line: string }[]>) =>
    (await rows).map(({ line }) => line.replaceAll(caseNumber, 'C'));
  const lines = await sql<{ workflow: string; line: string; effect: boolean }[]>`
    select workflow_id as workflow, concat_ws(' ', kind, subject) as line, kind = 'effectDone' as effect
    from case_events where case_number = ${caseNumber} and workflow_id is not null
      and kind <> 'reportedAgain' order by seq`;
  const lineOf = ({ line }: { line: string }) => line.replaceAll(caseNumber, 'C');
  const of = (workflow: string, effect: boolean) => [
    ...new Set(
      lines.filter((one) => one.workflow === workflow && one.effect === effect).map(lineOf),
    ),
  ];
  const workflows = [...new Set(lines.map(({ workflow }) => workflow))].sort();
  const named = (lines: (workflow: string) => string[]) =>
    Object.fromEntries(workflows.map((id) => [id.replace(caseNumber, 'C'), lines(id)]));
  return {
    timeline: named((id) => of(id, false)),
    effects: named((id) => of(id, true).sort()),
    messages: await list(sql`
      select concat_ws(' ', regexp_replace(effect_key, '/[^/]*$', ''), sequence, template, status) as line
      from notifications where case_number = ${caseNumber} order by 1`),
    movements: await list(sql`
      select concat_ws(' ', effect_key, kind, part_number, on_hand_delta, reserved_delta, on_loan_delta) as line
      from part_movements where effect_key like ${`${caseNumber}/%`} order by 1`),
    reservations: await list(sql`
      select concat_ws(' ', reservation_key, status) as line
      from part_reservations where reservation_key like ${`${caseNumber}/%`} order by 1`),
    loans: await list(sql`
      select concat_ws(' ', loan_number, part_number, issued, used_with_core, returned_unused, written_off) as line
      from part_loans join part_loan_lines using (loan_number) where case_number = ${caseNumber} order by 1`),
    appointments: await list(sql`
      select concat_ws(' ', booking_key, status) as line
      from appointments where booking_key like ${`${caseNumber}/%`} order by 1`),
    records: await list(records(sql, caseNumber)),
  };
}

const records = (sql: Sql, caseNumber: string) => sql<{ line: string }[]>`
  select concat_ws(' ', 'record', version, round, effect_key) as line from service_records where case_number = ${caseNumber}
  union all select concat_ws(' ', 'signature', version, signed, rating, effect_key) from signatures where case_number = ${caseNumber}
  union all select concat_ws(' ', 'claim', effect_key) from warranty_claims where case_number = ${caseNumber}
  union all select concat_ws(' ', 'knowledge', product_model, fault_code, effect_key) from knowledge_articles where case_number = ${caseNumber}
  union all select concat_ws(' ', 'archive', service_type, effect_key) from archives where case_number = ${caseNumber}
  union all select concat_ws(' ', 'old part', part_number, effect_key) from faulty_parts where case_number = ${caseNumber}
  union all select concat_ws(' ', 'effect', effect_key) from effects
    where effect_key like ${`${caseNumber}/%`} and effect_key not like '%/progress/%'
  order by 1`;
