import { ServiceFailure } from './failures.ts';

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

/** An opaque position in one list. */
export const encodeCursor = (list: string, position: (string | number | null)[]): string =>
  Buffer.from(JSON.stringify([list, ...position])).toString('base64url');

/** Reads a position back; undefined without a cursor. Fails `BadCursor` for garbage and for another list's. */
export function decodeCursor<T>(
  list: string,
  cursor: string | undefined,
  isPosition: (position: unknown[]) => position is T & unknown[],
): T | undefined {
  if (cursor === undefined) return undefined;
  const [name, ...position] = parsed(cursor);
  if (name !== list || !isPosition(position)) throw bad();
  return position;
}

/** The position of lists that are ordered by one number. */
export const isNumber = (position: unknown[]): position is [number] =>
  position.length === 1 && Number.isSafeInteger(position[0]);

/** Cuts the one row too many that tells whether there is a next page. */
export function listPage<T>(rows: T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    throw bad();
  }
}

const bad = () => new ServiceFailure('BadCursor', 'the cursor belongs to no place in this list');
