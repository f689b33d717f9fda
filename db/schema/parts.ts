import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core';
import type { PartLine } from '../../domain/loan.ts';
import { instant, json, key, oneOf, references, wholeNumber } from './columns.ts';
import { faultCodes, productModels, territories } from './reference.ts';

export const locations = pgTable(
  'locations',
  {
    location: text('location').primaryKey(),
    kind: text('kind', { enum: ['fieldOffice', 'centralStore'] }).notNull(),
    territory: text('territory'),
    titleEn: text('title_en').notNull(),
    titleZh: text('title_zh').notNull(),
  },
  (t) => [references(t.territory, territories.territory), oneOf(t.kind)],
);

export const parts = pgTable(
  'parts',
  {
    partNumber: text('part_number').primaryKey(),
    titleEn: text('title_en').notNull(),
    titleZh: text('title_zh').notNull(),
    unitPriceMinor: integer('unit_price_minor').notNull(),
    currency: text('currency').notNull(),
  },
  () => [check('parts_unit_price_minor_check', sql`unit_price_minor >= 0`)],
);

export const partKits = pgTable(
  'part_kits',
  {
    productModel: text('product_model').notNull(),
    faultCode: text('fault_code').notNull(),
    partNumber: text('part_number').notNull(),
    quantity: integer('quantity').notNull(),
  },
  (t) => [
    key(t.productModel, t.faultCode, t.partNumber),
    references(t.productModel, productModels.productModel),
    references(t.faultCode, faultCodes.faultCode),
    references(t.partNumber, parts.partNumber),
    check('part_kits_quantity_check', sql`quantity > 0`),
  ],
);

/** Reserved stock is still on the shelf; stock on loan is not. */
export const stock = pgTable(
  'stock',
  {
    location: text('location').notNull(),
    partNumber: text('part_number').notNull(),
    onHand: integer('on_hand').default(0).notNull(),
    reserved: integer('reserved').default(0).notNull(),
    onLoan: integer('on_loan').default(0).notNull(),
  },
  (t) => [
    key(t.location, t.partNumber),
    references(t.location, locations.location),
    references(t.partNumber, parts.partNumber),
    check('stock_not_oversold', sql`reserved >= 0 and on_hand >= reserved and on_loan >= 0`),
  ],
);

export const partMovements = pgTable(
  'part_movements',
  {
    seq: wholeNumber('seq').generatedAlwaysAsIdentity().primaryKey(),
    effectKey: text('effect_key').notNull(),
    /** The reservation or the loan that it is about; null for goods that arrive. */
    reference: text('reference'),
    kind: text('kind', {
      enum: [
        'receive',
        'reserve',
        'release',
        'issue',
        'returnUnused',
        'returnUsed',
        'writeOff',
        'sell',
        'returnSold',
      ],
    }).notNull(),
    location: text('location').notNull(),
    partNumber: text('part_number').notNull(),
    onHandDelta: integer('on_hand_delta').default(0).notNull(),
    reservedDelta: integer('reserved_delta').default(0).notNull(),
    onLoanDelta: integer('on_loan_delta').default(0).notNull(),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    unique('part_movements_once').on(t.effectKey, t.kind, t.partNumber, t.location),
    oneOf(t.kind),
    index('part_movements_reference').on(t.reference),
    index('part_movements_stock').on(t.location, t.partNumber),
  ],
);

/** One row is the reservation, its first answer, and after a release the tombstone that bars a late reserve (D3). The lines stand in the row: a statement that waited for it gets them from RETURNING, while another table would still be read as it was before the wait. */
export const partReservations = pgTable(
  'part_reservations',
  {
    reservationKey: text('reservation_key').primaryKey(),
    requestHash: text('request_hash'),
    caseNumber: text('case_number'),
    status: text('status', { enum: ['reserved', 'short', 'released', 'issued'] }).notNull(),
    lines: json<(PartLine & { location: string })[]>('lines').default([]).notNull(),
    shortages: json<PartLine[]>('shortages').default([]).notNull(),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    oneOf(t.status),
    index('part_reservations_open').on(t.caseNumber).where(sql`status = 'reserved'`),
  ],
);
