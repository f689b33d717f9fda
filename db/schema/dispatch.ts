import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant, json, key, once, oneOf, period, references, texts } from './columns.ts';
import { staff, territories } from './reference.ts';

export const providers = pgTable('providers', {
  provider: text('provider').primaryKey(),
  titleEn: text('title_en').notNull(),
  titleZh: text('title_zh').notNull(),
});

export const engineers = pgTable(
  'engineers',
  {
    engineerNumber: text('engineer_number').primaryKey(),
    staffNumber: text('staff_number').notNull(),
    provider: text('provider'),
    territory: text('territory').notNull(),
    skills: texts('skills').notNull(),
    certificates: json<{ code: string; validUntil: string }[]>('certificates')
      .default([])
      .notNull(),
    timeZone: text('time_zone').notNull(),
  },
  (t) => [
    once(t.staffNumber),
    references(t.staffNumber, staff.staffNumber),
    references(t.provider, providers.provider),
    references(t.territory, territories.territory),
  ],
);

/** Wall-clock hours in the engineer's zone; several rows a day for a lunch break. Weekday 1 is Monday. */
export const engineerShifts = pgTable(
  'engineer_shifts',
  {
    engineerNumber: text('engineer_number').notNull(),
    weekday: integer('weekday').notNull(),
    opens: text('opens').notNull(),
    closes: text('closes').notNull(),
  },
  (t) => [
    key(t.engineerNumber, t.weekday, t.opens),
    references(t.engineerNumber, engineers.engineerNumber),
    check('engineer_shifts_weekday_check', sql`weekday between 1 and 7`),
    check('engineer_shifts_opens_check', sql`opens ~ '^\\d\\d:\\d\\d$'`),
    check('engineer_shifts_check', sql`closes ~ '^\\d\\d:\\d\\d$' and closes > opens`),
  ],
);

/** `barred` is the tombstone of a booking that was canceled before it landed (D3). */
export const appointments = pgTable(
  'appointments',
  {
    bookingKey: text('booking_key').primaryKey(),
    requestHash: text('request_hash'),
    caseNumber: text('case_number'),
    engineerNumber: text('engineer_number'),
    period: period('period'),
    status: text('status', {
      enum: ['booked', 'barred', 'canceled', 'completed', 'partiallyCompleted', 'cannotComplete'],
    }).notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    references(t.engineerNumber, engineers.engineerNumber),
    oneOf(t.status),
    check(
      'appointment_whole',
      sql`status = 'barred' or (case_number is not null and engineer_number is not null and (not isempty(period)))`,
    ),
    index('appointments_case').on(t.caseNumber),
  ],
);

/** Who is on call, in the order in which they are paged (FLOW-EMER): a ladder for each territory and class of product. Several may follow each other on one rung, never two at once; a person stands on one rung of a ladder at a time. */
export const onCallDuties = pgTable(
  'on_call_duties',
  {
    territory: text('territory').notNull(),
    productClass: text('product_class').notNull(),
    position: integer('position').notNull(),
    staffNumber: text('staff_number').notNull(),
    /** Faults of these skills reach the person before those who lack them. */
    skills: texts('skills').notNull(),
    period: period('period').notNull(),
  },
  (t) => [
    key(t.territory, t.productClass, t.position, t.period),
    references(t.staffNumber, staff.staffNumber),
    references(t.territory, territories.territory),
    check('on_call_duties_position_check', sql`position > 0`),
    check('on_call_duties_period_check', sql`not isempty(period)`),
  ],
);
