import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { cases } from './cases.ts';
import { instant, key, once, references, texts, wholeNumber } from './columns.ts';
import { assets, faultCodes, productModels } from './reference.ts';

/** What failed, once per closed case and cycle with a confirmed product failure (FLOW-FRACAS). */
export const failureRecords = pgTable(
  'failure_records',
  {
    caseNumber: text('case_number').notNull(),
    cycle: integer('cycle').notNull(),
    seq: wholeNumber('seq').generatedAlwaysAsIdentity().notNull(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    productModel: text('product_model').notNull(),
    serialNumber: text('serial_number').notNull(),
    faultCode: text('fault_code').notNull(),
    causeCode: text('cause_code'),
    remedyCode: text('remedy_code'),
    /** When the customer reported it: a repair that ends after a corrective action may be of a failure before it. */
    failedAt: instant('failed_at').notNull(),
    recordedAt: instant('recorded_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    key(t.caseNumber, t.cycle),
    once(t.seq),
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    references(t.productModel, productModels.productModel),
    references(t.serialNumber, assets.serialNumber),
    references(t.faultCode, faultCodes.faultCode),
    check('failure_records_cycle_check', sql`cycle > 0`),
    index('failure_records_fault').on(t.productModel, t.faultCode, t.failedAt),
  ],
);

/** What a report put in place, and which units have it: from then on its effect is watched. */
export const correctiveActions = pgTable(
  'corrective_actions',
  {
    caseNumber: text('case_number').notNull(),
    cycle: integer('cycle').notNull(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    productModel: text('product_model').notNull(),
    faultCode: text('fault_code').notNull(),
    actionCode: text('action_code').notNull(),
    affectedModels: texts('affected_models').notNull(),
    /** Null: every unit of the affected models. */
    treatedSerials: texts('treated_serials'),
    inPlaceAt: instant('in_place_at').notNull(),
    checkAt: instant('check_at').notNull(),
  },
  (t) => [
    key(t.caseNumber, t.cycle),
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    references(t.productModel, productModels.productModel),
    references(t.faultCode, faultCodes.faultCode),
    check('corrective_actions_cycle_check', sql`cycle > 0`),
    check('corrective_actions_check', sql`check_at > in_place_at`),
    index('corrective_actions_fault').on(t.productModel, t.faultCode),
  ],
);

export const effectChecks = pgTable(
  'effect_checks',
  {
    caseNumber: text('case_number').notNull(),
    cycle: integer('cycle').notNull(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    treatedUnits: integer('treated_units').notNull(),
    treatedFailures: integer('treated_failures').notNull(),
    priorUnits: integer('prior_units').notNull(),
    priorFailures: integer('prior_failures').notNull(),
    atMostPercent: integer('at_most_percent').notNull(),
    effective: boolean('effective').notNull(),
    checkedAt: instant('checked_at').notNull(),
    /** The cycle of the report that goes on, or the open report that has taken over; both null when it was effective. */
    nextCycle: integer('next_cycle'),
    openReport: text('open_report'),
  },
  (t) => [
    key(t.caseNumber, t.cycle),
    once(t.effectKey),
    references(t.openReport, cases.caseNumber),
    foreignKey({
      name: 'effect_checks_case_number_cycle_fkey',
      columns: [t.caseNumber, t.cycle],
      foreignColumns: [correctiveActions.caseNumber, correctiveActions.cycle],
    }),
    check(
      'failed_check_goes_on',
      sql`effective = ((next_cycle is null) and (open_report is null))`,
    ),
  ],
);
