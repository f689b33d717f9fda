import type { ChargeLine } from '../domain/charge.ts';
import type { PartLine } from '../domain/loan.ts';
import type { Sql } from './connect.ts';

interface Bill {
  tariffVersion: number;
  currency: string;
  lines: ChargeLine[];
  totalMinor: number;
}

/** Everything about the money of a case. Instants are ISO 8601 UTC, amounts minor units; refunds are negative. */
export interface Charges {
  decisions: {
    kind: 'arrears' | 'specialUser';
    decision: string;
    askedBecause: string | null;
    reason: string;
    by: string;
    at: string;
  }[];
  quotes: (Bill & { revision: number; status: string; presentedAt: string; validUntil: string })[];
  /** `voidedAt` is null while it stands; a void one keeps its number and says why. */
  invoices: (Bill & {
    invoiceNumber: string;
    quoteRevision: number | null;
    issuedAt: string;
    voidedAt: string | null;
    voidReason: string | null;
  })[];
  payments: {
    amountMinor: number;
    currency: string;
    method: string;
    receiptNumber: string | null;
    refundReason: string | null;
    at: string;
  }[];
  settlements: {
    settlementNumber: string;
    engineerNumber: string;
    provider: string | null;
    basis: string;
    laborMinutes: number;
    parts: PartLine[];
  }[];
  oldParts: { partNumber: string; oldPartSerial: string; choice: 'keep' | 'handOver' }[];
}

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

/** A tariff as it is published: what a visit, an hour's minute and each part costs. */
export interface PublishedTariff {
  version: number;
  publishedOn: string;
  currency: string;
  visitMinor: number;
  laborMinuteMinor: number;
  parts: { partNumber: string; title: { en: string; zh: string }; unitPriceMinor: number }[];
}

/** The latest one published by that day. */
export async function publishedTariff(sql: Sql, day: string): Promise<PublishedTariff | null> {
  const [tariff] = await sql<PublishedTariff[]>`
    select version, published_on as "publishedOn", currency, visit_minor as "visitMinor",
      labor_minute_minor as "laborMinuteMinor", (
        select coalesce(jsonb_agg(jsonb_build_object('partNumber', part_number,
          'title', jsonb_build_object('en', title_en, 'zh', title_zh), 'unitPriceMinor', p.unit_price_minor)
          order by part_number), '[]')
        from tariff_parts p join parts using (part_number) where p.version = t.version) as parts
    from tariffs t where published_on <= ${day}::date order by version desc limit 1`;
  return tariff ?? null;
}
