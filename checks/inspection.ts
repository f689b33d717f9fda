import { type Checker, checker } from './checker.ts';

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

/** Invariants of inspections (FLOW-INSP). */
export const inspectionCheckers = { findingsHandedOn } as const satisfies Record<string, Checker>;
