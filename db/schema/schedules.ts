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
import type { Timing } from '../../domain/schedule.ts';
import { cases } from './cases.ts';
import { instant, json, key, oneOf, references } from './columns.ts';
import { customers } from './reference.ts';

export const scheduleNumbers = pgSequence('schedule_numbers');

/** A schedule is this row; its Schedule in the engine is made to follow it, and `synced_version` says how far it has. */
export const schedules = pgTable(
  'schedules',
  {
    scheduleNumber: text('schedule_number').primaryKey(),
    scope: text('scope').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    bodyHash: text('body_hash').notNull(),
    flow: text('flow').notNull(),
    /** What the flow's contract asks for; the customer stands beside it for lists. */
    request: json<Record<string, unknown>>('request').notNull(),
    customerNumber: text('customer_number'),
    terms: json<Timing>('terms').notNull(),
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
    unique('schedules_idempotency').on(t.scope, t.idempotencyKey),
    references(t.customerNumber, customers.customerNumber),
    check('schedules_schedule_number_check', sql`schedule_number ~ '^(SC|IP)-\\d{4,}$'`),
    oneOf(t.status),
    check('schedules_version_check', sql`version > 0`),
    check('schedules_check', sql`synced_version <= version`),
    index('schedules_customer').on(t.customerNumber),
    index('schedules_unsynced').on(t.changedAt).where(sql`synced_version < version`),
  ],
);

/** What became of each nominal time, once and for ever (N22). `buffered` waits for the schedule's open case to end. */
export const scheduleOccurrences = pgTable(
  'schedule_occurrences',
  {
    scheduleNumber: text('schedule_number').notNull(),
    nominalAt: instant('nominal_at').notNull(),
    result: text('result', { enum: ['opened', 'skipped', 'buffered', 'refused'] }).notNull(),
    /** The case that was opened, or the open one that it was left out for. */
    caseNumber: text('case_number'),
    detail: text('detail'),
    recordedAt: instant('recorded_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    key(t.scheduleNumber, t.nominalAt),
    references(t.scheduleNumber, schedules.scheduleNumber),
    references(t.caseNumber, cases.caseNumber),
    oneOf(t.result),
    check('opened_has_a_case', sql`result <> 'opened' or case_number is not null`),
    uniqueIndex('schedule_occurrences_buffered')
      .on(t.scheduleNumber)
      .where(sql`result = 'buffered'`),
    uniqueIndex('schedule_occurrences_case').on(t.caseNumber).where(sql`result = 'opened'`),
  ],
);
