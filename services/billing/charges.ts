import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import {
  invoices,
  oldPartChoices,
  payments,
  providerSettlements,
  quotes,
  serviceDecisions,
} from '../../db/schema.ts';
import { list, statement, value } from '../../db/statement.ts';

/** Reads everything about the money of a case by one statement. */
export const chargesOf = statement((db, caseNumber: string) =>
  db
    .select({
      decisions: value(decisionsOf(db, caseNumber)),
      quotes: value(quotesOf(db, caseNumber)),
      invoices: value(invoicesOf(db, caseNumber)),
      payments: value(paymentsOf(db, caseNumber)),
      settlements: value(settlementsOf(db, caseNumber)),
      oldParts: value(oldPartsOf(db, caseNumber)),
    })
    .from(sql`(select) as one`),
);

function decisionsOf(db: Db, caseNumber: string) {
  const { kind, decision, askedBecause, reason, byId, at } = serviceDecisions;
  return db
    .select({ value: list({ kind, decision, askedBecause, reason, by: byId, at }, at) })
    .from(serviceDecisions)
    .where(eq(serviceDecisions.caseNumber, caseNumber));
}

function quotesOf(db: Db, caseNumber: string) {
  const { revision, status, tariffVersion, currency, lines, totalMinor } = quotes;
  const { presentedAt, validUntil } = quotes;
  const bill = { tariffVersion, currency, lines, totalMinor };
  return db
    .select({ value: list({ revision, status, ...bill, presentedAt, validUntil }, revision) })
    .from(quotes)
    .where(eq(quotes.caseNumber, caseNumber));
}

function invoicesOf(db: Db, caseNumber: string) {
  const { invoiceNumber, quoteRevision, issuedAt, voidedAt, voidReason, number } = invoices;
  const { tariffVersion, currency, lines, totalMinor } = invoices;
  const bill = { tariffVersion, currency, lines, totalMinor };
  const life = { issuedAt, voidedAt, voidReason };
  return db
    .select({ value: list({ invoiceNumber, quoteRevision, ...bill, ...life }, number) })
    .from(invoices)
    .where(eq(invoices.caseNumber, caseNumber));
}

function paymentsOf(db: Db, caseNumber: string) {
  const { amountMinor, currency, method, receiptNumber, refundReason, at, effectKey } = payments;
  const payment = { amountMinor, currency, method, receiptNumber, refundReason, at };
  return db
    .select({ value: list(payment, at, effectKey) })
    .from(payments)
    .where(eq(payments.caseNumber, caseNumber));
}

function settlementsOf(db: Db, caseNumber: string) {
  const { settlementNumber, engineerNumber, provider, basis, laborMinutes, parts, at } =
    providerSettlements;
  const settlement = { settlementNumber, engineerNumber, provider, basis, laborMinutes, parts };
  return db
    .select({ value: list(settlement, at) })
    .from(providerSettlements)
    .where(eq(providerSettlements.caseNumber, caseNumber));
}

function oldPartsOf(db: Db, caseNumber: string) {
  const { partNumber, oldPartSerial, choice } = oldPartChoices;
  return db
    .select({ value: list({ partNumber, oldPartSerial, choice }, partNumber, oldPartSerial) })
    .from(oldPartChoices)
    .where(eq(oldPartChoices.caseNumber, caseNumber));
}
