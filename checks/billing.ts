import { type Checker, checker } from './checker.ts';

/** Invoice numbers have no gap, and a void one says why. */
const invoicesDense = checker(
  'I8',
  (sql) => sql`
  select 'INV-' || missing as subject, 'no invoice has this number' as detail
  from generate_series(1, greatest((select max(number) from invoices), (select last from invoice_counter))) as missing
  where not exists (select from invoices where number = missing)
  union all
  select invoice_number, 'void without a reason' from invoices where (voided_at is null) <> (void_reason is null)`,
);

/** What a case that ended owes, and is owed: a closed one is paid unless that was waived by name, a canceled one took everything back;
 *  each receipt is booked once, and parts that were sold stand on its bill, no more and no less. What a partner's stock sold is known
 *  by what the invoice was told: no more than that is billed. */
const moneySettled = checker(
  'I3',
  (sql) => sql`
  with ended as (
    select case_number, status, array(select w->>'id' from jsonb_array_elements(view->'waivers') w) as waived
    from cases where not is_open
  ), due as (
    select case_number, sum(total_minor) as minor from invoices where voided_at is null group by 1
  ), paid as (
    select case_number, sum(amount_minor) as minor from payments group by 1
  ), billed as (
    select case_number, line->>'partNumber' as part_number, sum((line->>'quantity')::int) as quantity
    from invoices, jsonb_array_elements(lines) line where line->>'item' = 'part' group by 1, 2
  ), sold as (
    select case_number, part_number, sum(issued - returned) filter (where terms = 'charged') as charged,
      sum(issued - returned) filter (where terms <> 'rework') as billable
    from part_sale_lines join part_sales using (reservation_key) group by 1, 2
    union all
    select case_number, line->>'partNumber', 0, max((line->>'quantity')::int)
    from invoices i, jsonb_array_elements(drawn) line
    where not exists (select from part_sales s where s.case_number = i.case_number) group by 1, 2
  )
  select case_number as subject, 'quote ' || revision || ' is ' || q.status as detail
  from ended e join quotes q using (case_number)
  where q.status = 'presented' or (q.status = 'accepted' and e.status = 'canceled')
  union all
  select case_number, 'invoice of a canceled case' from ended join due using (case_number) where status = 'canceled'
  union all
  select case_number, coalesce(due.minor, 0) || ' due, ' || coalesce(paid.minor, 0) || ' paid'
  from ended left join due using (case_number) left join paid using (case_number)
  where coalesce(due.minor, 0) <> coalesce(paid.minor, 0)
    and not ('charge' = any(waived) and coalesce(paid.minor, 0) < due.minor)
  union all
  select case_number, 'receipt ' || receipt_number || ' booked ' || count(*) || ' times'
  from payments where receipt_number is not null group by case_number, receipt_number having count(*) > 1
  union all
  select case_number, part_number || ': ' || coalesce(nullif(s.charged, 0), s.billable, 0) || ' sold, ' || coalesce(b.quantity, 0) || ' billed'
  from sold s full join billed b using (case_number, part_number) join ended e using (case_number)
  where e.status = 'closed' and not 'soldParts' = any(waived)
    and (coalesce(s.charged, 0) > coalesce(b.quantity, 0) or coalesce(b.quantity, 0) > coalesce(s.billable, 0))`,
);

/** Every line of an invoice is by the tariff that it names; parts are free for a special user only. */
const pricedByTariff = checker(
  'pricedByTariff',
  (sql) => sql`
  select invoice_number as subject, coalesce(line->>'partNumber', line->>'item') || ' at ' || (line->>'unitPriceMinor') as detail
  from invoices i join tariffs t on t.version = i.tariff_version cross join jsonb_array_elements(lines) line
  left join tariff_parts p on p.version = i.tariff_version and p.part_number = line->>'partNumber'
  where (line->>'unitPriceMinor')::int is distinct from case line->>'item'
    when 'visit' then t.visit_minor when 'labor' then t.labor_minute_minor
    else case when exists (select from service_decisions d where d.case_number = i.case_number
      and kind = 'specialUser' and decision = 'approved') then 0 else p.unit_price_minor end end`,
);

/** What must be true of money, by name. */
export const billingCheckers = {
  invoicesDense,
  moneySettled,
  pricedByTariff,
} as const satisfies Record<string, Checker>;
