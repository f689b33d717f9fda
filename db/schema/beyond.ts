/** What drizzle-kit can't say. A migration of its own says it (`npm run migrate:generate -- --custom --name …`); its names stand here. */

import { pgView, text } from 'drizzle-orm/pg-core';
import { wholeNumber } from './columns.ts';

/** The triggers of each table. */
export const triggers: Record<string, string[]> = {
  case_events: ['case_events_append_only', 'case_events_fan_out', 'case_events_no_truncate'],
  corrective_actions: ['corrective_actions_immutable'],
  effect_checks: ['effect_checks_immutable'],
  failure_records: ['failure_records_append_only'],
  holiday_versions: ['holiday_versions_immutable'],
  holidays: ['holidays_immutable'],
  imports: ['imports_append_only', 'imports_no_truncate'],
  invoices: ['invoices_immutable'],
  part_movements: ['part_movements_append_only', 'part_movements_no_truncate'],
  payments: ['payments_append_only'],
  policies: ['policies_immutable'],
  quotes: ['quotes_immutable'],
  service_records: ['service_records_immutable'],
  signatures: ['signatures_immutable'],
  tariff_parts: ['tariff_parts_immutable'],
  tariffs: ['tariffs_immutable'],
};

/** The exclusion constraints of each table. */
export const exclusions: Record<string, string[]> = {
  appointments: ['one_visit_at_a_time'],
  on_call_duties: ['one_on_a_rung', 'one_rung_each'],
};

/** The functions, those of the triggers among them. */
export const functions = [
  'case_number_of',
  'fan_out_events',
  'iso',
  'phone_digits',
  'record_digest',
  'refuse_change',
  'refuse_other_change',
  'schedule_number_of',
  'webhook_body_of',
  'webhook_event_of',
];

/** Asked for, accepted once per key, and how it went; `unknown` tries may have gone out a second time. */
export const deliveryFigures = pgView('delivery_figures', {
  channel: text('channel').notNull(),
  asked: wholeNumber('asked').notNull(),
  accepted: wholeNumber('accepted').notNull(),
  deduplicated: wholeNumber('deduplicated').notNull(),
  kept: wholeNumber('kept').notNull(),
  pending: wholeNumber('pending').notNull(),
  sent: wholeNumber('sent').notNull(),
  failed: wholeNumber('failed').notNull(),
  expired: wholeNumber('expired').notNull(),
  attempts: wholeNumber('attempts').notNull(),
  unknown: wholeNumber('unknown').notNull(),
}).existing();
