import { type Checker, checker } from './checker.ts';

/** A plan's nominal time opened one round, which is the one that its occurrence names; plans that don't overlap have one open. */
const roundsOnce = checker(
  'N22',
  (sql) => sql`
  with rounds as (
    select case_number, is_open, plan->'occurrence' as due from cases where plan->'occurrence' <> 'null'
  )
  select due->>'planNumber' || ' ' || (due->>'nominalAt') as subject, count(*) || ' rounds' as detail
  from rounds group by due->>'planNumber', due->>'nominalAt' having count(*) > 1
  union all
  select o.plan_number || ' ' || iso(nominal_at), 'names ' || o.case_number
  from inspection_occurrences o left join rounds r using (case_number)
  where o.case_number is not null and (due->>'planNumber' is distinct from o.plan_number
    or (o.result = 'opened' and due->>'nominalAt' <> iso(nominal_at)))
  union all
  select case_number, 'a round of no occurrence' from rounds where not exists (
    select from inspection_occurrences o where o.case_number = rounds.case_number and result = 'opened')
  union all
  select due->>'planNumber', count(*) || ' rounds open that may not overlap' from rounds
  where is_open and due->>'overlap' <> 'allowAll' group by due->>'planNumber' having count(*) > 1`,
);

/** Whatever the analysis of a round handed on became a case, was found open, or is said to be refused. */
const findingsHandedOn = checker(
  'findingsHandedOn',
  (sql) => sql`
  select case_number as subject, jsonb_array_length(answer->'repairs') + jsonb_array_length(answer->'defects')
    || ' findings, ' || linked || ' linked' as detail
  from (
    select c.case_number, e.detail->'answer' as answer,
      jsonb_array_length(coalesce(view->'facts'->'linkedCases', '[]')) as linked
    from cases c join case_events e using (case_number)
    where flow = 'scheduledInspection' and view->>'outcome' = 'inspected'
      and e.kind = 'taskAnswered' and e.subject like 'analyseFindings-%'
  ) analysed
  where jsonb_array_length(answer->'repairs') + jsonb_array_length(answer->'defects') <> linked`,
);

/** Each version of a plan has its line in the audit log; demo data has none. */
const plansTold = checker(
  'plansTold',
  (sql) => sql`
  select plan_number as subject, 'version ' || version || ', ' || count(e.seq) || ' lines' as detail
  from inspection_plans p left join case_events e
    on e.case_number is null and e.subject = plan_number and e.event_key ~ ('^' || plan_number || '/[0-9]+$')
  where scope <> 'demo' group by plan_number having count(e.seq) <> version`,
);

/** Invariants of inspections and their plans (FLOW-INSP). */
export const inspectionCheckers = {
  N22: roundsOnce,
  findingsHandedOn,
  plansTold,
} as const satisfies Record<string, Checker>;
