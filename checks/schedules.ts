/** Invariants of schedules and the cases that they open (N22). */
import { sql } from 'drizzle-orm';
import { caseEvents, cases, scheduleOccurrences, schedules } from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

const { scheduleNumber, nominalAt, caseNumber, result } = scheduleOccurrences;

/** A nominal time opened one case, which is the one that its occurrence names; schedules that don't overlap have one open. */
const casesOnce = checker(
  'N22',
  sql`
  with due_cases as (
    select ${cases.caseNumber}, ${cases.isOpen}, ${cases.plan}->'occurrence' as due from ${cases}
    where ${cases.plan}->'occurrence' <> 'null'
  )
  select due->>'scheduleNumber' || ' ' || (due->>'nominalAt') as subject, count(*) || ' cases' as detail
  from due_cases group by due->>'scheduleNumber', due->>'nominalAt' having count(*) > 1
  union all
  select ${scheduleNumber} || ' ' || iso(${nominalAt}), 'names ' || ${caseNumber}
  from ${scheduleOccurrences} left join due_cases using (${names(caseNumber)})
  where ${caseNumber} is not null and (due->>'scheduleNumber' is distinct from ${scheduleNumber}
    or (${result} = 'opened' and due->>'nominalAt' <> iso(${nominalAt})))
  union all
  select case_number, 'a case of no occurrence' from due_cases where not exists (
    select from ${scheduleOccurrences} where ${caseNumber} = due_cases.case_number and ${result} = 'opened')
  union all
  select due->>'scheduleNumber', count(*) || ' cases open that may not overlap' from due_cases
  where is_open and due->>'overlap' <> 'allowAll' group by due->>'scheduleNumber' having count(*) > 1`,
);

/** Each version of a schedule has its line in the audit log; demo data has none. */
const schedulesLogged = checker(
  'schedulesLogged',
  sql`
  select ${schedules.scheduleNumber} as subject, 'version ' || ${schedules.version} || ', ' || count(${caseEvents.seq}) || ' lines' as detail
  from ${schedules} left join ${caseEvents} on ${caseEvents.caseNumber} is null
    and ${caseEvents.subject} = ${schedules.scheduleNumber}
    and ${caseEvents.eventKey} ~ ('^' || ${schedules.scheduleNumber} || '/[0-9]+$')
  where ${schedules.scope} <> 'demo' group by ${schedules.scheduleNumber} having count(${caseEvents.seq}) <> ${schedules.version}`,
);

export const scheduleCheckers = { N22: casesOnce, schedulesLogged } as const satisfies Record<
  string,
  Checker
>;
