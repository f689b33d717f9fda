/** Reads a CSV file (RFC 4180): UTF-8 with or without a byte order mark, any line end, quoted cells. */
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate as otherWork } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { CellError, FileRow } from '../../domain/imports/check.ts';

/** A file's first line and the rows below it, or why it can't be read. */
export type CsvFile = { header: string[]; rows: FileRow[] } | { errors: CellError[] };

const chunkBytes = 65_536;
const maxCells = 200;
const options = {
  bom: true,
  info: true,
  relax_column_count: true, // told by row, in our own words
  skip_empty_lines: true,
  max_record_size: 100_000,
} as const;

/** Reads piece by piece, so that the process goes on with its other work. */
export async function readCsv(bytes: Uint8Array, maxRows: number): Promise<CsvFile> {
  const unreadable = notText(bytes) ?? tooWide(bytes);
  if (unreadable) return { errors: [unreadable] };
  const rows: FileRow[] = [];
  try {
    for await (const { record, info } of Readable.from(chunksOf(bytes)).pipe(parse(options))) {
      rows.push({ row: info.records + info.empty_lines, cells: record });
      if (rows.length > maxRows + 1) return { errors: [fileError(`at most ${maxRows} rows`)] };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { errors: [malformed(error)] };
  }
  const [header, ...records] = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (!header) return { errors: [fileError('a first line with the names of the columns')] };
  if (records.length === 0) return { errors: [fileError('at least one row below the header')] };
  return { header: header.cells.map((name) => name.trim()), rows: records };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    yield bytes.subarray(from, from + chunkBytes);
    await otherWork();
  }
}

const [lineFeed, carriageReturn, quote, comma] = [0x0a, 0x0d, 0x22, 0x2c];

/** The first line that isn't text; a NUL can't be stored. Looked for in pieces of whole lines, then line by line in one of them. */
function notText(bytes: Uint8Array, pieceBytes = chunkBytes, firstRow = 1): CellError | null {
  if (troubleIn(bytes) === null) return null;
  for (let row = firstRow, from = 0; ; ) {
    const end = bytes.indexOf(lineFeed, from + pieceBytes);
    const piece = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
    const detail = troubleIn(piece);
    if (detail !== null)
      return pieceBytes > 0 ? notText(piece, 0, row) : { row, column: null, detail };
    for (const byte of piece) if (byte === lineFeed) row += 1;
    from = end + 1;
  }
}

/** The first row of too many cells, by its commas: a cell that is made costs far more, an empty one too. */
function tooWide(bytes: Uint8Array): CellError | null {
  let row = 1;
  let cells = 1;
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (byte === comma) cells += 1;
    else if (byte === lineFeed || byte === carriageReturn) {
      if (byte === carriageReturn || bytes[at - 1] !== carriageReturn) row += 1;
      cells = 1;
    }
    if (cells > maxCells) return { row, column: null, detail: `at most ${maxCells} cells` };
  }
  return null;
}

function troubleIn(part: Uint8Array): string | null {
  if (!isUtf8(part)) return 'text in UTF-8: save the file as "CSV UTF-8"';
  if (!part.includes(0)) return null;
  return 'text without NUL characters; if there are many, the file is UTF-16: save it as "CSV UTF-8"';
}

const reasons: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a cell that begins with " and ends with "; this one never ends',
  INVALID_OPENING_QUOTE: '" only around a whole cell, and doubled inside it',
  CSV_INVALID_CLOSING_QUOTE: '" only around a whole cell, and doubled inside it',
  CSV_MAX_RECORD_SIZE: 'rows of at most 100000 characters',
};

function malformed({ code, records, empty_lines: empty }: CsvError): CellError {
  const row = Number(records) + Number(empty) + 1;
  return { row, column: null, detail: reasons[code] ?? 'CSV as in RFC 4180' };
}

const fileError = (detail: string): CellError => ({ row: null, column: null, detail });
