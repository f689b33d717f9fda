/** Every table, column, key, check and index as the migrations leave them. A change begins here: `npm run migrate:generate`
 *  writes its migration, and a test compares this description with the migrated database. */

export * from './schema/beyond.ts';
export * from './schema/billing.ts';
export * from './schema/callers.ts';
export * from './schema/cases.ts';
export * from './schema/defects.ts';
export * from './schema/dispatch.ts';
export * from './schema/effects.ts';
export * from './schema/imports.ts';
export * from './schema/messages.ts';
export * from './schema/parts.ts';
export * from './schema/parts-handed-out.ts';
export * from './schema/records.ts';
export * from './schema/reference.ts';
export * from './schema/schedules.ts';
export * from './schema/webhooks.ts';
