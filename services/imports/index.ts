/** Registers taken in from CSV files: customers, assets, parts, engineers, holidays. All of a file or nothing. */
import type { ImportRow, Tally } from '../../db/index.ts';
import type { CellError } from '../../domain/imports/check.ts';
import type { ImportKind } from '../../domain/imports/registers.ts';

/** How an import ended, or would end. */
export type ImportResult =
  | { kind: 'imported'; row: ImportRow }
  /** The key came before with the same file: what it did then. */
  | { kind: 'same'; row: ImportRow }
  /** The key came before with another file. */
  | { kind: 'keyReused' }
  /** Nothing was written, nothing was wrong. */
  | { kind: 'tried'; report: DryRun }
  /** Nothing was written: the first of what is wrong, and how much there is of it. */
  | { kind: 'wrong'; errors: CellError[]; found: number };

/** What a file would do. */
export interface DryRun extends Tally {
  kind: ImportKind;
  fileHash: string;
  rows: number;
}

export type { CellError } from '../../domain/imports/check.ts';
export { type ImportDeps, type ImportRequest, importFile, maxBytes } from './import-file.ts';
