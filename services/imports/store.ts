import type { Page } from '../../db/cursor.ts';
import type { Actor } from '../../domain/case.ts';
import type { Values } from '../../domain/imports/check.ts';
import type { ImportKind } from '../../domain/imports/registers.ts';

/** What a file does, or would do, to a register. */
export interface Tally {
  created: number;
  changed: number;
  unchanged: number;
}

/** An import as the log keeps it. */
export interface ImportRow extends Tally {
  importNumber: string;
  kind: ImportKind;
  /** SHA-256 of the file, in hex. */
  fileHash: string;
  rows: number;
  by: Actor;
  at: string;
}

/** The rows of a file, checked. */
export interface FileRows {
  kind: ImportKind;
  rows: Values[];
  /** The columns that the file has: the others stay as they are. */
  columns: string[];
}

export interface NewImport extends FileRows {
  scope: string;
  key: string;
  /** SHA-256 of kind and file: what the key stands for. */
  requestHash: string;
  fileHash: string;
  by: Actor;
  at: string;
}

/** An import known by its key. */
export interface KnownImport {
  row: ImportRow;
  requestHash: string;
}

/** A row that the register can't take, by its place in the file's rows. */
export interface Conflict {
  index: number;
  column: string;
  detail: string;
}

export interface ImportStore {
  /** What `write` would do now. */
  judge(file: FileRows): Promise<Tally>;
  /** Takes the whole file in and logs it by one statement, or nothing of it; null when the key has been used. */
  write(file: NewImport): Promise<ImportRow | null>;
  find(scope: string, key: string): Promise<KnownImport | null>;
  /** Rows that fit no other row's claim: a member of staff in another role, or of another engineer. */
  conflicts(file: FileRows): Promise<Conflict[]>;
  /** Newest first. Fails `BadCursor`. */
  list(cursor: string | undefined, limit: number): Promise<Page<ImportRow>>;
}
