import { sql } from 'drizzle-orm';
import {
  cases,
  faultyParts,
  notifications,
  onCallDuties,
  partLoans,
  partMovements,
  partReservations,
  staff,
  tasks,
  warrantyClaims,
} from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

const ofCase = names(cases.caseNumber);

/** A drill tells nobody anything, claims nothing, and leaves the stock as it was: what is lost in it is written off by name. */
const drillsSilent = checker(
  'drillsSilent',
  sql`
  with drills as (select ${cases.caseNumber} from ${cases} where ${cases.plan}->>'drill' = 'true')
  select case_number as subject, count(*) || ' messages of a drill' as detail
  from drills join ${notifications} using (${ofCase}) group by 1
  union all
  select case_number, 'claim ' || ${warrantyClaims.claimNumber} from drills join ${warrantyClaims} using (${ofCase})
  union all
  select case_number, 'old part ' || ${faultyParts.oldPartSerial} from drills join ${faultyParts} using (${ofCase})
  union all
  select case_number, ${partMovements.partNumber} || ': ' || sum(${partMovements.onHandDelta} + ${partMovements.onLoanDelta})
  from drills join (
    select ${partReservations.caseNumber}, ${partReservations.reservationKey} as reference from ${partReservations}
    union all select ${partLoans.caseNumber}, ${partLoans.loanNumber} from ${partLoans}
  ) about using (${ofCase}) join ${partMovements} using (${names(partMovements.reference)})
  where ${partMovements.kind} <> 'writeOff' group by case_number, ${partMovements.partNumber}
  having sum(${partMovements.onHandDelta} + ${partMovements.onLoanDelta}) <> 0`,
);

/** No claim stands under a case that was taken back. */
const claimsStand = checker(
  'I4',
  sql`
  select ${cases.caseNumber} as subject, ${warrantyClaims.claimNumber} || ' of a ' || ${cases.status} || ' case' as detail
  from ${cases} join ${warrantyClaims} using (${ofCase})
  where ${cases.status} in ('canceled', 'rejected') and ${warrantyClaims.withdrawnAt} is null`,
);

/** One page of a case is open at a time, and nobody is paged without one. */
const pagesInTurn = checker(
  'pagesInTurn',
  sql`
  select ${tasks.caseNumber} as subject, count(*) || ' pages open' as detail from ${tasks}
  where ${tasks.name} = 'answerPage' and ${tasks.closedAt} is null group by 1 having count(*) > 1
  union all
  select ${notifications.caseNumber}, count(*) || ' pages of ' || (${notifications.recipient}->>'staffNumber')
  from ${notifications} where ${notifications.template} = 'paged'
  group by ${notifications.caseNumber}, ${notifications.recipient}
  having count(*) > (select count(*) from ${tasks} where ${tasks.caseNumber} = ${notifications.caseNumber}
    and ${tasks.name} = 'answerPage' and ${tasks.context}->>'paged' = ${notifications.recipient}->>'staffNumber')`,
);

/** Who is on call is of the support staff of that territory. */
const ladderWhole = checker(
  'ladderWhole',
  sql`
  select ${onCallDuties.territory} || ' ' || ${onCallDuties.productClass} || ' ' || ${onCallDuties.position} as subject,
    ${staff.staffNumber} || ', ' || ${staff.role} as detail
  from ${onCallDuties} join ${staff} using (${names(staff.staffNumber)})
  where ${staff.role} <> 'support' or not ${onCallDuties.territory} = any(${staff.territories})`,
);

/** Invariants of emergencies (FLOW-EMER, FLOW-DRILL). */
export const emergencyCheckers = {
  claimsStand,
  drillsSilent,
  pagesInTurn,
  ladderWhole,
} as const satisfies Record<string, Checker>;
