import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  pgSequence,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { WebhookEvent } from '../../domain/webhook-event.ts';
import { caseEvents } from './cases.ts';
import { instant, key, once, oneOf, references, texts, wholeNumber } from './columns.ts';

export const webhookNumbers = pgSequence('webhook_numbers');

export const webhooks = pgTable(
  'webhooks',
  {
    webhookNumber: text('webhook_number')
      .default(sql`'WH-' || nextval('webhook_numbers')`)
      .primaryKey(),
    url: text('url').notNull(),
    events: texts('events').$type<WebhookEvent[]>().notNull(),
    /** Both sides sign and check with it, so it can't be kept as a hash. */
    secret: text('secret').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
    deletedAt: instant('deleted_at'),
    /** Tries in a row that failed; it is left alone until then. */
    failures: integer('failures').default(0).notNull(),
    restsUntil: instant('rests_until').default('-infinity').notNull(),
  },
  (t) => [uniqueIndex('webhooks_url').on(t.url).where(sql`deleted_at is null`)],
);

export const webhookMessages = pgTable(
  'webhook_messages',
  {
    seq: wholeNumber('seq').generatedAlwaysAsIdentity().primaryKey(),
    webhookNumber: text('webhook_number').notNull(),
    eventSeq: wholeNumber('event_seq').notNull(),
    event: text('event').$type<WebhookEvent>().notNull(),
    caseNumber: text('case_number').notNull(),
    /** What is signed, byte for byte. */
    body: text('body').notNull(),
    status: text('status', { enum: ['pending', 'sent', 'failed', 'expired'] })
      .default('pending')
      .notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
    /** Sent once more on demand: out of its order. */
    redelivered: boolean('redelivered').default(false).notNull(),
    attempts: integer('attempts').default(0).notNull(),
    nextAttemptAt: instant('next_attempt_at').default(sql`clock_timestamp()`).notNull(),
    leasedUntil: instant('leased_until'),
    expiresAt: instant('expires_at')
      .default(sql`clock_timestamp() + interval '72 hours'`)
      .notNull(),
  },
  (t) => [
    once(t.webhookNumber, t.eventSeq),
    references(t.webhookNumber, webhooks.webhookNumber),
    references(t.eventSeq, caseEvents.seq),
    oneOf(t.status),
    index('webhook_messages_pending').on(t.nextAttemptAt, t.seq).where(sql`status = 'pending'`),
    index('webhook_messages_pending_case')
      .on(t.webhookNumber, t.caseNumber, t.seq)
      .where(sql`status = 'pending'`),
  ],
);

export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    seq: wholeNumber('seq').notNull(),
    attempt: integer('attempt').notNull(),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
    result: text('result', { enum: ['sent', 'failed', 'unknown'] }).notNull(),
    detail: text('detail'),
  },
  (t) => [
    key(t.seq, t.attempt),
    references(t.seq, webhookMessages.seq),
    check('webhook_attempts_attempt_check', sql`attempt > 0`),
    oneOf(t.result),
  ],
);
