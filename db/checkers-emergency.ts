import { type Checker, checker } from './checker.ts';

/** A drill tells nobody anything. */
const drillsSilent = checker(
  'drillsSilent',
  (sql) => sql`
  select case_number as subject, count(*) || ' messages of a drill' as detail
  from cases join notifications using (case_number) where plan->>'drill' = 'true' group by 1`,
);

/** One page of a case is open at a time, and nobody is paged without one. */
const pagesInTurn = checker(
  'pagesInTurn',
  (sql) => sql`
  select case_number as subject, count(*) || ' pages open' as detail from tasks
  where name = 'answerPage' and closed_at is null group by 1 having count(*) > 1
  union all
  select case_number, count(*) || ' pages of ' || (recipient->>'staffNumber') from notifications n
  where template = 'paged' group by case_number, recipient
  having count(*) > (select count(*) from tasks t where t.case_number = n.case_number
    and name = 'answerPage' and context->>'paged' = n.recipient->>'staffNumber')`,
);

/** Who is on call is of the support staff of that territory. */
const ladderWhole = checker(
  'ladderWhole',
  (sql) => sql`
  select territory || ' ' || product_class || ' ' || position as subject, staff_number || ', ' || role as detail
  from on_call_duties join staff using (staff_number)
  where role <> 'support' or not territory = any(territories)`,
);

/** Invariants of emergencies (FLOW-EMER, FLOW-DRILL). */
export const emergencyCheckers = {
  drillsSilent,
  pagesInTurn,
  ladderWhole,
} as const satisfies Record<string, Checker>;
