/** Registers taken in from CSV files: customers, assets, parts, engineers, holidays. All of a file or nothing. */
export type { CellError } from '../../domain/imports/check.ts';
export {
  type DryRun,
  type ImportDeps,
  type ImportRequest,
  type ImportResult,
  importFile,
  maxBytes,
} from './import-file.ts';
export type { FileRows, ImportRow, ImportStore, NewImport, Tally } from './store.ts';
