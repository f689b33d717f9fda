/** One list made of several, each in the order that all share. */
import { decodeCursor, encodeCursor, type Page } from '../../db/cursor.ts';
import type { Listed, ListSource } from './index.ts';

/** Where a row stands: its moment and its number. */
export interface RowPlace {
  at: string;
  number: string;
}

/** One of the lists. */
export interface SourceList<Row> {
  source: ListSource;
  /** In its order, from the row after `after` on. */
  read(after: string | undefined, limit: number): Promise<Row[]>;
  /** Those of its rows that belong into the whole; `last`: where the page before ended, null on the first. */
  shown(rows: Row[], last: RowPlace | null): Promise<Row[]>;
}

export interface Order<Row> {
  placeOf(row: Row): RowPlace;
  /** Negative when `a` comes first; of two that come at once the one of the earlier part does. */
  compare(a: number, b: number): number;
}

/** The cursor: where the whole stood, and each of its parts (null: at its beginning). */
type Position = [at: string, number: string, ...(string | null)[]];
const isText = (one: unknown) => typeof one === 'string' && !one.includes('\0');
const isPosition =
  (parts: number) =>
  (position: unknown[]): position is Position =>
    position.length === parts + 2 &&
    position.every((one, index) => isText(one) || (one === null && index > 1));

/** A page of the whole: no row twice and none left out, however the parts lie. Fails `BadCursor`. */
export async function mergedPage<Row extends object>(
  parts: SourceList<Row>[],
  order: Order<Row>,
  { list, cursor, limit }: { list: string; cursor: string | undefined; limit: number },
): Promise<Page<Listed<Row>>> {
  const [at, number, ...from] = decodeCursor(list, cursor, isPosition(parts.length)) ?? [];
  const last = at === undefined || number === undefined ? null : { at, number };
  const rows = await Promise.all(
    parts.map((part, index) => rowsOf(part, order, { after: from[index], limit: limit + 1, last })),
  );
  const merged = mergeInOrder<Listed<Row>>(rows, order).slice(0, limit + 1);
  const items = merged.slice(0, limit);
  const end = items.at(-1);
  if (merged.length <= limit || !end) return { items, nextCursor: null };
  const ends = parts.map(({ source }, index) => {
    const own = items.findLast((item) => item.source === source);
    return own ? order.placeOf(own).number : (from[index] ?? null);
  });
  const place = order.placeOf(end);
  return { items, nextCursor: encodeCursor(list, [place.at, place.number, ...ends]) };
}

/** So many rows of a part that belong into the whole, or all that it has. */
async function rowsOf<Row extends object>(
  { source, read, shown }: SourceList<Row>,
  { placeOf }: Order<Row>,
  {
    after,
    limit,
    last,
  }: { after: string | null | undefined; limit: number; last: RowPlace | null },
): Promise<Listed<Row>[]> {
  const found: Listed<Row>[] = [];
  for (let from = after ?? undefined; ; ) {
    const rows = await read(from, limit);
    found.push(...(await shown(rows, last)).map((row) => ({ ...row, source })));
    const end = rows.at(-1);
    const next = end && placeOf(end).number;
    // a partner that does not turn the page is not asked for ever
    if (found.length >= limit || rows.length < limit || next === from) return found;
    from = next;
  }
}

// Always the first of those that come next: a part keeps its own order, even when it is not quite the shared one.
function mergeInOrder<Row>(parts: Row[][], { placeOf, compare }: Order<Row>): Row[] {
  const merged: Row[] = [];
  const left = parts.map((rows) => [...rows]);
  const momentOf = (row: Row) => Date.parse(placeOf(row).at);
  for (;;) {
    const heads = left.filter((rows) => rows.length > 0);
    const [first] = heads.toSorted(([a], [b]) => (a && b ? compare(momentOf(a), momentOf(b)) : 0));
    const row = first?.shift();
    if (row === undefined) return merged;
    merged.push(row);
  }
}
