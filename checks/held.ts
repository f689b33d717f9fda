/** Invariants of what is held for cases: parts, loans, visits (I1 to I5). */
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  appointments,
  cases,
  partLoanLines,
  partLoans,
  partMovements,
  partReservations,
  stock,
} from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

const { location, partNumber } = stock;
const place = names(location, partNumber);

/** No part is reserved twice for one line; stock is never oversold. */
const partsOnce = checker(
  'I1',
  sql`
  select ${partMovements.reference} as subject, ${partMovements.partNumber} || ' reserved ' || count(*) || ' times' as detail
  from ${partMovements} where ${partMovements.kind} = 'reserve'
  group by ${partMovements.reference}, ${partMovements.partNumber} having count(*) > 1
  union all
  select ${location} || ' ' || ${partNumber}, 'on hand ' || ${stock.onHand} || ', reserved ' || ${stock.reserved} from ${stock}
  where ${stock.reserved} < 0 or ${stock.onHand} < ${stock.reserved} or ${stock.onLoan} < 0`,
);

/** Movements sum to totals; reserved is what open reservations hold; on loan is what loans have outstanding. */
const stockConserved = checker(
  'I2',
  sql`
  with ledger as (
    select ${partMovements.location}, ${partMovements.partNumber}, sum(${partMovements.onHandDelta}) as on_hand,
      sum(${partMovements.reservedDelta}) as reserved, sum(${partMovements.onLoanDelta}) as on_loan
    from ${partMovements} group by 1, 2
  ), held as (
    select line->>'location' as location, line->>'partNumber' as part_number, sum((line->>'quantity')::int) as quantity
    from ${partReservations}, jsonb_array_elements(${partReservations.lines}) as line
    where ${partReservations.status} = 'reserved' group by 1, 2
  ), lent as (
    select ${partLoanLines.location}, ${partLoanLines.partNumber}, sum(${partLoanLines.outstanding}) as quantity
    from ${partLoanLines} group by 1, 2
  )
  select location || ' ' || part_number as subject, concat_ws(', ',
    'totals ' || (${stock.onHand}, ${stock.reserved}, ${stock.onLoan}), 'ledger ' || (l.on_hand, l.reserved, l.on_loan),
    'reservations ' || h.quantity, 'loans ' || o.quantity) as detail
  from ${stock} full join ledger l using (${place}) full join held h using (${place}) full join lent o using (${place})
  where (coalesce(${stock.onHand}, 0), coalesce(${stock.reserved}, 0), coalesce(${stock.onLoan}, 0))
      is distinct from (coalesce(l.on_hand, 0), coalesce(l.reserved, 0), coalesce(l.on_loan, 0))
    or coalesce(${stock.reserved}, 0) <> coalesce(h.quantity, 0)
    or coalesce(${stock.onLoan}, 0) <> coalesce(o.quantity, 0)`,
);

/** A case that ended holds no reservation and no visit; a closed one no loan that is neither cleared nor waived by name. */
const obligationsSettled = checker(
  'I3',
  sql`
  select ${cases.caseNumber} as subject, 'reserved under ' || ${partReservations.reservationKey} as detail
  from ${cases} join ${partReservations} using (${names(cases.caseNumber)})
  where not ${cases.isOpen} and ${partReservations.status} = 'reserved'
  union all
  select ${cases.caseNumber}, 'visit booked under ' || ${appointments.bookingKey}
  from ${cases} join ${appointments} using (${names(cases.caseNumber)})
  where not ${cases.isOpen} and ${appointments.status} = 'booked'
  union all
  select ${cases.caseNumber}, ${partLoans.loanNumber} || ' has ' || sum(${partLoanLines.outstanding}) || ' outstanding'
  from ${cases} join ${partLoans} using (${names(cases.caseNumber)})
  join ${partLoanLines} using (${names(partLoans.loanNumber)})
  where ${cases.status} = 'closed' and not exists (select from jsonb_array_elements(${cases.view}->'waivers') w
    where w->>'id' = split_part(${partLoans.loanNumber}, '/', 2))
  group by 1, ${partLoans.loanNumber} having sum(${partLoanLines.outstanding}) > 0`,
);

/** What was released holds nothing, what was barred was never booked. */
const compensationsLast = checker(
  'I4',
  sql`
  select ${partReservations.reservationKey} as subject,
    ${partMovements.partNumber} || ' still holds ' || sum(${partMovements.reservedDelta}) as detail
  from ${partReservations} join ${partMovements} on ${partMovements.reference} = ${partReservations.reservationKey}
  where ${partReservations.status} in ('released', 'short', 'issued')
  group by 1, ${partMovements.partNumber} having sum(${partMovements.reservedDelta}) <> 0
  union all
  select ${appointments.bookingKey}, 'barred, yet booked for ' || ${appointments.engineerNumber} from ${appointments}
  where ${appointments.status} = 'barred' and ${appointments.engineerNumber} is not null`,
);

const other = alias(appointments, 'other');

/** No engineer has two visits at one time, no case two visits at once. */
const visitsExclusive = checker(
  'I5',
  sql`
  select ${appointments.engineerNumber} as subject, ${appointments.bookingKey} || ' and ' || ${other.bookingKey} as detail
  from ${appointments} join ${appointments} ${other} on ${appointments.engineerNumber} = ${other.engineerNumber}
    and ${appointments.period} && ${other.period} and ${appointments.bookingKey} < ${other.bookingKey}
  where ${appointments.status} = 'booked' and ${other.status} = 'booked'
  union all
  select ${appointments.caseNumber}, count(*) || ' visits booked' from ${appointments}
  where ${appointments.status} = 'booked' group by ${appointments.caseNumber} having count(*) > 1`,
);

/** Invariants of parts and visits, by their id. */
export const heldCheckers = {
  I1: partsOnce,
  I2: stockConserved,
  I3: obligationsSettled,
  I4: compensationsLast,
  I5: visitsExclusive,
} as const satisfies Record<string, Checker>;
