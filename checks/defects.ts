import { type Checker, checker } from './checker.ts';

/** A cycle that was followed by another one ended, and still shows what it ended with. */
const cyclesKept = checker(
  'N6',
  (sql) => sql`
  select c.case_number as subject, 'cycle ' || k.cycle || ' lost its end' as detail
  from cases c cross join generate_series(1, c.cycle - 1) as k (cycle)
  left join case_cycles done on done.case_number = c.case_number and done.cycle = k.cycle
  where done.ended_at is null or done.closing_view->>'status' is distinct from 'closed'
    or (done.closing_view->>'cycle')::int <> k.cycle
  union all
  select case_number, subject || ' answered in cycles ' || string_agg(distinct cycle::text, ', ')
  from case_events where kind = 'taskAnswered' group by case_number, subject having count(distinct cycle) > 1`,
);

/** A report that closed with an action in place has its effect watched; the verdict is what the numbers say; one that failed goes on,
 *  in its next cycle or in another report of the same fault; there are never two at once. */
const defectsClosed = checker(
  'N23',
  (sql) => sql`
  select d.case_number as subject, 'cycle ' || d.cycle || ' closed, and no action is watched' as detail
  from case_cycles d join cases c using (case_number)
  where flow = 'defectReport' and d.ended_at is not null and not exists (select from corrective_actions a
      where a.case_number = d.case_number and a.cycle = d.cycle)
    and coalesce(d.closing_view, case when c.cycle = d.cycle then c.view end)->>'outcome' = 'correctiveActionInPlace'
  union all
  select case_number, 'verdict ' || effective || ' on ' || treated_failures || '/' || treated_units || ' against '
    || prior_failures || '/' || prior_units from effect_checks
  where effective <> (treated_failures = 0 or (prior_failures > 0
    and 100.0 * treated_failures * prior_units <= 1.0 * at_most_percent * prior_failures * treated_units))
  union all
  select case_number, 'failed in cycle ' || e.cycle || ', and stands in ' || c.cycle
  from effect_checks e join cases c using (case_number) where e.next_cycle is not null and c.cycle < e.next_cycle
  union all
  select twin_key, count(*) || ' open reports' from cases
  where flow = 'defectReport' and is_open and not allow_duplicate group by twin_key having count(*) > 1`,
);

/** What must never be true of defects and of cases that went on in a further cycle. */
export const defectCheckers = { N6: cyclesKept, N23: defectsClosed } as const satisfies Record<
  string,
  Checker
>;
