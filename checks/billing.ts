import { sql } from 'drizzle-orm';
import {
  cases,
  invoiceCounter,
  invoices,
  partSaleLines,
  partSales,
  payments,
  quotes,
  serviceDecisions,
  tariffParts,
  tariffs,
} from '../db/schema.ts';
import { names } from '../db/statement.ts';
import { type Checker, checker } from './checker.ts';

const ofCase = names(cases.caseNumber);

/** Invoice numbers have no gap, and a void one says why. */
const invoicesDense = checker(
  'I8',
  sql`
  select 'INV-' || missing as subject, 'no invoice has this number' as detail
  from generate_series(1, greatest((select max(${invoices.number}) from ${invoices}),
    (select ${invoiceCounter.last} from ${invoiceCounter}))) as missing
  where not exists (select from ${invoices} where ${invoices.number} = missing)
  union all
  select ${invoices.invoiceNumber}, 'void without a reason' from ${invoices}
  where (${invoices.voidedAt} is null) <> (${invoices.voidReason} is null)`,
);

/** What a case that ended owes, and is owed: a closed one is paid unless that was waived by name, a canceled one took everything back;
 *  each receipt is booked once, and parts that were sold stand on its bill, no more and no less. What a partner's stock sold is known
 *  by what the invoice was told: no more than that is billed. */
const moneySettled = checker(
  'I3',
  sql`
  with ended as (
    select ${cases.caseNumber}, ${cases.status}, array(select w->>'id' from jsonb_array_elements(${cases.view}->'waivers') w) as waived
    from ${cases} where not ${cases.isOpen}
  ), due as (
    select ${invoices.caseNumber}, sum(${invoices.totalMinor}) as minor from ${invoices} where ${invoices.voidedAt} is null group by 1
  ), paid as (
    select ${payments.caseNumber}, sum(${payments.amountMinor}) as minor from ${payments} group by 1
  ), billed as (
    select ${invoices.caseNumber}, line->>'partNumber' as part_number, sum((line->>'quantity')::int) as quantity
    from ${invoices}, jsonb_array_elements(${invoices.lines}) line where line->>'item' = 'part' group by 1, 2
  ), sold as (
    select ${partSales.caseNumber}, ${partSaleLines.partNumber},
      sum(${partSaleLines.issued} - ${partSaleLines.returned}) filter (where ${partSales.terms} = 'charged') as charged,
      sum(${partSaleLines.issued} - ${partSaleLines.returned}) filter (where ${partSales.terms} <> 'rework') as billable
    from ${partSaleLines} join ${partSales} using (${names(partSales.reservationKey)}) group by 1, 2
    union all
    select ${invoices.caseNumber}, line->>'partNumber', 0, max((line->>'quantity')::int)
    from ${invoices}, jsonb_array_elements(${invoices.drawn}) line
    where not exists (select from ${partSales} where ${partSales.caseNumber} = ${invoices.caseNumber}) group by 1, 2
  )
  select case_number as subject, 'quote ' || ${quotes.revision} || ' is ' || ${quotes.status} as detail
  from ended join ${quotes} using (${ofCase})
  where ${quotes.status} = 'presented' or (${quotes.status} = 'accepted' and ended.status = 'canceled')
  union all
  select case_number, 'invoice of a canceled case' from ended join due using (case_number) where status = 'canceled'
  union all
  select case_number, coalesce(due.minor, 0) || ' due, ' || coalesce(paid.minor, 0) || ' paid'
  from ended left join due using (case_number) left join paid using (case_number)
  where coalesce(due.minor, 0) <> coalesce(paid.minor, 0)
    and not ('charge' = any(waived) and coalesce(paid.minor, 0) < due.minor)
  union all
  select ${payments.caseNumber}, 'receipt ' || ${payments.receiptNumber} || ' booked ' || count(*) || ' times'
  from ${payments} where ${payments.receiptNumber} is not null
  group by ${payments.caseNumber}, ${payments.receiptNumber} having count(*) > 1
  union all
  select case_number, part_number || ': ' || coalesce(nullif(s.charged, 0), s.billable, 0) || ' sold, ' || coalesce(b.quantity, 0) || ' billed'
  from sold s full join billed b using (case_number, part_number) join ended e using (case_number)
  where e.status = 'closed' and not 'soldParts' = any(waived)
    and (coalesce(s.charged, 0) > coalesce(b.quantity, 0) or coalesce(b.quantity, 0) > coalesce(s.billable, 0))`,
);

/** Every line of an invoice is by the tariff that it names; parts are free for a special user only. */
const pricedByTariff = checker(
  'pricedByTariff',
  sql`
  select ${invoices.invoiceNumber} as subject,
    coalesce(line->>'partNumber', line->>'item') || ' at ' || (line->>'unitPriceMinor') as detail
  from ${invoices} join ${tariffs} on ${tariffs.version} = ${invoices.tariffVersion}
  cross join jsonb_array_elements(${invoices.lines}) line
  left join ${tariffParts} on ${tariffParts.version} = ${invoices.tariffVersion} and ${tariffParts.partNumber} = line->>'partNumber'
  where (line->>'unitPriceMinor')::int is distinct from case line->>'item'
    when 'visit' then ${tariffs.visitMinor} when 'labor' then ${tariffs.laborMinuteMinor}
    else case when exists (select from ${serviceDecisions} where ${serviceDecisions.caseNumber} = ${invoices.caseNumber}
      and ${serviceDecisions.kind} = 'specialUser' and ${serviceDecisions.decision} = 'approved')
      then 0 else ${tariffParts.unitPriceMinor} end end`,
);

/** What must be true of money, by name. */
export const billingCheckers = {
  invoicesDense,
  moneySettled,
  pricedByTariff,
} as const satisfies Record<string, Checker>;
