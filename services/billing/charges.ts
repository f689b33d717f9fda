import type { Sql } from '../../db/connect.ts';
import type { Charges } from './index.ts';

const list = (sql: Sql, query: ReturnType<Sql>) =>
  sql`(select coalesce(jsonb_agg(to_jsonb(found)), '[]') from (${query}) found)`;

/** Reads it by one statement. */
export async function chargesOf(sql: Sql, caseNumber: string): Promise<Charges> {
  const [row] = await sql<Charges[]>`select ${list(
    sql,
    sql`select kind, decision, asked_because as "askedBecause", reason, by_id as by, iso(at) as at
      from service_decisions where case_number = ${caseNumber} order by at`,
  )} as decisions, ${list(
    sql,
    sql`select revision, status, tariff_version as "tariffVersion", currency, lines, total_minor as "totalMinor",
        iso(presented_at) as "presentedAt", iso(valid_until) as "validUntil"
      from quotes where case_number = ${caseNumber} order by revision`,
  )} as quotes, ${list(
    sql,
    sql`select invoice_number as "invoiceNumber", tariff_version as "tariffVersion", quote_revision as "quoteRevision",
        currency, lines, total_minor as "totalMinor", iso(issued_at) as "issuedAt", iso(voided_at) as "voidedAt",
        void_reason as "voidReason"
      from invoices where case_number = ${caseNumber} order by number`,
  )} as invoices, ${list(
    sql,
    sql`select amount_minor as "amountMinor", currency, method, receipt_number as "receiptNumber",
        refund_reason as "refundReason", iso(at) as at
      from payments where case_number = ${caseNumber} order by at, effect_key`,
  )} as payments, ${list(
    sql,
    sql`select settlement_number as "settlementNumber", engineer_number as "engineerNumber", provider, basis,
        labor_minutes as "laborMinutes", parts
      from provider_settlements where case_number = ${caseNumber} order by at`,
  )} as settlements, ${list(
    sql,
    sql`select part_number as "partNumber", old_part_serial as "oldPartSerial", choice
      from old_part_choices where case_number = ${caseNumber} order by part_number, old_part_serial`,
  )} as "oldParts"`;
  if (!row) throw new Error('a select without a from gives one row');
  return row;
}
