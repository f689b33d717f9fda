import { sql } from 'drizzle-orm';
import { check, foreignKey, integer, pgTable, text, unique } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/case.ts';
import { day, instant, json, key, once, oneOf, references } from './columns.ts';
import { territories } from './reference.ts';

/** What was taken in from files. The next place is written by the import's own statement: of two at once one does its work anew, on what the other left. */
export const imports = pgTable(
  'imports',
  {
    importNumber: text('import_number').primaryKey(),
    place: integer('place').notNull(),
    kind: text('kind', {
      enum: ['customers', 'assets', 'parts', 'engineers', 'holidays'],
    }).notNull(),
    scope: text('scope').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    requestHash: text('request_hash').notNull(),
    fileHash: text('file_hash').notNull(),
    rows: integer('rows').notNull(),
    created: integer('created').notNull(),
    changed: integer('changed').notNull(),
    importedBy: json<Actor>('imported_by').notNull(),
    importedAt: instant('imported_at').notNull(),
  },
  (t) => [
    once(t.place),
    unique('imports_idempotency').on(t.scope, t.idempotencyKey),
    check('imports_place_check', sql`place > 0`),
    oneOf(t.kind),
    check('imports_add_up', sql`created >= 0 and changed >= 0 and created + changed <= rows`),
  ],
);

/** Holidays by territory, versioned: a version says what it changed, and the latest word on a day up to a version holds. */
export const holidayVersions = pgTable(
  'holiday_versions',
  {
    territory: text('territory').notNull(),
    version: integer('version').notNull(),
    /** Null: loaded with the demo data. */
    importNumber: text('import_number'),
    madeAt: instant('made_at').default(sql`now()`).notNull(),
  },
  (t) => [
    key(t.territory, t.version),
    references(t.importNumber, imports.importNumber),
    references(t.territory, territories.territory),
    check('holiday_versions_version_check', sql`version > 0`),
  ],
);

export const holidays = pgTable(
  'holidays',
  {
    territory: text('territory').notNull(),
    day: day('day').notNull(),
    version: integer('version').notNull(),
    name: text('name').notNull(),
    /** A `workday` is worked although its weekday is not; `ordinary` takes an earlier word back. */
    kind: text('kind', { enum: ['holiday', 'workday', 'ordinary'] }).notNull(),
  },
  (t) => [
    key(t.territory, t.day, t.version),
    foreignKey({
      name: 'holidays_territory_version_fkey',
      columns: [t.territory, t.version],
      foreignColumns: [holidayVersions.territory, holidayVersions.version],
    }),
    oneOf(t.kind),
  ],
);
