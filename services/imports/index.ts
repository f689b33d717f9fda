/** Registers taken in from CSV files: customers, assets, parts, engineers, holidays. All of a file or nothing. */
export type { CellError } from '../../domain/imports/check.ts';
export { type DryRun, type ImportResult, importFile, maxBytes } from './import-file.ts';
export type { ImportRow, ImportStore } from './store.ts';
