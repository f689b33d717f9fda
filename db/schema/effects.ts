import { sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { instant, key } from './columns.ts';

export const effects = pgTable('effects', {
  effectKey: text('effect_key').primaryKey(),
  requestHash: text('request_hash').notNull(),
  doneAt: instant('done_at').default(sql`clock_timestamp()`).notNull(),
});

export const requests = pgTable(
  'requests',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    actorId: text('actor_id').notNull(),
    claimedAt: instant('claimed_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [key(t.scope, t.key)],
);
