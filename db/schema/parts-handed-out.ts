import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant, key, once, oneOf, references, wholeNumber } from './columns.ts';
import { locations, partReservations, parts } from './parts.ts';

export const partLoans = pgTable(
  'part_loans',
  {
    loanNumber: text('loan_number').primaryKey(),
    seq: wholeNumber('seq').generatedAlwaysAsIdentity().notNull(),
    caseNumber: text('case_number').notNull(),
    reservationKey: text('reservation_key').notNull(),
    borrower: text('borrower').notNull(),
    issuedAt: instant('issued_at').notNull(),
    dueAt: instant('due_at').notNull(),
  },
  (t) => [
    once(t.seq),
    once(t.reservationKey),
    references(t.reservationKey, partReservations.reservationKey),
    index('part_loans_case').on(t.caseNumber),
    index('part_loans_issued').on(t.issuedAt, t.seq),
  ],
);

export const partLoanLines = pgTable(
  'part_loan_lines',
  {
    loanNumber: text('loan_number').notNull(),
    partNumber: text('part_number').notNull(),
    location: text('location').notNull(),
    issued: integer('issued').notNull(),
    usedWithCore: integer('used_with_core').default(0).notNull(),
    returnedUnused: integer('returned_unused').default(0).notNull(),
    writtenOff: integer('written_off').default(0).notNull(),
    outstanding: integer('outstanding')
      .generatedAlwaysAs(sql`issued - used_with_core - returned_unused - written_off`)
      .notNull(),
  },
  (t) => [
    key(t.loanNumber, t.partNumber),
    references(t.loanNumber, partLoans.loanNumber),
    references(t.partNumber, parts.partNumber),
    references(t.location, locations.location),
    check('part_loan_lines_issued_check', sql`issued > 0`),
    check('part_loan_lines_used_with_core_check', sql`used_with_core >= 0`),
    check('part_loan_lines_returned_unused_check', sql`returned_unused >= 0`),
    check('part_loan_lines_written_off_check', sql`written_off >= 0`),
    check(
      'loan_line_not_over_returned',
      sql`issued >= ((used_with_core + returned_unused) + written_off)`,
    ),
  ],
);

export const partReturns = pgTable(
  'part_returns',
  {
    effectKey: text('effect_key').notNull(),
    loanNumber: text('loan_number').notNull(),
    partNumber: text('part_number').notNull(),
    usedWithCore: integer('used_with_core').notNull(),
    returnedUnused: integer('returned_unused').notNull(),
    slipNumber: text('slip_number'),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    key(t.effectKey, t.partNumber),
    foreignKey({
      name: 'return_of_a_loan_line',
      columns: [t.loanNumber, t.partNumber],
      foreignColumns: [partLoanLines.loanNumber, partLoanLines.partNumber],
    }),
    check('part_returns_used_with_core_check', sql`used_with_core >= 0`),
    check('part_returns_returned_unused_check', sql`returned_unused >= 0`),
    check('used_needs_slip', sql`used_with_core = 0 or slip_number is not null`),
  ],
);

export const partWriteOffs = pgTable(
  'part_write_offs',
  {
    effectKey: text('effect_key').notNull(),
    loanNumber: text('loan_number').notNull(),
    partNumber: text('part_number').notNull(),
    quantity: integer('quantity').notNull(),
    chargeTo: text('charge_to', { enum: ['technician', 'customer', 'company'] }).notNull(),
    reason: text('reason').notNull(),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    key(t.effectKey, t.partNumber),
    foreignKey({
      name: 'write_off_of_a_loan_line',
      columns: [t.loanNumber, t.partNumber],
      foreignColumns: [partLoanLines.loanNumber, partLoanLines.partNumber],
    }),
    check('part_write_offs_quantity_check', sql`quantity > 0`),
    oneOf(t.chargeTo),
  ],
);

export const faultyParts = pgTable(
  'faulty_parts',
  {
    effectKey: text('effect_key').notNull(),
    partNumber: text('part_number').notNull(),
    oldPartSerial: text('old_part_serial').notNull(),
    slipNumber: text('slip_number'),
    location: text('location').notNull(),
    caseNumber: text('case_number').notNull(),
    receivedAt: instant('received_at').default(sql`clock_timestamp()`).notNull(),
    disposal: text('disposal', { enum: ['recycle', 'scrap', 'analyze'] }),
  },
  (t) => [
    key(t.effectKey, t.partNumber, t.oldPartSerial),
    references(t.partNumber, parts.partNumber),
    references(t.location, locations.location),
    oneOf(t.disposal),
    check('slip_or_disposal', sql`slip_number is not null or disposal is not null`),
    index('faulty_parts_case').on(t.caseNumber),
  ],
);

/** Parts sold: reserved at the quote, out of stock when handed out, back when they were not needed. */
export const partSales = pgTable(
  'part_sales',
  {
    reservationKey: text('reservation_key').primaryKey(),
    effectKey: text('effect_key').notNull(),
    caseNumber: text('case_number').notNull(),
    terms: text('terms', { enum: ['charged', 'contract', 'rework'] }).notNull(),
    receivedBy: text('received_by').notNull(),
    issuedAt: instant('issued_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    once(t.effectKey),
    references(t.reservationKey, partReservations.reservationKey),
    oneOf(t.terms),
    index('part_sales_case').on(t.caseNumber),
  ],
);

export const partSaleLines = pgTable(
  'part_sale_lines',
  {
    reservationKey: text('reservation_key').notNull(),
    partNumber: text('part_number').notNull(),
    location: text('location').notNull(),
    issued: integer('issued').notNull(),
    returned: integer('returned').default(0).notNull(),
  },
  (t) => [
    key(t.reservationKey, t.partNumber),
    references(t.reservationKey, partSales.reservationKey),
    references(t.partNumber, parts.partNumber),
    references(t.location, locations.location),
    check('part_sale_lines_issued_check', sql`issued > 0`),
    check('part_sale_lines_returned_check', sql`returned >= 0`),
    check('sale_line_not_over_returned', sql`issued >= returned`),
  ],
);
