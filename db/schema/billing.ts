import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgSequence, pgTable, text } from 'drizzle-orm/pg-core';
import type { ChargeLine } from '../../domain/charge.ts';
import type { PartLine } from '../../domain/loan.ts';
import { cases } from './cases.ts';
import { day, instant, json, key, once, oneOf, references, wholeNumber } from './columns.ts';
import { engineers, providers } from './dispatch.ts';
import { parts } from './parts.ts';

export const settlementNumbers = pgSequence('settlement_numbers');

export const tariffs = pgTable(
  'tariffs',
  {
    version: integer('version').primaryKey(),
    publishedOn: day('published_on').notNull(),
    currency: text('currency').notNull(),
    visitMinor: integer('visit_minor').notNull(),
    laborMinuteMinor: integer('labor_minute_minor').notNull(),
  },
  () => [
    check('tariffs_version_check', sql`version > 0`),
    check('tariffs_visit_minor_check', sql`visit_minor >= 0`),
    check('tariffs_labor_minute_minor_check', sql`labor_minute_minor >= 0`),
  ],
);

export const tariffParts = pgTable(
  'tariff_parts',
  {
    version: integer('version').notNull(),
    partNumber: text('part_number').notNull(),
    unitPriceMinor: integer('unit_price_minor').notNull(),
  },
  (t) => [
    key(t.version, t.partNumber),
    references(t.version, tariffs.version),
    references(t.partNumber, parts.partNumber),
    check('tariff_parts_unit_price_minor_check', sql`unit_price_minor >= 0`),
  ],
);

/** A supervisor's decision on how a customer is served (FLOW-ARR), and the special record (FLOW-SPEC). */
export const serviceDecisions = pgTable(
  'service_decisions',
  {
    effectKey: text('effect_key').primaryKey(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    kind: text('kind', { enum: ['arrears', 'specialUser'] }).notNull(),
    decision: text('decision').notNull(),
    askedBecause: text('asked_because'),
    reason: text('reason').notNull(),
    byId: text('by_id').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    references(t.caseNumber, cases.caseNumber),
    oneOf(t.kind),
    index('service_decisions_case').on(t.caseNumber),
  ],
);

export const quotes = pgTable(
  'quotes',
  {
    caseNumber: text('case_number').notNull(),
    revision: integer('revision').notNull(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    tariffVersion: integer('tariff_version').notNull(),
    currency: text('currency').notNull(),
    lines: json<ChargeLine[]>('lines').notNull(),
    totalMinor: wholeNumber('total_minor').notNull(),
    presentedAt: instant('presented_at').notNull(),
    validUntil: instant('valid_until').notNull(),
    status: text('status', {
      enum: ['presented', 'accepted', 'declined', 'expired', 'superseded', 'withdrawn'],
    })
      .default('presented')
      .notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    key(t.caseNumber, t.revision),
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    references(t.tariffVersion, tariffs.version),
    check('quotes_revision_check', sql`revision > 0`),
    check('quotes_total_minor_check', sql`total_minor >= 0`),
    oneOf(t.status),
  ],
);

/** Bumped by the statement that writes the invoice: a refused invoice takes the bump back, so numbers are dense (D6). */
export const invoiceCounter = pgTable(
  'invoice_counter',
  {
    onlyRow: boolean('only_row').default(true).primaryKey(),
    last: integer('last').notNull(),
  },
  () => [check('invoice_counter_only_row_check', sql`only_row`)],
);

export const invoices = pgTable(
  'invoices',
  {
    number: integer('number').primaryKey(),
    invoiceNumber: text('invoice_number')
      .generatedAlwaysAs(sql`'INV-' || lpad(number::text, 6, '0')`)
      .notNull(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    tariffVersion: integer('tariff_version').notNull(),
    quoteRevision: integer('quote_revision'),
    currency: text('currency').notNull(),
    lines: json<ChargeLine[]>('lines').notNull(),
    totalMinor: wholeNumber('total_minor').notNull(),
    issuedAt: instant('issued_at').notNull(),
    voidedAt: instant('voided_at'),
    voidReason: text('void_reason'),
    /** What a partner's stock issued to the case that is billed; null: the stock is ours. */
    drawn: json<PartLine[]>('drawn'),
  },
  (t) => [
    once(t.invoiceNumber),
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    references(t.tariffVersion, tariffs.version),
    check('invoices_total_minor_check', sql`total_minor > 0`),
    check('void_has_reason', sql`(voided_at is null) = (void_reason is null)`),
    index('invoices_case').on(t.caseNumber),
  ],
);

/** What came in, and what went back as a negative amount with a reason. */
export const payments = pgTable(
  'payments',
  {
    effectKey: text('effect_key').primaryKey(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    amountMinor: wholeNumber('amount_minor').notNull(),
    currency: text('currency').notNull(),
    method: text('method', { enum: ['cash', 'card', 'transfer', 'mobile'] }).notNull(),
    receiptNumber: text('receipt_number'),
    settlesArrears: boolean('settles_arrears').default(false).notNull(),
    refundReason: text('refund_reason'),
    at: instant('at').notNull(),
  },
  (t) => [
    references(t.caseNumber, cases.caseNumber),
    check('payments_amount_minor_check', sql`amount_minor <> 0`),
    oneOf(t.method),
    check('refund_has_reason', sql`(amount_minor < 0) = (refund_reason is not null)`),
    index('payments_case').on(t.caseNumber),
  ],
);

export const providerSettlements = pgTable(
  'provider_settlements',
  {
    settlementNumber: text('settlement_number')
      .default(sql`'PS-' || nextval('settlement_numbers')`)
      .primaryKey(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    engineerNumber: text('engineer_number').notNull(),
    provider: text('provider'),
    basis: text('basis', { enum: ['inWarranty', 'outOfWarranty', 'contract'] }).notNull(),
    laborMinutes: integer('labor_minutes').notNull(),
    parts: json<PartLine[]>('parts').notNull(),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    references(t.engineerNumber, engineers.engineerNumber),
    references(t.provider, providers.provider),
    oneOf(t.basis),
    index('provider_settlements_case').on(t.caseNumber),
  ],
);

/** The customer's choice about each old part (FLOW-PF-OW). */
export const oldPartChoices = pgTable(
  'old_part_choices',
  {
    caseNumber: text('case_number').notNull(),
    partNumber: text('part_number').notNull(),
    oldPartSerial: text('old_part_serial').notNull(),
    choice: text('choice', { enum: ['keep', 'handOver'] }).notNull(),
    effectKey: text('effect_key').notNull(),
  },
  (t) => [
    key(t.caseNumber, t.partNumber, t.oldPartSerial),
    references(t.caseNumber, cases.caseNumber),
    references(t.partNumber, parts.partNumber),
    oneOf(t.choice),
  ],
);
