import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  pgSequence,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/case.ts';
import type { PlanTerms } from '../../domain/inspection-plan.ts';
import { cases } from './cases.ts';
import { instant, json, key, oneOf, references } from './columns.ts';
import { customers } from './reference.ts';

export const inspectionPlanNumbers = pgSequence('inspection_plan_numbers');

/** A plan is this row; its Schedule in the engine is made to follow it, and `synced_version` says how far it has. */
export const inspectionPlans = pgTable(
  'inspection_plans',
  {
    planNumber: text('plan_number').primaryKey(),
    scope: text('scope').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    bodyHash: text('body_hash').notNull(),
    customerNumber: text('customer_number').notNull(),
    terms: json<PlanTerms>('terms').notNull(),
    status: text('status', { enum: ['active', 'paused', 'archived'] })
      .default('active')
      .notNull(),
    reason: text('reason'),
    version: integer('version').default(1).notNull(),
    syncedVersion: integer('synced_version').default(0).notNull(),
    createdBy: json<Actor>('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [
    unique('inspection_plans_idempotency').on(t.scope, t.idempotencyKey),
    references(t.customerNumber, customers.customerNumber),
    check('inspection_plans_plan_number_check', sql`plan_number ~ '^IP-\\d{4,}$'`),
    oneOf(t.status),
    check('inspection_plans_version_check', sql`version > 0`),
    check('inspection_plans_check', sql`synced_version <= version`),
    index('inspection_plans_customer').on(t.customerNumber),
    index('inspection_plans_unsynced').on(t.changedAt).where(sql`synced_version < version`),
  ],
);

/** What became of each nominal time, once and for ever (N22). `buffered` waits for the plan's open round to end. */
export const inspectionOccurrences = pgTable(
  'inspection_occurrences',
  {
    planNumber: text('plan_number').notNull(),
    nominalAt: instant('nominal_at').notNull(),
    result: text('result', { enum: ['opened', 'skipped', 'buffered', 'refused'] }).notNull(),
    /** The round that was opened, or the open one that it was left out for. */
    caseNumber: text('case_number'),
    detail: text('detail'),
    recordedAt: instant('recorded_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    key(t.planNumber, t.nominalAt),
    references(t.planNumber, inspectionPlans.planNumber),
    references(t.caseNumber, cases.caseNumber),
    oneOf(t.result),
    check('opened_has_a_case', sql`result <> 'opened' or case_number is not null`),
    uniqueIndex('inspection_occurrences_buffered').on(t.planNumber).where(sql`result = 'buffered'`),
    uniqueIndex('inspection_occurrences_case').on(t.caseNumber).where(sql`result = 'opened'`),
  ],
);
