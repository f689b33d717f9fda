import type { Sql } from '../../db/connect.ts';
import { bar, gate, json, retrying, sameRequest, wasDone } from '../../db/effects.ts';
import { codeOf, constraintOf, isContention, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { totalOf } from '../../domain/charge.ts';
import { type PartLine, sumLines } from '../../domain/loan.ts';
import type { BillingEffects } from './index.ts';

type Request<Name extends keyof BillingEffects> = Parameters<BillingEffects[Name]>[0];

// Of two that bump at once the later waits; a number that was taken nevertheless is asked for again.
const isNumberTaken = (error: unknown): boolean =>
  isContention(error) || (codeOf(error) === '23505' && constraintOf(error) === 'invoices_pkey');

/** Writes an invoice under the next number. Neither a repetition nor a refusal uses a number up. */
export async function issueInvoice(sql: Sql, request: Request<'issueInvoice'>) {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { effectKey, issuedAt, drawn: _drawn, ...told } = request;
  const hash = hashOf(told);
  const written = await retrying(
    () => insertInvoice(sql, { ...request, hash }),
    isNumberTaken,
  ).catch((error) => {
    if (codeOf(error) === '23505') return []; // the key has been used: the bump went back with it
    throw error;
  });
  const known = written[0] ?? (await invoiceUnder(sql, effectKey));
  if (known) sameRequest(effectKey, known.hash, hash);
  else if (!(await wasDone(sql, effectKey, hash)))
    throw new ServiceFailure(
      'PartsNotIssued',
      `a part on the bill was not drawn for ${told.caseNumber}`,
    );
  const { hash: _, ...invoice } = { invoiceNumber: '', totalMinor: 0, issuedAt, hash, ...known };
  return invoice;
}

interface Invoice {
  invoiceNumber: string;
  totalMinor: number;
  issuedAt: string;
  hash: string;
}

// Parts on the bill are matched to the stock issue: what the case was sold, less what came back.
const insertInvoice = (sql: Sql, request: Request<'issueInvoice'> & { hash: string }) => sql<
  Invoice[]
>`
  with billed as (
    select "partNumber" as part_number, quantity from jsonb_to_recordset(${json(sql, partsOn(request.lines))}::jsonb)
      as b ("partNumber" text, quantity int)
  ), drawn as (${request.drawn ? drawnElsewhere(sql, request.drawn) : drawnHere(sql, request.caseNumber)}
  ), numbered as (
    update invoice_counter set last = last + 1
    where not exists (select from billed b left join drawn d using (part_number) where b.quantity > coalesce(d.quantity, 0))
    returning last
  ), done as (
    insert into effects (effect_key, request_hash) select ${request.effectKey}, ${request.hash} from numbered
  )
  insert into invoices (number, effect_key, request_hash, case_number, tariff_version, quote_revision, currency, lines,
    total_minor, issued_at, drawn)
  select last, ${request.effectKey}, ${request.hash}, ${request.caseNumber}, ${request.tariffVersion},
    ${request.quoteRevision}, ${request.currency}, ${json(sql, request.lines)}, ${totalOf(request.lines)},
    ${request.issuedAt}, ${keptOf(sql, request)} from numbered
  returning invoice_number as "invoiceNumber", total_minor as "totalMinor", issued_at as "issuedAt", request_hash as hash`;

const drawnHere = (sql: Sql, caseNumber: string) => sql`
    select part_number, sum(issued - returned) as quantity from part_sale_lines join part_sales using (reservation_key)
    where case_number = ${caseNumber} and terms <> 'rework' group by 1`;
const drawnElsewhere = (sql: Sql, drawn: PartLine[]) => sql`
    select "partNumber" as part_number, quantity from jsonb_to_recordset(${json(sql, drawn)}::jsonb)
      as d ("partNumber" text, quantity int)`;

// What was told is a partner's stock issue where our own ledger sold the case nothing: then it is the only trace of it here.
const keptOf = (sql: Sql, { drawn, caseNumber }: Request<'issueInvoice'>) => sql`
    case when not exists (select from part_sales where case_number = ${caseNumber})
      then ${drawn ? json(sql, drawn) : null}::jsonb end`;

const partsOn = (lines: Request<'issueInvoice'>['lines']) =>
  sumLines(
    lines.flatMap(({ partNumber, quantity }) => (partNumber ? [{ partNumber, quantity }] : [])),
  );

async function invoiceUnder(sql: Sql, effectKey: string): Promise<Invoice | undefined> {
  const [known] = await sql<Invoice[]>`
    select invoice_number as "invoiceNumber", total_minor as "totalMinor", issued_at as "issuedAt", request_hash as hash
    from invoices where effect_key = ${effectKey}`;
  return known;
}

/** A void invoice keeps its number, and says why. */
export async function voidInvoice(sql: Sql, request: Request<'voidInvoice'>): Promise<void> {
  const { effectKey, invoiceKey, at, ...told } = request;
  const hash = hashOf({ ...told, invoiceKey });
  await bar(sql, invoiceKey);
  const [done] = await sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    voided as (
      update invoices i set voided_at = ${at}::timestamptz, void_reason = ${told.reason} from fresh
      where i.effect_key = ${invoiceKey} and i.voided_at is null
    )
    select from fresh`;
  if (!done) await wasDone(sql, effectKey, hash);
}

/** Money in, and finance's flag cleared when it settles what was owed (FLOW-ARR). */
export async function recordPayment(sql: Sql, request: Request<'recordPayment'>): Promise<void> {
  const { effectKey, at, ...told } = request;
  const hash = hashOf(told);
  const [done] = await sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    paid as (
      insert into payments (effect_key, request_hash, case_number, amount_minor, currency, method, receipt_number,
        settles_arrears, at)
      select ${effectKey}, ${hash}, ${told.caseNumber}, ${told.amountMinor}, ${told.currency}, ${told.method},
        ${told.receiptNumber}, ${told.settlesArrears}, ${at} from fresh
    ), cleared as (
      update customers set arrears = false from fresh
      where customer_number = ${told.customerNumber} and ${told.settlesArrears}
    )
    select from fresh`;
  if (!done) await wasDone(sql, effectKey, hash);
}

/** Gives back what was paid, never more than is there; by the way it came in last. */
export async function refund(sql: Sql, request: Request<'refund'>) {
  const { effectKey, at, bars, ...told } = request;
  const hash = hashOf({ ...told, bars });
  if (bars) await bar(sql, bars);
  const [done] = await sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    held as (
      select sum(amount_minor) as minor, (array_agg(method order by at desc))[1] as method, max(currency) as currency
      from payments where case_number = ${told.caseNumber}
    ), back as (
      insert into payments (effect_key, request_hash, case_number, amount_minor, currency, method, refund_reason, at)
      select ${effectKey}, ${hash}, ${told.caseNumber}, -least(minor, coalesce(${told.amountMinor}::bigint, minor)),
        currency, method, ${told.reason}, ${at} from fresh, held where minor > 0
    )
    select from fresh`;
  if (!done) await wasDone(sql, effectKey, hash);
  const [row] = await sql<{ refundedMinor: number }[]>`
    select -amount_minor as "refundedMinor" from payments where effect_key = ${effectKey}`;
  return { refundedMinor: row?.refundedMinor ?? 0 };
}
