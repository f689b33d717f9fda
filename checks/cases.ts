/** Invariants of cases and of what their timelines say (I8 to I19, N15). */
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { caseCycles, caseEvents, cases, serviceRecords, signatures, tasks } from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

/** Case numbers say their own place in the sequence, one each. */
const numbersUnique = checker(
  'I8',
  sql`
  select ${cases.caseNumber} as subject, 'has place ' || ${cases.seq} as detail from ${cases}
  where ${cases.caseNumber} <> case_number_of(${cases.seq})
  union all
  select ${cases.scope} || ' ' || ${cases.idempotencyKey}, count(*) || ' cases' from ${cases}
  group by ${cases.scope}, ${cases.idempotencyKey} having count(*) > 1`,
);

/** Whatever a workflow reported is about a case that has a row. */
const rowsExist = checker(
  'I10',
  sql`
  select distinct ${caseEvents.workflowId} as subject, 'no row ' || coalesce(${caseEvents.caseNumber}, '') as detail
  from ${caseEvents} where ${caseEvents.workflowId} is not null
    and not exists (select from ${cases} where ${cases.caseNumber} = ${caseEvents.caseNumber})`,
);

const lost = alias(caseEvents, 'lost');

/** A finished cycle takes no answer any more. A step that was lost after it was written is reported anew by its run, in another place. */
const finishedStaysFinished = checker(
  'I12',
  sql`
  select ${caseEvents.caseNumber} as subject, ${caseEvents.kind} || ' ' || coalesce(${caseEvents.subject}, '')
    || ' after the end of cycle ' || ${caseCycles.cycle} as detail
  from ${caseEvents} join ${caseCycles} on ${caseCycles.caseNumber} = ${caseEvents.caseNumber}
    and ${caseCycles.cycle} = ${caseEvents.cycle}
  where ${caseEvents.workflowId} = ${caseEvents.caseNumber} and ${caseEvents.kind} in ('taskAnswered', 'stageEntered')
    and ${caseEvents.recordedAt} > ${caseCycles.endedAt}
    and not exists (select from ${caseEvents} ${lost} where ${lost.caseNumber} = ${caseEvents.caseNumber}
      and ${lost.runId} = ${caseEvents.runId} and ${lost.kind} = ${caseEvents.kind}
      and ${lost.subject} = ${caseEvents.subject} and ${lost.recordedAt} <= ${caseCycles.endedAt})`,
);

/** Each accepted act stands in the timeline once, and the task that it answered is not open. */
const actsOnce = checker(
  'I13',
  sql`
  select ${caseEvents.caseNumber} as subject, ${caseEvents.kind} || ' ' || coalesce(${caseEvents.subject}, '') || ' by '
    || ${caseEvents.updateId} || ': ' || count(*) || ' times' as detail
  from ${caseEvents} where ${caseEvents.updateId} is not null and ${caseEvents.workflowId} is not null
  group by ${caseEvents.caseNumber}, ${caseEvents.kind}, ${caseEvents.subject}, ${caseEvents.updateId} having count(*) > 1
  union all
  select ${caseEvents.caseNumber}, ${caseEvents.subject} || ' answered ' || count(*) || ' times'
  from ${caseEvents} where ${caseEvents.kind} = 'taskAnswered'
  group by ${caseEvents.caseNumber}, ${caseEvents.subject} having count(*) > 1
  union all
  select ${caseEvents.caseNumber}, ${tasks.taskId} || ' is answered and open'
  from ${caseEvents} join ${tasks} on ${tasks.caseNumber} = ${caseEvents.caseNumber} and ${tasks.taskId} = ${caseEvents.subject}
  where ${caseEvents.kind} = 'taskAnswered' and ${tasks.closedAt} is null`,
);

const accepted = alias(caseEvents, 'accepted');

/** A refused act was reported by no workflow, and its line says who was refused what. */
const refusalsHarmless = checker(
  'I14',
  sql`
  select coalesce(${caseEvents.caseNumber}, '–') as subject, 'refusal ' || ${caseEvents.seq} || ' without actor or subject' as detail
  from ${caseEvents} where ${caseEvents.kind} = 'refused' and (${caseEvents.actorId} = '' or ${caseEvents.subject} is null)
  union all
  select ${caseEvents.caseNumber}, ${caseEvents.subject} || ' refused and accepted by ' || ${caseEvents.actorId}
  from ${caseEvents} join ${caseEvents} ${accepted} on ${accepted.caseNumber} = ${caseEvents.caseNumber}
    and ${accepted.updateId} = ${caseEvents.updateId} and ${accepted.workflowId} is not null
    and ${accepted.actorId} = ${caseEvents.actorId} and ${accepted.recordedAt} < ${caseEvents.recordedAt}
  where ${caseEvents.kind} = 'refused' and ${caseEvents.updateId} is not null`,
);

/** An open case has a workflow that spoke, and waits for a person, a clock or a named partner. */
const nothingStuck = checker(
  'I15',
  sql`
  select ${cases.caseNumber} as subject,
    ${cases.status} || ' ' || ${cases.stage} || ', started ' || (${cases.startedAt} is not null) as detail
  from ${cases} where ${cases.isOpen} and (${cases.startedAt} is null or not (
    exists (select from ${tasks} where ${tasks.caseNumber} = ${cases.caseNumber} and ${tasks.closedAt} is null)
    or exists (select from jsonb_array_elements(${cases.view}->'clocks') k
      where k->>'state' = 'running' and k->>'dueAt' is not null)
    or ${cases.view}->'waitingOn'->>'since' is not null))`,
);

/** The columns that lists are made of say what the view says. */
const columnsAgree = checker(
  'I19',
  sql`
  select ${cases.caseNumber} as subject,
    concat_ws(' ', ${cases.status}, ${cases.stage}, ${cases.severity}, ${cases.alertLevel}) as detail
  from ${cases}
  where (${cases.status}, ${cases.stage}, ${cases.severity}, ${cases.alertLevel}::text, ${cases.cycle}::text) is distinct from
    (${cases.view}->>'status', ${cases.view}->>'stage', ${cases.view}->>'severity', ${cases.view}->>'alertLevel', ${cases.view}->>'cycle')
    or ${cases.view}->>'caseNumber' <> ${cases.caseNumber}`,
);

/** The signed version still is what was shown. */
const signaturesHold = checker(
  'N15',
  sql`
  select ${serviceRecords.caseNumber} as subject, 'version ' || ${serviceRecords.version} || ' was changed after it was signed' as detail
  from ${serviceRecords} join ${signatures} using (${names(serviceRecords.caseNumber, serviceRecords.version)})
  where ${signatures.digest} <> record_digest(${serviceRecords.body})`,
);

/** Invariants of cases, by their id. */
export const caseCheckers = {
  I8: numbersUnique,
  I10: rowsExist,
  I12: finishedStaysFinished,
  I13: actsOnce,
  I14: refusalsHarmless,
  I15: nothingStuck,
  I19: columnsAgree,
  N15: signaturesHold,
} as const satisfies Record<string, Checker>;
