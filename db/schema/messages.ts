import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgSequence, pgTable, text } from 'drizzle-orm/pg-core';
import type { Recipient, Sender, Template } from '../../domain/message.ts';
import { cases } from './cases.ts';
import { instant, json, once, oneOf, references, wholeNumber } from './columns.ts';
import { persons } from './reference.ts';

export const notificationNumbers = pgSequence('notification_numbers');

export const inboundNumbers = pgSequence('inbound_numbers');

export const notifications = pgTable(
  'notifications',
  {
    seq: wholeNumber('seq').default(sql`nextval('notification_numbers')`).primaryKey(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    sequence: integer('sequence').notNull(),
    template: text('template').$type<Template>().notNull(),
    channel: text('channel', { enum: ['sms', 'mail', 'internal'] }).notNull(),
    recipient: json<Recipient | Sender>('recipient').notNull(),
    locale: text('locale').$type<'zh-CN' | 'en'>().notNull(),
    text: text('text').notNull(),
    status: text('status', {
      enum: ['queued', 'delivered', 'kept', 'pending', 'sent', 'failed', 'expired'],
    }).notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
    /** How often it was asked for under its key. */
    asked: integer('asked').default(1).notNull(),
    /** Whose phone or mail address it goes to, as it is when it goes. */
    personId: text('person_id'),
    /** The customer's link is added where it leaves: the outbox does not hold it. */
    linked: boolean('linked').default(false).notNull(),
    attempts: integer('attempts').default(0).notNull(),
    nextAttemptAt: instant('next_attempt_at').default(sql`clock_timestamp()`).notNull(),
    leasedUntil: instant('leased_until'),
    expiresAt: instant('expires_at')
      .default(sql`clock_timestamp() + interval '24 hours'`)
      .notNull(),
  },
  (t) => [
    once(t.effectKey),
    references(t.personId, persons.personId),
    oneOf(t.channel),
    oneOf(t.status),
    index('notifications_case').on(t.caseNumber, t.sequence),
    index('notifications_pending')
      .on(t.channel, t.nextAttemptAt, t.seq)
      .where(sql`status = 'pending'`),
    index('notifications_pending_case').on(t.caseNumber, t.seq).where(sql`status = 'pending'`),
  ],
);

export const notificationDeliveries = pgTable(
  'notification_deliveries',
  {
    delivery: wholeNumber('delivery').generatedAlwaysAsIdentity().primaryKey(),
    seq: wholeNumber('seq').notNull(),
    attempt: integer('attempt').notNull(),
    at: instant('at').default(sql`clock_timestamp()`).notNull(),
    result: text('result', { enum: ['delivered', 'kept', 'sent', 'failed', 'unknown'] }).notNull(),
    detail: text('detail'),
  },
  (t) => [
    once(t.seq, t.attempt),
    references(t.seq, notifications.seq),
    check('notification_deliveries_attempt_check', sql`attempt > 0`),
    oneOf(t.result),
  ],
);

/** What a partner was asked to send, as it was rendered first: each retry under the key sends the same, whatever changed meanwhile. */
export const partnerMessages = pgTable('partner_messages', {
  effectKey: text('effect_key').primaryKey(),
  requestHash: text('request_hash').notNull(),
  message: json<unknown>('message').notNull(),
  /** The customer's link is added where it leaves: it is not held here. */
  linked: boolean('linked').notNull(),
  createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
});

export const inboundMessages = pgTable(
  'inbound_messages',
  {
    seq: wholeNumber('seq').default(sql`nextval('inbound_numbers')`).primaryKey(),
    channel: text('channel', { enum: ['sms', 'mail'] }).notNull(),
    /** The gateway's: what it sends again has the same. */
    messageId: text('message_id').notNull(),
    requestHash: text('request_hash').notNull(),
    /** Digits of a phone, or a mail address in small letters. */
    sender: text('sender').notNull(),
    subject: text('subject'),
    text: text('text').notNull(),
    receivedAt: instant('received_at').default(sql`clock_timestamp()`).notNull(),
    caseNumber: text('case_number'),
    rating: text('rating', { enum: ['A', 'B', 'C', 'D'] }),
    /** `received`: not settled yet. `waiting`: a rating, until the callback is asked for. */
    status: text('status', {
      enum: [
        'received',
        'rated',
        'waiting',
        'late',
        'noted',
        'prompted',
        'unmatched',
        'assigned',
        'dismissed',
      ],
    })
      .default('received')
      .notNull(),
    settledAt: instant('settled_at'),
    settledBy: text('settled_by'),
    settledRole: text('settled_role'),
    settleReason: text('settle_reason'),
    /** When the sweep last tried to settle it; null: never. Those that can't be settled now let others pass. */
    triedAt: instant('tried_at'),
  },
  (t) => [
    once(t.channel, t.messageId),
    oneOf(t.channel),
    oneOf(t.rating),
    oneOf(t.status),
    check(
      'settled_by_somebody',
      sql`((status in ('assigned', 'dismissed')) = (settled_by is not null)) and ((settled_by is null) = (settled_role is null))`,
    ),
    check('assigned_to_a_case', sql`status <> 'assigned' or case_number is not null`),
    check('dismissal_has_reason', sql`(status = 'dismissed') = (settle_reason is not null)`),
    index('inbound_messages_case').on(t.caseNumber, t.seq),
    index('inbound_messages_open').on(t.seq).where(sql`status in ('received', 'unmatched')`),
    index('inbound_messages_sender').on(t.channel, t.sender, t.receivedAt),
    index('inbound_messages_unsettled').on(t.seq).where(sql`status in ('received', 'waiting')`),
  ],
);

/** Only the hash of a link's token is kept: who reads this table opens no page. */
export const statusLinks = pgTable(
  'status_links',
  {
    tokenHash: text('token_hash').primaryKey(),
    caseNumber: text('case_number').notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [references(t.caseNumber, cases.caseNumber)],
);
