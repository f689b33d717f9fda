import type { Sql } from '../../db/connect.ts';
import type { OnCall } from '../../domain/dispatch.ts';
import type { OnCallRequest } from './index.ts';

/** The ladder that stands at the asked instant: who has the fault's skill first, then everybody else, each in the roster's order. */
export function onCall(sql: Sql, request: OnCallRequest): Promise<OnCall[]> {
  const { territory, productClass, skill, at } = request;
  return sql<OnCall[]>`
    select staff_number as "staffNumber",
      (row_number() over (order by (${skill}::text is null or ${skill} = any(skills)) desc, position))::int as rung
    from on_call_duties
    where territory = ${territory} and product_class = ${productClass} and period @> ${at}::timestamptz
    order by rung`;
}
