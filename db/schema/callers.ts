import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { key } from './columns.ts';

/** Calls of each caller in each minute since 1970, for those who call often. */
export const callCounts = pgTable(
  'call_counts',
  {
    caller: text('caller').notNull(),
    minute: integer('minute').notNull(),
    calls: integer('calls').notNull(),
  },
  (t) => [key(t.caller, t.minute)],
);
