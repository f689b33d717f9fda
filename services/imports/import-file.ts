import { createHash } from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { Actor } from '../../domain/case.ts';
import {
  type CellError,
  type FileRow,
  headerErrors,
  onlyOnce,
  readRow,
  type Values,
} from '../../domain/imports/check.ts';
import { type ImportKind, type Register, registers } from '../../domain/imports/registers.ts';
import type { DirectoryStore, References } from '../directory/index.ts';
import { readCsv } from './csv.ts';
import type { FileRows, ImportRow, ImportStore, Tally } from './store.ts';

/** A file of at most so many bytes and rows. */
export const maxBytes = 8 * 1024 * 1024;
const maxRows = 20_000;
/** Nobody corrects more at a time. */
const shownErrors = 100;
const rowsAtOnce = 500;

export interface ImportDeps {
  imports: ImportStore;
  directory: Pick<DirectoryStore, 'unknown'>;
  /** ISO 8601 UTC. */
  now: () => string;
  /** Called with how many rows of how many have been checked. */
  onProgress?: (checked: number, rows: number) => void;
}

export interface ImportRequest {
  kind: ImportKind;
  file: Uint8Array;
  /** Whose key it is, and the key; null: a dry run, which writes nothing. */
  write: { scope: string; key: string } | null;
  by: Actor;
}

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

interface Checked {
  rows: Values[];
  /** The row of the file that each of `rows` stands in. */
  places: number[];
  errors: CellError[];
}

/** Takes a file into its register: every row, by its number, or none. Under a key that was used it answers what was done then. */
export async function importFile(deps: ImportDeps, request: ImportRequest): Promise<ImportResult> {
  const fileHash = createHash('sha256').update(request.file).digest('hex');
  const requestHash = `${request.kind}/${fileHash}`;
  const known = await knownImport(deps, request, requestHash);
  if (known) return known;
  const file = await readFile(deps, request);
  if ('errors' in file) return wrong(file.errors);
  const { kind, write, by } = request;
  if (!write) {
    const tally = await deps.imports.judge(file);
    return { kind: 'tried', report: { kind, fileHash, rows: file.rows.length, ...tally } };
  }
  const row = await deps.imports.write({
    ...file,
    ...write,
    requestHash,
    fileHash,
    by,
    at: deps.now(),
  });
  if (row) return { kind: 'imported', row };
  return (await knownImport(deps, request, requestHash)) ?? wrong([]); // the same key won in between
}

/** The file's rows, all of them fit for the register, or what is wrong. */
async function readFile(
  deps: ImportDeps,
  { kind, file }: ImportRequest,
): Promise<FileRows | { errors: CellError[] }> {
  const read = await readCsv(file, maxRows);
  if ('errors' in read) return read;
  const register: Register = registers[kind];
  const misnamed = headerErrors(register, read.header);
  if (misnamed.length > 0) return { errors: misnamed };
  const checked = await checkRows(deps, register, read.header, read.rows);
  const errors = [...checked.errors, ...(await unfit(deps, kind, checked))];
  return errors.length > 0 ? { errors } : { kind, rows: checked.rows, columns: read.header };
}

async function knownImport(
  { imports }: ImportDeps,
  { write }: ImportRequest,
  requestHash: string,
): Promise<ImportResult | null> {
  const known = write && (await imports.find(write.scope, write.key));
  if (!known) return null;
  if (known.requestHash !== requestHash) return { kind: 'keyReused' };
  return { kind: 'same', row: known.row };
}

function wrong(errors: CellError[]): ImportResult {
  const inOrder = errors.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0));
  return { kind: 'wrong', errors: inOrder.slice(0, shownErrors), found: errors.length };
}

/** Row by row, with room for other work in between. */
async function checkRows(
  { onProgress }: ImportDeps,
  register: Register,
  header: string[],
  fileRows: FileRow[],
): Promise<Checked> {
  const checked: Checked = { rows: [], places: [], errors: [] };
  const again = onlyOnce(register);
  for (const [index, fileRow] of fileRows.entries()) {
    const { values, errors } = readRow(register, header, fileRow);
    checked.rows.push(values);
    checked.places.push(fileRow.row);
    checked.errors.push(...errors, ...again(fileRow.row, values));
    if ((index + 1) % rowsAtOnce === 0) {
      onProgress?.(index + 1, fileRows.length);
      await otherWork();
    }
  }
  onProgress?.(fileRows.length, fileRows.length);
  return checked;
}

/** Cells that name what nobody knows, and rows that claim what is another's. */
async function unfit(deps: ImportDeps, kind: ImportKind, checked: Checked): Promise<CellError[]> {
  const { rows, places } = checked;
  const conflicts = await deps.imports.conflicts({ kind, rows, columns: [] });
  return [
    ...(await strangers(deps, registers[kind], checked)),
    ...conflicts.map(({ index, ...rest }) => ({ row: places[index] ?? null, ...rest })),
  ];
}

async function strangers(
  { directory }: ImportDeps,
  { columns }: Register,
  { rows, places }: Checked,
): Promise<CellError[]> {
  const naming = Object.entries(columns).flatMap(([column, { names }]) =>
    names ? [{ column, names, cells: rows.map((values) => listOf(values[column])) }] : [],
  );
  const asked: References = Object.fromEntries(
    naming.map(({ names, cells }) => [names, [...new Set(cells.flat())]]),
  );
  const unknown = await directory.unknown(asked);
  return naming.flatMap(({ column, names, cells }) => {
    const missing = new Set(unknown[names]);
    return cells.flatMap((values, index) => {
      const found = values.filter((value) => missing.has(value));
      const detail = `a known ${names}: ${found.join(', ')} is none`;
      return found.length > 0 ? [{ row: places[index] ?? null, column, detail }] : [];
    });
  });
}

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
