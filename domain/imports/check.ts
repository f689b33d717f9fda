/** Judges a file against its register: what is wrong by row and column, with what is allowed. Pure. */
import type { Column } from './column.ts';
import type { Register } from './registers.ts';

/** What is wrong. `row` counts as a spreadsheet does (1 is the header); column null: the row, or (row null) the file. */
export interface CellError {
  row: number | null;
  column: string | null;
  detail: string;
}

export interface FileRow {
  row: number;
  cells: string[];
}

/** A row as the register keeps it; columns that the file lacks are not in it. */
export type Values = Record<string, unknown>;

/** What is wrong with the first line; nothing when every column is known, once, and none is missing. */
export function headerErrors({ columns }: Register, header: string[]): CellError[] {
  const known = Object.keys(columns);
  const [only = '', ...others] = header;
  if (others.length === 0 && /[;\t]/.test(only)) {
    const detail = `commas between the columns, which are ${known.join(', ')}`;
    return [{ row: 1, column: null, detail }];
  }
  const missing = known.filter((name) => columns[name]?.required && !header.includes(name));
  return [
    ...header.flatMap((name, index) => nameErrors(name, index, header, known)),
    ...missing.map((column) => ({ row: 1, column, detail: 'this column is missing' })),
  ];
}

function nameErrors(name: string, index: number, header: string[], known: string[]): CellError[] {
  const error = (detail: string) => [{ row: 1, column: name.slice(0, 80), detail }];
  if (name === '') return []; // spreadsheets leave such columns behind
  if (!known.includes(name)) return error(`no such column; the columns are ${known.join(', ')}`);
  return header.indexOf(name) < index ? error('this column is there twice') : [];
}

/** A row's values, or what is wrong with it. Space around a cell is nobody's: systems pad their columns with it. */
export function readRow(
  { columns }: Register,
  header: string[],
  { row, cells }: FileRow,
): { values: Values; errors: CellError[] } {
  if (cells.length !== header.length) {
    const detail = `${header.length} cells as in the header, not ${cells.length}`;
    return { values: {}, errors: [{ row, column: null, detail }] };
  }
  const values: Values = {};
  const errors: CellError[] = [];
  for (const [index, name] of header.entries()) {
    const { read, allowed } = columns[name] ?? nameless;
    const value = read((cells[index] ?? '').trim());
    if (value === undefined) errors.push({ row, column: name || null, detail: allowed });
    else values[name] = value;
  }
  return { values, errors };
}

const nameless: Pick<Column, 'read' | 'allowed'> = {
  allowed: 'nothing in a column that has no name',
  read: (cell) => (cell === '' ? null : undefined),
};

/** Finds numbers that a file holds twice, one row after another. */
export function onlyOnce({ once }: Register): (row: number, values: Values) => CellError[] {
  const finders = once.map(firstRows);
  return (row, values) => finders.flatMap((find) => find(row, values));
}

function firstRows(names: readonly string[]) {
  const seen = new Map<string, number>();
  const [column = null] = names.slice(-1);
  return (row: number, values: Values): CellError[] => {
    if (names.some((name) => values[name] === undefined)) return [];
    const number = JSON.stringify(names.map((name) => values[name]));
    const before = seen.get(number);
    if (before !== undefined) return [{ row, column, detail: `not the same as in row ${before}` }];
    seen.set(number, row);
    return [];
  };
}
