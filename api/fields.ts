/** Parsing at the door: what isn't right is 422 with a JSON pointer for each field. */
import { z } from 'zod';
import { type FieldError, invalid, Problem } from './problem.ts';

/** The parsed value, or 422 with every wrong field. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(fieldErrors));
}

const pointerOf = (path: PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The fields that an issue is about; an unknown key is named by its own pointer, cut to a readable length. */
export function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ pointer: pointerOf(issue.path), detail: issue.message }];
  return issue.keys.slice(0, 20).map((key) => ({
    pointer: pointerOf([...issue.path, key.slice(0, 80)]),
    detail: 'no such field',
  }));
}

/** Bounded text of a query: no NUL, no half of a surrogate pair. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'not well-formed text');

/** A page of a list: at most 200 items, 50 when not said. */
export const page = {
  cursor: text(500).optional(),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9]\d|1\d\d|200)$/, 'a whole number from 1 to 200')
    .transform(Number)
    .optional(),
};
export const pageSize = 50;
export const search = text(80);
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const key = /^[\x21-\x7e]{1,255}$/;

/** The Idempotency-Key, or undefined without one. 400 when it isn't 1 to 255 visible ASCII characters. */
export function idempotencyKey(headers: { [name: string]: unknown }): string | undefined {
  const value = headers['idempotency-key'];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && key.test(value)) return value;
  throw new Problem('malformedRequest', {
    detail: 'Idempotency-Key: 1 to 255 visible ASCII characters',
  });
}
