import { sql } from 'drizzle-orm';
import { caseEvents, cases } from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

/** Whatever the analysis of a round handed on became a case, was found open, or is said to be refused. */
const findingsHandedOn = checker(
  'findingsHandedOn',
  sql`
  select case_number as subject, jsonb_array_length(answer->'repairs') + jsonb_array_length(answer->'defects')
    || ' findings, ' || linked || ' linked' as detail
  from (
    select ${cases.caseNumber}, ${caseEvents.detail}->'answer' as answer,
      jsonb_array_length(coalesce(${cases.view}->'facts'->'linkedCases', '[]')) as linked
    from ${cases} join ${caseEvents} using (${names(cases.caseNumber)})
    where ${cases.flow} = 'scheduledInspection' and ${cases.view}->>'outcome' = 'inspected'
      and ${caseEvents.kind} = 'taskAnswered' and ${caseEvents.subject} like 'analyseFindings-%'
  ) analysed
  where jsonb_array_length(answer->'repairs') + jsonb_array_length(answer->'defects') <> linked`,
);

/** Invariants of inspections (FLOW-INSP). */
export const inspectionCheckers = { findingsHandedOn } as const satisfies Record<string, Checker>;
