import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, isContention, ServiceFailure } from '../../db/failures.ts';
import { bar, gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import {
  customers,
  effects,
  invoiceCounter,
  invoices,
  partSaleLines,
  partSales,
  payments,
} from '../../db/schema.ts';
import { param, row, rows, set, statement } from '../../db/statement.ts';
import { totalOf } from '../../domain/charge.ts';
import { sumLines } from '../../domain/loan.ts';
import type { BillingEffects } from './index.ts';

type Request<Name extends keyof BillingEffects> = Parameters<BillingEffects[Name]>[0];

// Of two that bump at once the later waits; a number that was taken nevertheless is asked for again.
const isNumberTaken = (error: unknown): boolean =>
  isContention(error) || (codeOf(error) === '23505' && constraintOf(error) === 'invoices_pkey');

/** Writes an invoice under the next number. Neither a repetition nor a refusal uses a number up. */
export async function issueInvoice(db: Db, request: Request<'issueInvoice'>) {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { effectKey, issuedAt, drawn: _drawn, ...content } = request;
  const hash = hashOf(content);
  const written = await retrying(() => insertInvoice(db, request, hash), isNumberTaken).catch(
    (error) => {
      if (codeOf(error) === '23505') return []; // the key has been used: the bump went back with it
      throw error;
    },
  );
  const known = written[0] ?? (await invoiceUnder(db, effectKey))[0];
  if (known) sameRequest(effectKey, known.hash, hash);
  else if (!(await wasDone(db, effectKey, hash)))
    throw new ServiceFailure(
      'PartsNotIssued',
      `a part on the bill was not drawn for ${content.caseNumber}`,
    );
  const { hash: _, ...invoice } = { invoiceNumber: '', totalMinor: 0, issuedAt, hash, ...known };
  return invoice;
}

const invoice = {
  invoiceNumber: invoices.invoiceNumber,
  totalMinor: invoices.totalMinor,
  issuedAt: invoices.issuedAt,
  hash: invoices.requestHash,
};

// Parts on the bill are matched to the stock issue: what the case was sold, less what came back, or what a partner reported. That is kept
// where our own ledger sold the case nothing: then it is the only trace of it here.
const insertInvoice = statement((db, request: Request<'issueInvoice'>, requestHash: string) => {
  const { effectKey, caseNumber, tariffVersion, quoteRevision, currency, lines, issuedAt } =
    request;
  const drawn = sql`${param(request.drawn ?? null)}::jsonb`;
  return rows(
    db,
    invoice,
    (answer) => sql`
    with billed as (
      select "partNumber" as part_number, quantity
      from jsonb_to_recordset(${param(partsOn(lines))}::jsonb) as b ("partNumber" text, quantity int)
    ), drawn as (
      select ${partSaleLines.partNumber}, sum(${partSaleLines.issued} - ${partSaleLines.returned}) as quantity
      from ${partSaleLines} join ${partSales} on ${partSales.reservationKey} = ${partSaleLines.reservationKey}
      where ${drawn} is null and ${partSales.caseNumber} = ${caseNumber} and ${partSales.terms} <> 'rework' group by 1
      union all
      select "partNumber", quantity
      from jsonb_to_recordset(coalesce(${drawn}, '[]')) as d ("partNumber" text, quantity int)
    ), numbered as (
      update ${invoiceCounter} set ${set(invoiceCounter, { last: sql`${invoiceCounter.last} + 1` })}
      where not exists (select from billed left join drawn using (part_number)
        where billed.quantity > coalesce(drawn.quantity, 0))
      returning ${invoiceCounter.last}
    ), done as (
      insert into ${effects} ${row(effects, { effectKey, requestHash })} from numbered
    )
    insert into ${invoices} ${row(invoices, {
      number: sql`last`,
      effectKey,
      requestHash,
      caseNumber,
      tariffVersion,
      quoteRevision,
      currency,
      lines,
      totalMinor: totalOf(lines),
      issuedAt,
      drawn: sql`case when not exists (
        select from ${partSales} where ${partSales.caseNumber} = ${caseNumber}) then ${drawn} end`,
    })} from numbered
    returning ${answer}`,
  );
});

const partsOn = (lines: Request<'issueInvoice'>['lines']) =>
  sumLines(
    lines.flatMap(({ partNumber, quantity }) => (partNumber ? [{ partNumber, quantity }] : [])),
  );

const invoiceUnder = statement((db, effectKey: string) =>
  db.select(invoice).from(invoices).where(eq(invoices.effectKey, effectKey)),
);

/** Void is every invoice of the case that stands, whatever its key: one may stand under a key that the case never heard back from. A
 *  void invoice keeps its number, and says why. */
export async function voidInvoice(db: Db, request: Request<'voidInvoice'>): Promise<void> {
  const { effectKey, at: _, ...content } = request;
  const hash = hashOf(content);
  await bar(db, request.invoiceKey);
  const [done] = await updateVoided(db, request, hash);
  if (!done) await wasDone(db, effectKey, hash);
}

const updateVoided = statement((db, request: Request<'voidInvoice'>, hash: string) => {
  const { effectKey, caseNumber, at, reason } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    voided as (
      update ${invoices} set ${set(invoices, { voidedAt: at, voidReason: reason })} from fresh
      where ${invoices.caseNumber} = ${caseNumber} and ${invoices.voidedAt} is null
    )
    select from fresh`);
});

/** Money in, and finance's flag cleared when it settles what was owed (FLOW-ARR). */
export async function recordPayment(db: Db, request: Request<'recordPayment'>): Promise<void> {
  const { effectKey, at: _, ...content } = request;
  const hash = hashOf(content);
  const [done] = await insertPayment(db, request, hash);
  if (!done) await wasDone(db, effectKey, hash);
}

const insertPayment = statement((db, request: Request<'recordPayment'>, requestHash: string) => {
  const { effectKey, caseNumber, amountMinor, currency, method, receiptNumber, at } = request;
  const { customerNumber, settlesArrears } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, requestHash)}),
    paid as (
      insert into ${payments} ${row(payments, {
        effectKey,
        requestHash,
        caseNumber,
        amountMinor,
        currency,
        method,
        receiptNumber,
        settlesArrears,
        at,
      })} from fresh
    ), cleared as (
      update ${customers} set ${set(customers, { arrears: false })} from fresh
      where ${customers.customerNumber} = ${customerNumber} and ${settlesArrears}
    )
    select from fresh`);
});

/** Gives back what was paid, never more than is there; by the way it came in last. */
export async function refund(db: Db, request: Request<'refund'>) {
  const { effectKey, at: _, ...content } = request;
  const hash = hashOf(content);
  if (request.bars) await bar(db, request.bars);
  const [done] = await insertRefund(db, request, hash);
  if (!done) await wasDone(db, effectKey, hash);
  const [back] = await paymentUnder(db, effectKey);
  return { refundedMinor: back ? -back.amountMinor : 0 };
}

const insertRefund = statement((db, request: Request<'refund'>, requestHash: string) => {
  const { effectKey, caseNumber, amountMinor, reason, at } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, requestHash)}),
    held as (
      select sum(${payments.amountMinor}) as minor, (array_agg(${payments.method} order by ${payments.at} desc))[1] as method,
        max(${payments.currency}) as currency
      from ${payments} where ${payments.caseNumber} = ${caseNumber}
    ), back as (
      insert into ${payments} ${row(payments, {
        effectKey,
        requestHash,
        caseNumber,
        amountMinor: sql`-least(minor, coalesce(${amountMinor}::bigint, minor))`,
        currency: sql`currency`,
        method: sql`method`,
        refundReason: reason,
        at,
      })} from fresh, held where minor > 0
    )
    select from fresh`);
});

const paymentUnder = statement((db, effectKey: string) =>
  db
    .select({ amountMinor: payments.amountMinor })
    .from(payments)
    .where(eq(payments.effectKey, effectKey)),
);
