import { sql } from 'drizzle-orm';
import { caseCycles, caseEvents, cases, correctiveActions, effectChecks } from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

/** A cycle that was followed by another one ended, and still shows what it ended with. */
const cyclesKept = checker(
  'N6',
  sql`
  select ${cases.caseNumber} as subject, 'cycle ' || k.cycle || ' lost its end' as detail
  from ${cases} cross join generate_series(1, ${cases.cycle} - 1) as k (cycle)
  left join ${caseCycles} on ${caseCycles.caseNumber} = ${cases.caseNumber} and ${caseCycles.cycle} = k.cycle
  where ${caseCycles.endedAt} is null or ${caseCycles.closingView}->>'status' is distinct from 'closed'
    or (${caseCycles.closingView}->>'cycle')::int <> k.cycle
  union all
  select ${caseEvents.caseNumber}, ${caseEvents.subject} || ' answered in cycles ' || string_agg(distinct ${caseEvents.cycle}::text, ', ')
  from ${caseEvents} where ${caseEvents.kind} = 'taskAnswered'
  group by ${caseEvents.caseNumber}, ${caseEvents.subject} having count(distinct ${caseEvents.cycle}) > 1`,
);

const { treatedFailures, treatedUnits, priorFailures, priorUnits } = effectChecks;

/** A report that closed with an action in place has its effect watched; the verdict is what the numbers say; one that failed goes on,
 *  in its next cycle or in another report of the same fault; there are never two at once. */
const defectsClosed = checker(
  'N23',
  sql`
  select ${cases.caseNumber} as subject, 'cycle ' || ${caseCycles.cycle} || ' closed, and no action is watched' as detail
  from ${caseCycles} join ${cases} using (${names(cases.caseNumber)})
  where ${cases.flow} = 'defectReport' and ${caseCycles.endedAt} is not null
    and not exists (select from ${correctiveActions}
      where ${correctiveActions.caseNumber} = ${caseCycles.caseNumber} and ${correctiveActions.cycle} = ${caseCycles.cycle})
    and coalesce(${caseCycles.closingView}, case when ${cases.cycle} = ${caseCycles.cycle} then ${cases.view} end)->>'outcome'
      = 'correctiveActionInPlace'
  union all
  select ${effectChecks.caseNumber}, 'verdict ' || ${effectChecks.effective} || ' on ' || ${treatedFailures} || '/' || ${treatedUnits}
    || ' against ' || ${priorFailures} || '/' || ${priorUnits} from ${effectChecks}
  where ${effectChecks.effective} <> (${treatedFailures} = 0 or (${priorFailures} > 0
    and 100.0 * ${treatedFailures} * ${priorUnits} <= 1.0 * ${effectChecks.atMostPercent} * ${priorFailures} * ${treatedUnits}))
  union all
  select ${cases.caseNumber}, 'failed in cycle ' || ${effectChecks.cycle} || ', and stands in ' || ${cases.cycle}
  from ${effectChecks} join ${cases} using (${names(cases.caseNumber)})
  where ${effectChecks.nextCycle} is not null and ${cases.cycle} < ${effectChecks.nextCycle}
  union all
  select ${cases.twinKey}, count(*) || ' open reports' from ${cases}
  where ${cases.flow} = 'defectReport' and ${cases.isOpen} and not ${cases.allowDuplicate}
  group by ${cases.twinKey} having count(*) > 1`,
);

/** What must never be true of defects and of cases that went on in a further cycle. */
export const defectCheckers = { N6: cyclesKept, N23: defectsClosed } as const satisfies Record<
  string,
  Checker
>;
