/** Cells that hold several values, with `;` between them. */
import { z } from 'zod';

const parted = z.string().transform((cell) => cell.split(';').map((item) => item.trim()));
const day = z.iso.date();

/** Words, each once. */
export const words = (word: z.ZodString) =>
  parted.pipe(z.array(word).min(1).max(20)).refine((found) => new Set(found).size === found.length);

/** `CODE=last day`, as `{ code, validUntil }`; an empty cell: none. */
export const certificates = z
  .string()
  .transform((cell) => (cell === '' ? [] : cell.split(';').map((item) => item.trim().split('='))))
  .pipe(z.array(z.tuple([z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,39}$/), day])).max(20))
  .transform((pairs) => pairs.map(([code, validUntil]) => ({ code, validUntil })))
  .refine((found) => new Set(found.map(({ code }) => code)).size === found.length);

interface Shift {
  weekday: number;
  opens: string;
  closes: string;
}

const form = /^([1-7])(?:-([1-7]))? ((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

/** `1-5 08:00-12:00`: weekdays (1 is Monday) and wall-clock hours of each; an empty cell: on no day. */
export const shifts = z.string().transform((cell, issues) => {
  const items = cell === '' ? [] : cell.split(';', 30).map((item) => shiftsIn(item.trim()));
  const found = items.flat();
  if (items.some((item) => item.length === 0) || overlap(found)) issues.addIssue('not such hours');
  return found;
});

function shiftsIn(item: string): Shift[] {
  const [, first, last = first, opens = '', closes = ''] = form.exec(item) ?? [];
  if (!first || opens >= closes) return [];
  const days = Number(last) - Number(first) + 1;
  return Array.from({ length: Math.max(0, days) }, (_, index) => ({
    weekday: Number(first) + index,
    opens,
    closes,
  }));
}

const overlap = (found: Shift[]): boolean =>
  found.some((one, index) =>
    found
      .slice(index + 1)
      .some(
        (other) =>
          one.weekday === other.weekday && one.opens < other.closes && other.opens < one.closes,
      ),
  );
