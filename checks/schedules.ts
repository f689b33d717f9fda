/** Invariants of schedules and the cases that they open (N22). */
import { type Checker, checker } from './checker.ts';

/** A nominal time opened one case, which is the one that its occurrence names; schedules that don't overlap have one open. */
const casesOnce = checker(
  'N22',
  (sql) => sql`
  with due_cases as (
    select case_number, is_open, plan->'occurrence' as due from cases where plan->'occurrence' <> 'null'
  )
  select due->>'scheduleNumber' || ' ' || (due->>'nominalAt') as subject, count(*) || ' cases' as detail
  from due_cases group by due->>'scheduleNumber', due->>'nominalAt' having count(*) > 1
  union all
  select o.schedule_number || ' ' || iso(nominal_at), 'names ' || o.case_number
  from schedule_occurrences o left join due_cases r using (case_number)
  where o.case_number is not null and (due->>'scheduleNumber' is distinct from o.schedule_number
    or (o.result = 'opened' and due->>'nominalAt' <> iso(nominal_at)))
  union all
  select case_number, 'a case of no occurrence' from due_cases where not exists (
    select from schedule_occurrences o where o.case_number = due_cases.case_number and result = 'opened')
  union all
  select due->>'scheduleNumber', count(*) || ' cases open that may not overlap' from due_cases
  where is_open and due->>'overlap' <> 'allowAll' group by due->>'scheduleNumber' having count(*) > 1`,
);

/** Each version of a schedule has its line in the audit log; demo data has none. */
const schedulesTold = checker(
  'schedulesTold',
  (sql) => sql`
  select schedule_number as subject, 'version ' || version || ', ' || count(e.seq) || ' lines' as detail
  from schedules s left join case_events e
    on e.case_number is null and e.subject = schedule_number and e.event_key ~ ('^' || schedule_number || '/[0-9]+$')
  where scope <> 'demo' group by schedule_number having count(e.seq) <> version`,
);

export const scheduleCheckers = { N22: casesOnce, schedulesTold } as const satisfies Record<
  string,
  Checker
>;
