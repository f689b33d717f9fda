import type { Sql } from '../db/connect.ts';
import { billingCheckers } from './billing.ts';
import { type Checker, checker, type Violation } from './checker.ts';
import { defectCheckers } from './defects.ts';
import { emergencyCheckers } from './emergency.ts';
import { inspectionCheckers } from './inspection.ts';
import { scheduleCheckers } from './schedules.ts';

export type { Checker, Violation } from './checker.ts';

/** No part is reserved twice for one line; stock is never oversold. */
const partsOnce = checker(
  'I1',
  (sql) => sql`
  select reference as subject, part_number || ' reserved ' || count(*) || ' times' as detail from part_movements
  where kind = 'reserve' group by reference, part_number having count(*) > 1
  union all
  select location || ' ' || part_number, 'on hand ' || on_hand || ', reserved ' || reserved from stock
  where reserved < 0 or on_hand < reserved or on_loan < 0`,
);

/** Movements sum to totals; reserved is what open reservations hold; on loan is what loans have outstanding. */
const stockConserved = checker(
  'I2',
  (sql) => sql`
  with ledger as (
    select location, part_number, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved,
      sum(on_loan_delta) as on_loan from part_movements group by 1, 2
  ), held as (
    select line->>'location' as location, line->>'partNumber' as part_number, sum((line->>'quantity')::int) as quantity
    from part_reservations, jsonb_array_elements(lines) as line where status = 'reserved' group by 1, 2
  ), lent as (
    select location, part_number, sum(outstanding) as quantity from part_loan_lines group by 1, 2
  )
  select location || ' ' || part_number as subject, concat_ws(', ',
    'totals ' || (s.on_hand, s.reserved, s.on_loan), 'ledger ' || (l.on_hand, l.reserved, l.on_loan),
    'reservations ' || h.quantity, 'loans ' || o.quantity) as detail
  from stock s full join ledger l using (location, part_number)
  full join held h using (location, part_number) full join lent o using (location, part_number)
  where (coalesce(s.on_hand, 0), coalesce(s.reserved, 0), coalesce(s.on_loan, 0))
      is distinct from (coalesce(l.on_hand, 0), coalesce(l.reserved, 0), coalesce(l.on_loan, 0))
    or coalesce(s.reserved, 0) <> coalesce(h.quantity, 0) or coalesce(s.on_loan, 0) <> coalesce(o.quantity, 0)`,
);

/** A case that ended holds no reservation and no visit; a closed one no loan that is neither cleared nor waived by name. */
const obligationsSettled = checker(
  'I3',
  (sql) => sql`
  select c.case_number as subject, 'reserved under ' || reservation_key as detail
  from cases c join part_reservations r using (case_number) where not is_open and r.status = 'reserved'
  union all
  select c.case_number, 'visit booked under ' || booking_key
  from cases c join appointments a using (case_number) where not is_open and a.status = 'booked'
  union all
  select c.case_number, loan_number || ' has ' || sum(outstanding) || ' outstanding'
  from cases c join part_loans l using (case_number) join part_loan_lines using (loan_number)
  where c.status = 'closed' and not exists (select from jsonb_array_elements(c.view->'waivers') w
    where w->>'id' = split_part(loan_number, '/', 2))
  group by 1, loan_number having sum(outstanding) > 0`,
);

/** What was released holds nothing, what was barred was never booked. */
const compensationsLast = checker(
  'I4',
  (sql) => sql`
  select reservation_key as subject, part_number || ' still holds ' || sum(reserved_delta) as detail
  from part_reservations join part_movements on reference = reservation_key
  where status in ('released', 'short', 'issued') group by 1, part_number having sum(reserved_delta) <> 0
  union all
  select booking_key, 'barred, yet booked for ' || engineer_number from appointments
  where status = 'barred' and engineer_number is not null`,
);

/** No engineer has two visits at one time, no case two visits at once. */
const visitsExclusive = checker(
  'I5',
  (sql) => sql`
  select a.engineer_number as subject, a.booking_key || ' and ' || b.booking_key as detail
  from appointments a join appointments b on a.engineer_number = b.engineer_number and a.period && b.period
    and a.booking_key < b.booking_key
  where a.status = 'booked' and b.status = 'booked'
  union all
  select case_number, count(*) || ' visits booked' from appointments where status = 'booked'
  group by case_number having count(*) > 1`,
);

/** Each message was attempted, and taken once per key: by its gateway, or by the outbox where none is set up. One whose turn has come
 *  does not lie about. */
const messagesDelivered = checker(
  'I6',
  (sql) => sql`
  select n.effect_key as subject, count(d.delivery) || ' attempts, '
    || count(*) filter (where d.result in ('sent', 'kept', 'delivered')) || ' taken, ' || n.status as detail
  from notifications n left join notification_deliveries d using (seq) group by n.seq
  having (count(d.delivery) = 0 and n.status not in ('pending', 'queued'))
    or count(*) filter (where d.result in ('sent', 'kept', 'delivered'))
      <> (n.status in ('sent', 'kept', 'delivered'))::int
  union all
  select 'N-' || seq, 'nobody has sent it since ' || iso(next_attempt_at) from notifications n
  where status = 'pending' and next_attempt_at < clock_timestamp() - interval '10 minutes'
    and coalesce(leased_until, '-infinity') < clock_timestamp() - interval '10 minutes'
    and not exists (select from notifications earlier where earlier.case_number = n.case_number
      and earlier.status = 'pending' and earlier.seq < n.seq)
  union all
  select 'WD-' || m.seq, count(a.attempt) filter (where a.result = 'sent') || ' times taken, ' || m.status
  from webhook_messages m left join webhook_attempts a using (seq) group by m.seq
  having m.status = 'sent' and count(*) filter (where a.result = 'sent') = 0`,
);

/** The messages of one workflow went out in its order: a child has its own. What leaves and what stays are two lines; to a
 *  subscriber the events of one case go in theirs. */
const messagesInOrder = checker(
  'I7',
  (sql) => sql`
  select effect_key as subject, sequence || ' after ' || before as detail from (
    select effect_key, sequence, lag(sequence) over (
      partition by regexp_replace(effect_key, '/[^/]*$', ''), result = 'sent' order by delivery) as before
    from notifications join notification_deliveries using (seq) where result in ('sent', 'kept', 'delivered')
  ) sent where before > sequence
  union all
  select 'WD-' || seq, 'event ' || event_seq || ' after ' || before from (
    select seq, event_seq, lag(event_seq) over (partition by webhook_number, case_number order by first_sent, seq) as before
    from (select m.*, (select min(at) from webhook_attempts a where a.seq = m.seq and result = 'sent') as first_sent
      from webhook_messages m where not redelivered) told where first_sent is not null
  ) told where before > event_seq`,
);

/** Case numbers say their own place in the sequence, one each. */
const numbersUnique = checker(
  'I8',
  (sql) => sql`
  select case_number as subject, 'has place ' || seq as detail from cases where case_number <> case_number_of(seq)
  union all
  select scope || ' ' || idempotency_key, count(*) || ' cases' from cases
  group by scope, idempotency_key having count(*) > 1`,
);

/** Whatever a workflow told is about a case that has a row. */
const rowsExist = checker(
  'I10',
  (sql) => sql`
  select distinct workflow_id as subject, 'no row ' || coalesce(case_number, '') as detail from case_events e
  where workflow_id is not null and not exists (select from cases c where c.case_number = e.case_number)`,
);

/** A finished cycle takes no answer any more. A step that was lost after it was written is told anew by its run, in another place. */
const finishedStaysFinished = checker(
  'I12',
  (sql) => sql`
  select e.case_number as subject, e.kind || ' ' || coalesce(e.subject, '') || ' after the end of cycle ' || c.cycle as detail
  from case_events e join case_cycles c on c.case_number = e.case_number and c.cycle = e.cycle
  where e.workflow_id = e.case_number and e.kind in ('taskAnswered', 'stageEntered') and e.recorded_at > c.ended_at
    and not exists (select from case_events lost where lost.case_number = e.case_number and lost.run_id = e.run_id
      and lost.kind = e.kind and lost.subject = e.subject and lost.recorded_at <= c.ended_at)`,
);

/** Each accepted act stands in the timeline once, and the task that it answered is not open. */
const actsOnce = checker(
  'I13',
  (sql) => sql`
  select case_number as subject, kind || ' ' || coalesce(subject, '') || ' by ' || update_id || ': ' || count(*) || ' times' as detail
  from case_events where update_id is not null and workflow_id is not null
  group by case_number, kind, subject, update_id having count(*) > 1
  union all
  select case_number, subject || ' answered ' || count(*) || ' times' from case_events where kind = 'taskAnswered'
  group by case_number, subject having count(*) > 1
  union all
  select e.case_number, task_id || ' is answered and open' from case_events e
  join tasks t on t.case_number = e.case_number and t.task_id = e.subject
  where e.kind = 'taskAnswered' and t.closed_at is null`,
);

/** A refused act was told by no workflow, and its line says who was refused what. */
const refusalsHarmless = checker(
  'I14',
  (sql) => sql`
  select coalesce(case_number, '–') as subject, 'refusal ' || seq || ' without actor or subject' as detail
  from case_events where kind = 'refused' and (actor_id = '' or subject is null)
  union all
  select r.case_number, r.subject || ' refused and accepted by ' || r.actor_id from case_events r
  join case_events a on a.case_number = r.case_number and a.update_id = r.update_id and a.workflow_id is not null
    and a.actor_id = r.actor_id and a.recorded_at < r.recorded_at
  where r.kind = 'refused' and r.update_id is not null`,
);

/** An open case has a workflow that spoke, and waits for a person, a clock or a named partner. */
const nothingStuck = checker(
  'I15',
  (sql) => sql`
  select case_number as subject, status || ' ' || stage || ', started ' || (started_at is not null) as detail
  from cases c where is_open and (started_at is null or not (
    exists (select from tasks t where t.case_number = c.case_number and closed_at is null)
    or exists (select from jsonb_array_elements(view->'clocks') k where k->>'state' = 'running' and k->>'dueAt' is not null)
    or view->'waitingOn'->>'since' is not null))`,
);

/** The columns that lists are made of say what the view says. */
const columnsAgree = checker(
  'I19',
  (sql) => sql`
  select case_number as subject, concat_ws(' ', status, stage, severity, alert_level) as detail from cases
  where (status, stage, severity, alert_level::text, cycle::text) is distinct from
    (view->>'status', view->>'stage', view->>'severity', view->>'alertLevel', view->>'cycle')
    or view->>'caseNumber' <> case_number`,
);

/** The signed version still is what was shown. */
const signaturesHold = checker(
  'N15',
  (sql) => sql`
  select case_number as subject, 'version ' || version || ' was changed after it was signed' as detail
  from service_records r join signatures s using (case_number, version) where s.digest <> record_digest(r.body)`,
);

/** All invariants that the database can answer for, by their id in `docs/requirements.md`; those of a flow by a word. */
export const checkers = {
  I1: partsOnce,
  I2: stockConserved,
  I3: obligationsSettled,
  I4: compensationsLast,
  I5: visitsExclusive,
  I6: messagesDelivered,
  I7: messagesInOrder,
  I8: numbersUnique,
  I10: rowsExist,
  I12: finishedStaysFinished,
  I13: actsOnce,
  I14: refusalsHarmless,
  I15: nothingStuck,
  I19: columnsAgree,
  N15: signaturesHold,
  ...billingCheckers,
  ...emergencyCheckers,
  ...defectCheckers,
  ...inspectionCheckers,
  ...scheduleCheckers,
} as const satisfies Record<string, Checker>;

/** Runs every checker, one after another: for the end of each fault and end-to-end run. */
export async function checkAll(sql: Sql): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const check of Object.values(checkers)) found.push(...(await check(sql)));
  return found;
}
