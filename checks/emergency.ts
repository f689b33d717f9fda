import { type Checker, checker } from './checker.ts';

/** A drill tells nobody anything, claims nothing, and leaves the stock as it was: what is lost in it is written off by name. */
const drillsSilent = checker(
  'drillsSilent',
  (sql) => sql`
  with drills as (select case_number from cases where plan->>'drill' = 'true')
  select case_number as subject, count(*) || ' messages of a drill' as detail
  from drills join notifications using (case_number) group by 1
  union all
  select case_number, 'claim ' || claim_number from drills join warranty_claims using (case_number)
  union all
  select case_number, 'old part ' || old_part_serial from drills join faulty_parts using (case_number)
  union all
  select case_number, part_number || ': ' || sum(on_hand_delta + on_loan_delta)
  from drills join (
    select case_number, reservation_key as reference from part_reservations
    union all select case_number, loan_number from part_loans
  ) about using (case_number) join part_movements using (reference)
  where kind <> 'writeOff' group by case_number, part_number having sum(on_hand_delta + on_loan_delta) <> 0`,
);

/** No claim stands under a case that was taken back. */
const claimsStand = checker(
  'I4',
  (sql) => sql`
  select case_number as subject, claim_number || ' of a ' || status || ' case' as detail
  from cases join warranty_claims using (case_number)
  where status in ('canceled', 'rejected') and withdrawn_at is null`,
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
  claimsStand,
  drillsSilent,
  pagesInTurn,
  ladderWhole,
} as const satisfies Record<string, Checker>;
